#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/health/measures.h"
#include "tools/health/writers.h"

namespace ranvier::health {
namespace {

constexpr std::size_t columns = 13;
constexpr std::size_t left_columns = 3;  ///< So many are words, the others numbers.
using Row = std::array<std::string, columns>;

/// The histogram in 16 characters of eight heights.
std::string sparkline(const Histogram& histogram) {
  constexpr std::array<std::string_view, 9> heights = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::size_t width = 16;
  const std::vector<std::int64_t> counts = histogram.bins().counts;
  std::array<std::int64_t, width> joined = {};
  for (std::size_t i = 0; i < counts.size(); ++i) joined[i * width / counts.size()] += counts[i];
  const std::int64_t most = *std::max_element(joined.begin(), joined.end());
  std::string text;
  for (const std::int64_t count : joined) {
    const double part = most == 0 ? 0 : static_cast<double>(count) / static_cast<double>(most);
    text += heights[count == 0 ? 0 : 1 + static_cast<std::size_t>(part * 7)];
  }
  return text;
}

std::string percent_unless_none(std::int64_t count, double share) { return count == 0 ? "-" : percent_text(share); }

std::string units_text(const Statistics& seen, const std::vector<std::int64_t>& units) {
  return seen.units().count() == 0 ? "" : units.empty() ? "-" : std::to_string(units.size());
}

Row row_of(const Observation& observation) {
  const Statistics& seen = observation.statistics;
  Row row = {observation.activation.name, observation.activation.function, to_string(observation.shape),
             std::to_string(seen.elements())};
  const auto share = [&](std::int64_t count) { return percent_unless_none(count, seen.share(count)); };
  if (seen.moments().count > 0) {
    row[4] = number_text(seen.moments().mean);
    row[5] = number_text(seen.moments().deviation());
    row[6] = number_text(seen.minimum());
    row[7] = number_text(seen.maximum());
  }
  row[8] = share(seen.zeros());
  if (observation.activation.kind->steep != nullptr) row[9] = share(seen.flat());
  row[10] = units_text(seen, seen.units().never_on());
  row[11] = units_text(seen, seen.units().always_on());
  row[12] = share(seen.nan() + seen.infinite());
  return row;
}

std::size_t width_of(const std::string& text) {  // of UTF-8: bytes that go on are no characters
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xc0') != '\x80'; }));
}

std::string table(const Report& report) {
  std::vector<Row> rows = {{"Activation", "Function", "Shape", "Elements", "Mean", "Std", "Min", "Max", "Zeros", "Flat",
                            "Never on", "Always on", "NaN, inf"}};
  for (const Observation& each : report.activations) rows.push_back(row_of(each));
  std::array<std::size_t, columns> widths = {};
  for (std::size_t i = 0; i < columns; ++i) {
    const bool empty = std::all_of(rows.begin() + 1, rows.end(), [&](const Row& row) { return row[i].empty(); });
    if (empty) continue;  // nobody has what it is about
    for (const Row& row : rows) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t i = 0; i < columns; ++i) {
      if (widths[i] == 0) continue;
      const std::string blanks(widths[i] - width_of(rows[r][i]), ' ');
      text += i < left_columns ? rows[r][i] + blanks + "  " : blanks + rows[r][i] + "  ";
    }
    text += r == 0 ? "Histogram without zeros\n"
                   : "|" + sparkline(report.activations[r - 1].statistics.histogram()) + "|\n";
  }
  return text + '\n';
}

/// What the table has no room for: units by index, softmax' certainty.
std::string details(const Observation& observation) {
  constexpr std::size_t most = 16;
  const Statistics& seen = observation.statistics;
  std::string text;
  const auto line = [&](std::string_view what) { text += fmt::format("{}: {}\n", observation.activation.name, what); };
  const auto units = [&](std::string_view what, const std::vector<std::int64_t>& found) {
    if (!found.empty())
      line(fmt::format("{} {} of {} units: {}", what, found.size(), seen.units().count(), list_text(found, most)));
  };
  units("never on", seen.units().never_on());
  if (seen.units().always_on().size() < static_cast<std::size_t>(seen.units().count()))
    units("always on", seen.units().always_on());
  if (observation.activation.channels_first && seen.units().count() > 0)
    line("units are counted on axis 1, where a convolution has its channels");
  if (seen.units().changing()) line("the number of units changes from run to run: none is followed");
  if (seen.certainty().rows > 0)
    line(fmt::format(
        "mean entropy {} of that of equal classes; one class has more than 0.999 in {} of the rows",
        percent_text(seen.certainty().mean_entropy()),
        percent_text(static_cast<double>(seen.certainty().certain) / static_cast<double>(seen.certainty().rows))));
  return text;
}

std::string signal_text(const Report& report) {
  const Signal whole = signal(report);
  if (!whole.ratio()) return "";
  const auto name = [&](const Signal::Point& point) { return report.activations[point.activation].activation.name; };
  const Signal::Point& first = whole.points.front();
  const Signal::Point& last = whole.points.back();
  return fmt::format("signal: the standard deviation goes from {} ({}) to {} ({}), by a factor of {}\n",
                     number_text(first.deviation), name(first), number_text(last.deviation), name(last),
                     number_text(*whole.ratio()));
}

}  // namespace

std::string text_of(const Report& report) {
  std::string text = fmt::format("{} on {}: {} rows, {} activations\n\n", report.model, report.data, report.rows,
                                 report.activations.size() + report.unseen.size());
  if (!report.activations.empty()) text += table(report);
  for (const Observation& each : report.activations) text += details(each);
  for (const std::string& name : report.unseen) text += name + ": not seen: inside a subgraph\n";
  text += signal_text(report);
  if (const std::string words = caution(report); !words.empty()) text += words + '\n';
  const std::vector<Finding> bad = findings(report);
  if (!bad.empty() && !text.ends_with("\n\n")) text += '\n';
  text += bad.empty() ? "nothing bad was found\n" : "What is bad:\n";
  for (const std::vector<Finding>& group : by_remedy(bad)) {
    for (const Finding& each : group)
      text += fmt::format("{}: {}: {}\n", each.measure->name, report.activations[each.activation].activation.name,
                          each.fact);
    text += fmt::format("  {}\n", group[0].remedy);
  }
  return text;
}

}  // namespace ranvier::health
