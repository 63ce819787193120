#include <fmt/format.h>

#include <algorithm>

#include "tools/health/charts.h"
#include "tools/health/measures.h"
#include "tools/health/page_style.h"
#include "tools/health/writers.h"

namespace ranvier::health {
namespace {

/// "72.7 k" for 72,720.
std::string count_text(std::int64_t count) {
  const auto number = static_cast<double>(count);
  if (count < 10'000) return std::to_string(count);
  if (count < 1'000'000) return fmt::format("{:.1f} k", number / 1e3);
  if (count < 1'000'000'000) return fmt::format("{:.1f} M", number / 1e6);
  return fmt::format("{:.1f} G", number / 1e9);
}

/// A report and what is bad in it.
class Page {
 public:
  explicit Page(const Report& report)
      : report_(report), findings_(findings(report)), marked_(report.activations.size()) {
    for (const Finding& each : findings_) marked_[each.activation] = true;
  }

  std::string html() const {
    std::string cards;
    for (std::size_t i = 0; i < report_.activations.size(); ++i) cards += card(i);
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<title>Health of {0}</title>\n<style>\n{1}</style>\n</head>\n<body>\n<main>\n"
        "<header>\n<p class=\"kicker\">ranvier health</p>\n<h1>{0}</h1>\n<p class=\"sub\">on {2}</p>\n</header>\n"
        "{3}{4}{5}{6}<h2>Each activation</h2>\n<div class=\"cards\">\n{7}</div>\n</main>\n</body>\n</html>\n",
        escaped(report_.model), page_style, escaped(report_.data), tiles(), advice(), course(), table(), cards);
  }

 private:
  bool bad(std::size_t activation, std::string_view measure) const {
    return std::any_of(findings_.begin(), findings_.end(), [&](const Finding& each) {
      return each.activation == activation && each.measure->name == measure;
    });
  }

  static std::string tile(std::string_view label, std::string_view number, bool bad = false) {
    return fmt::format("<div class=\"tile{}\"><b>{}</b><span>{}</span></div>\n", bad ? " bad" : "", number, label);
  }

  std::string tiles() const {
    std::int64_t elements = 0, units = 0, dead = 0, broken = 0;
    for (const Observation& each : report_.activations) {
      elements += each.statistics.elements();
      units += each.statistics.units().count();
      dead += static_cast<std::int64_t>(each.statistics.units().dead().size());
      broken += each.statistics.nan() + each.statistics.infinite();
    }
    return "<div class=\"tiles\">\n" + tile("rows", count_text(report_.rows)) +
           tile("activations", std::to_string(report_.activations.size())) + tile("values", count_text(elements)) +
           tile(fmt::format("dead of {} units", count_text(units)), count_text(dead), any_bad("dead")) +
           tile("NaN or infinite", count_text(broken), broken > 0) +
           tile("findings", std::to_string(findings_.size()), !findings_.empty()) + "</div>\n";
  }

  bool any_bad(std::string_view measure) const {
    for (std::size_t i = 0; i < report_.activations.size(); ++i)
      if (bad(i, measure)) return true;
    return false;
  }

  std::string link(std::size_t activation) const {
    return fmt::format("<a href=\"#a{}\">{}</a>", activation + 1,
                       escaped(report_.activations[activation].activation.name));
  }

  std::string advice() const {
    const std::string words = caution(report_);
    const std::string warning = words.empty() ? "" : fmt::format("<p class=\"caution\">{}</p>\n", words);
    if (findings_.empty()) return warning + "<p class=\"fine\">Nothing bad was found.</p>\n";
    std::string items;
    for (const std::vector<Finding>& group : by_remedy(findings_)) {
      std::string where;
      for (const Finding& each : group)
        where += fmt::format("<span class=\"where\">{} <span class=\"tag bad\">{}</span></span>\n",
                             link(each.activation), escaped(each.measure->text(each.value)));
      items += fmt::format("<li><p><b>{}</b>: {}</p>\n<p>{}</p>\n{}</li>\n", group[0].measure->name,
                           escaped(group[0].measure->meaning), escaped(group[0].remedy), where);
    }
    return warning + "<h2>What is bad</h2>\n<ul class=\"findings\">\n" + items + "</ul>\n";
  }

  std::string course() const {
    const std::string svg = signal_svg(report_, marked_);
    if (svg.empty()) return "";
    const auto ratio = signal(report_).ratio();
    const std::string words =
        ratio ? fmt::format(
                    "From the first to the last activation the standard deviation changes by a factor of {}. "
                    "Softmax and its like are left out.",
                    number_text(*ratio))
              : "Softmax and its like are left out.";
    return fmt::format(
        "<h2>From layer to layer</h2>\n<figure class=\"panel scroll\">\n{}<figcaption>{}</figcaption>\n</figure>\n",
        svg, words);
  }

  std::string table() const {
    std::string rows;
    for (std::size_t i = 0; i < report_.activations.size(); ++i) rows += row(i);
    for (const std::string& name : report_.unseen)
      rows += fmt::format("<tr><td></td><td>{}</td><td colspan=\"12\">not seen: inside a subgraph</td></tr>\n",
                          escaped(name));
    std::string heads;
    for (const char* name : {"", "Activation", "Function", "Shape", "Values", "Mean", "Std", "Min", "Max", "Zeros",
                             "Flat", "Dead", "Always on", "NaN, inf"})
      heads += fmt::format("<th>{}</th>", name);
    return fmt::format(
        "<h2>Summary</h2>\n<div class=\"panel scroll\">\n<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n"
        "</table>\n</div>\n",
        heads, rows);
  }

  std::string row(std::size_t i) const {
    const Observation& each = report_.activations[i];
    const Statistics& seen = each.statistics;
    std::string cells;
    const auto cell = [&](std::string_view text, bool is_bad = false) {
      cells += fmt::format("<td{}>{}</td>", is_bad ? " class=\"bad\"" : "", escaped(text));
    };
    const auto share = [&](std::int64_t count) { return count == 0 ? "–" : percent_text(seen.share(count)); };
    const auto number = [&](double value) { return seen.moments().count == 0 ? "" : number_text(value); };
    const auto units = [&](std::size_t count) {
      return seen.units().count() == 0 ? "" : count == 0 ? "–" : fmt::format("{} of {}", count, seen.units().count());
    };
    cell(each.activation.function);
    cell(to_string(each.shape));
    cell(count_text(seen.elements()));
    cell(number(seen.moments().mean), bad(i, "drift"));
    cell(number(seen.moments().deviation()), bad(i, "drift") || bad(i, "step") || bad(i, "ratio"));
    cell(number(seen.minimum()));
    cell(number(seen.maximum()));
    cell(share(seen.zeros()), bad(i, "zeros"));
    cell(each.activation.kind->steep == nullptr ? "" : share(seen.flat()), bad(i, "flat"));
    cell(units(seen.units().dead().size()), bad(i, "dead"));
    cell(units(seen.units().always_on().size()), bad(i, "always_on"));
    cell(share(seen.nan() + seen.infinite()), bad(i, "nan") || bad(i, "inf"));
    return fmt::format("<tr><td>{}</td><td>{}</td>{}</tr>\n", i + 1, link(i), cells);
  }

  static std::string meter(std::string_view label, double share, bool is_bad) {
    return fmt::format(
        "<div class=\"meter{}\"><span>{}</span><i><i style=\"width:{:.2f}%\"></i></i><span>{}</span></div>\n",
        is_bad ? " bad" : "", label, 100 * share, escaped(percent_text(share)));
  }

  std::string meters(std::size_t i) const {
    const Observation& each = report_.activations[i];
    const Statistics& seen = each.statistics;
    std::string result = meter("exact zeros", seen.share(seen.zeros()), bad(i, "zeros"));
    if (each.activation.kind->steep != nullptr)
      result += meter(fmt::format("flat: {}", each.activation.kind->flat), seen.share(seen.flat()), bad(i, "flat"));
    const Certainty& certainty = seen.certainty();
    if (certainty.rows > 0) {
      result += meter("mean entropy", certainty.mean_entropy(), bad(i, "entropy"));
      result += meter("rows with a class above 0.999",
                      static_cast<double>(certainty.certain) / static_cast<double>(certainty.rows), bad(i, "certain"));
    }
    return result;
  }

  static std::string units(const Observation& observation) {
    const Units& units = observation.statistics.units();
    if (units.changing()) return "<p class=\"units\">The number of units changes from run to run.</p>\n";
    if (units.count() == 0) return "";
    std::string words;
    const auto add = [&](std::string_view kind, std::string_view what, const std::vector<std::int64_t>& which) {
      if (!which.empty())
        words += fmt::format("<br/><i class=\"key {}\"></i> {} {}: {}", kind, which.size(), what, list_text(which, 12));
    };
    const std::vector<std::int64_t> dead = units.dead();
    std::vector<std::int64_t> never_on = units.never_on();
    std::erase_if(never_on, [&](std::int64_t i) { return std::binary_search(dead.begin(), dead.end(), i); });
    add("dead", "dead", dead);
    add("never-on", "never on", never_on);
    add("always-on", "always on", units.always_on());
    return fmt::format("<div class=\"units\">{}<p>{} units{}{}</p></div>\n", units_svg(units), units.count(),
                       observation.activation.channels_first ? ", on axis 1: channels" : "", words);
  }

  std::string card(std::size_t i) const {
    const Observation& each = report_.activations[i];
    const Statistics& seen = each.statistics;
    std::string facts;
    if (seen.moments().count > 0)
      facts = fmt::format("mean {}, standard deviation {}, from {} to {}", number_text(seen.moments().mean),
                          number_text(seen.moments().deviation()), number_text(seen.minimum()),
                          number_text(seen.maximum()));
    for (const auto& [count, what] : {std::pair(seen.nan(), "NaN"), std::pair(seen.infinite(), "infinite")})
      if (count > 0) facts += fmt::format(" <span class=\"tag bad\">{} {}</span>", count_text(count), what);
    std::string advice;
    for (const Finding& finding : findings_)
      if (finding.activation == i)
        advice +=
            fmt::format("<p class=\"advice\">{}</p>\n", escaped(fmt::format("{} {}", finding.fact, finding.remedy)));
    return fmt::format(
        "<article class=\"panel card\" id=\"a{}\">\n<h3><span class=\"number\">{}</span> {}</h3>\n"
        "<p><span class=\"tag\">{}</span> <span class=\"tag\">{}</span></p>\n{}<p class=\"facts\">{}</p>\n{}{}{}"
        "</article>\n",
        i + 1, i + 1, escaped(each.activation.name), escaped(each.activation.function), escaped(to_string(each.shape)),
        histogram_svg(each), facts, meters(i), units(each), advice);
  }

  const Report& report_;
  std::vector<Finding> findings_;
  std::vector<bool> marked_;  ///< By activation: whether it has a finding.
};

}  // namespace

std::string html_of(const Report& report) { return Page(report).html(); }

}  // namespace ranvier::health
