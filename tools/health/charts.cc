#include "tools/health/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace ranvier::health {
namespace {

/// From numbers to places: `low` lies at `from`, `high` at `to`.
struct Scale {
  double low;
  double high;
  double from;
  double to;

  double operator()(double x) const { return from + (x - low) / (high - low) * (to - from); }
};

/// Round numbers for an axis, three to seven of them.
std::vector<double> ticks(double low, double high) {
  const double power = std::pow(10, std::floor(std::log10((high - low) / 4)));
  double step = power;
  for (const double times : {2, 5, 10})
    if ((high - low) / step > 6) step = times * power;
  std::vector<double> result;
  for (double i = std::ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; ++i) result.push_back(i * step);
  return result;
}

std::string label(double x) { return fmt::format("{:.4g}", x == 0 ? 0 : x); }

std::string text(double x, double y, std::string_view anchor, std::string_view words) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, words);
}

std::string line(double x1, double y1, double x2, double y2, std::string_view kind) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n", x1, y1, x2, y2,
                     kind);
}

std::string rectangle(double x, double y, double width, double height, std::string_view kind,
                      std::string_view title = {}) {
  const std::string inner = title.empty() ? "" : fmt::format("<title>{}</title>", title);
  return fmt::format("<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" class=\"{}\">{}</rect>\n", x,
                     y, width, height, kind, inner);
}

std::string svg_head(double width, double height, std::string_view name) {
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", width, height, name);
}

// Of a histogram.
constexpr double histogram_width = 360;
constexpr double plot_top = 20;
constexpr double plot_bottom = 122;

/// The parts of the axis on which the activation is flat.
std::string flat_parts(const Steep& steep, const Scale& across) {
  const auto shade = [&](double low, double high) {
    const double from = across(std::max(low, across.low));
    const double to = across(std::min(high, across.high));
    return from < to ? rectangle(from, plot_top, to - from, plot_bottom - plot_top, "flat", "the flat part") : "";
  };
  return shade(across.low, steep.low) + shade(steep.high, across.high);
}

// Of the chart from layer to layer.
constexpr double chart_width = 960;
constexpr double chart_left = 62;
constexpr double chart_right = 940;
constexpr Scale mean_place = {0, 0, 150, 28};
constexpr Scale deviation_place = {0, 0, 330, 208};
constexpr double chart_height = 366;

class SignalChart {
 public:
  SignalChart(const Report& report, const std::vector<bool>& marked)
      : report_(report), marked_(marked), points_(signal(report).points) {}

  std::string svg() const {
    if (points_.empty()) return "";
    return svg_head(chart_width, chart_height, "mean and standard deviation from layer to layer") + means() +
           deviations() + names() + "</svg>\n";
  }

 private:
  double across(std::size_t i) const {
    const double slot = (chart_right - chart_left) / static_cast<double>(points_.size());
    return chart_left + (static_cast<double>(i) + 0.5) * slot;
  }

  std::string dot(std::size_t i, double y) const {
    const Observation& seen = report_.activations[points_[i].activation];
    return fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" class=\"{}\"><title>{}: mean {}, standard deviation {}</title>"
        "</circle>\n",
        across(i), y, points_.size() > 40 ? 3 : 4, marked_[points_[i].activation] ? "dot bad" : "dot",
        escaped(seen.activation.name), number_text(points_[i].mean), number_text(points_[i].deviation));
  }

  std::string grid(double y, std::string_view words) const {
    return line(chart_left, y, chart_right, y, "grid") + text(chart_left - 8, y + 4, "end", words);
  }

  std::string means() const {
    Scale down = mean_place;
    for (const Signal::Point& point : points_) {
      down.low = std::min(down.low, point.mean - point.deviation);
      down.high = std::max(down.high, point.mean + point.deviation);
    }
    if (down.low == down.high) down.high = 1;
    std::string result = text(chart_left, 16, "start", "mean, and one standard deviation to either side");
    for (const double tick : ticks(down.low, down.high)) result += grid(down(tick), label(tick));
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const auto& [activation, mean, deviation] = points_[i];
      result += line(across(i), down(mean - deviation), across(i), down(mean + deviation), "spread");
      result += dot(i, down(mean));
    }
    return result;
  }

  /// On a logarithmic scale, for that is how a signal fades and grows. A deviation of 0 has no place on it.
  std::string deviations() const {
    Scale down = deviation_place;
    down.low = std::numeric_limits<double>::infinity();
    down.high = -down.low;
    for (const Signal::Point& point : points_) {
      if (point.deviation == 0) continue;
      down.low = std::min(down.low, std::floor(std::log10(point.deviation)));
      down.high = std::max(down.high, std::ceil(std::log10(point.deviation)));
    }
    std::string result = text(chart_left, 196, "start", "standard deviation, on a logarithmic scale");
    if (down.low > down.high) return result;
    if (down.low == down.high) ++down.high;
    const double step = std::ceil((down.high - down.low) / 6);
    for (double power = down.low; power <= down.high; power += step)
      result += grid(down(power), label(std::pow(10, power)));
    std::string path;
    std::string dots;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (points_[i].deviation == 0) continue;
      const double y = down(std::log10(points_[i].deviation));
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", across(i), y);
      dots += dot(i, y);
    }
    return result + fmt::format("<path class=\"course\" d=\"{}\"/>\n", path) + dots;
  }

  /// The numbers along the axis, and the names where they have room.
  std::string names() const {
    const std::size_t room = 104 / points_.size();  // characters, at most
    const std::size_t every = 1 + points_.size() / 45;
    std::string result;
    for (std::size_t i = 0; i < points_.size(); i += every) {
      result += text(across(i), 350, "middle", std::to_string(points_[i].activation + 1));
      const std::string& name = report_.activations[points_[i].activation].activation.name;
      if (room >= 12) {
        const bool whole = name.size() <= room;
        result += text(across(i), 364, "middle", escaped(whole ? name : "…" + name.substr(name.size() - room)));
      }
    }
    return result;
  }

  const Report& report_;
  const std::vector<bool>& marked_;
  std::vector<Signal::Point> points_;
};

}  // namespace

std::string escaped(std::string_view given) {
  // Whatever is no UTF-8 is replaced by way of JSON.
  using nlohmann::json;
  const std::string utf8 = json::parse(json(given).dump(-1, ' ', false, json::error_handler_t::replace));
  std::string result;
  for (const char c : utf8) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += static_cast<unsigned char>(c) < ' ' ? "\uFFFD" : std::string(1, c);
    }
  }
  return result;
}

std::string histogram_svg(const Observation& observation) {
  const Statistics& seen = observation.statistics;
  const Histogram::Bins bins = seen.histogram().bins();
  std::string result = svg_head(histogram_width, 150, "histogram");
  if (bins.counts.empty())
    return result + text(histogram_width / 2, 75, "middle", "no values other than 0") + "</svg>\n";
  const Scale across = {bins.from, bins.to, 6, histogram_width - 6};
  const std::int64_t most = *std::max_element(bins.counts.begin(), bins.counts.end());
  const Scale down = {0, static_cast<double>(most), plot_bottom, plot_top};
  const double width = (across.to - across.from) / static_cast<double>(bins.counts.size());
  const double numbers = (bins.to - bins.from) / static_cast<double>(bins.counts.size());
  result += flat_parts(observation.activation.focus.steep, across);
  result += line(across.from, plot_top, across.to, plot_top, "grid");
  result += text(across.from, plot_top - 6, "start", fmt::format("{} values in the highest bar", most));
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    if (bins.counts[i] == 0) continue;
    const double height = std::max(plot_bottom - down(static_cast<double>(bins.counts[i])), 1.0);
    const double low = bins.from + static_cast<double>(i) * numbers;
    result += rectangle(across.from + static_cast<double>(i) * width, plot_bottom - height, std::max(width - 0.6, 0.6),
                        height, "bar", fmt::format("{} to {}: {}", label(low), label(low + numbers), bins.counts[i]));
  }
  result += line(across.from, plot_bottom, across.to, plot_bottom, "axis");
  for (const double tick : ticks(bins.from, bins.to)) {
    const double x = across(tick);
    const std::string_view anchor = x < 20 ? "start" : x > histogram_width - 20 ? "end" : "middle";
    result += line(x, plot_bottom, x, plot_bottom + 4, "axis") + text(x, plot_bottom + 17, anchor, label(tick));
  }
  const double mean = std::clamp(across(seen.moments().mean), across.from, across.to);
  result += line(mean, plot_top, mean, plot_bottom, "mean");
  return result + "</svg>\n";
}

std::string units_svg(const Units& units) {
  constexpr double width = 348;
  constexpr double height = 12;
  constexpr std::int64_t most_cells = 696;
  enum State { usual, always_on, never_on, dead };  // the worst last
  const std::int64_t count = units.count();
  const std::int64_t cells = std::min(count, most_cells);
  std::vector<State> states(static_cast<std::size_t>(cells), usual);
  const auto mark = [&](const std::vector<std::int64_t>& which, State state) {
    for (const std::int64_t i : which) states[static_cast<std::size_t>(i * cells / count)] = state;
  };
  mark(units.always_on(), always_on);
  mark(units.never_on(), never_on);
  mark(units.dead(), dead);
  constexpr std::string_view names[] = {"usual", "always-on", "never-on", "dead"};
  constexpr std::string_view titles[] = {"on and off", "always on", "never on", "dead"};
  const double each = width / static_cast<double>(cells);
  const double gap = each > 4 ? 1 : 0;
  std::string result = svg_head(width, height, "units");
  if (gap == 0) result += rectangle(0, 0, width, height, "usual");
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    const State state = states[static_cast<std::size_t>(cell)];
    if (state == usual && gap == 0) continue;
    const std::string title =
        cells == count ? fmt::format("unit {}: {}", cell, titles[state]) : std::string(titles[state]);
    result += rectangle(static_cast<double>(cell) * each, 0, each - gap, height, names[state], title);
  }
  return result + "</svg>\n";
}

std::string signal_svg(const Report& report, const std::vector<bool>& marked) {
  return SignalChart(report, marked).svg();
}

}  // namespace ranvier::health
