#include "tools/docs/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ranvier::docs {
namespace {

using Function = std::function<double(double)>;

struct Point {
  double x;
  double y;
};
using Branch = std::vector<Point>;

struct Range {
  double low;
  double high;

  double length() const { return high - low; }
};

constexpr Range wide = {38, 428};  ///< The frame, in pixels.
constexpr Range tall = {28, 252};

constexpr double margin = 1e-4;  ///< How near to a jump the curves go.

/// The derivative, for functions that are smooth as far as `step` from x.
double slope(const Function& function, double x, double step) {
  return (function(x + step) - function(x - step)) / (2 * step);
}

/// Where `function` changes by more than `least` within `resolution`, in each cell of a grid that lies so that the
/// numbers at which activations have their corners are inside of cells.
void find_jumps(const Function& function, Range x, double resolution, double least, std::vector<double>& jumps) {
  constexpr int cells = 1000;
  const double cell = x.length() / cells;
  for (int i = 0; i < cells; ++i) {
    double low = x.low + (i + 0.37) * cell;
    double high = low + cell;
    while (high - low > resolution) {
      const double middle = (low + high) / 2;
      const double at_middle = function(middle);
      if (std::abs(at_middle - function(low)) > std::abs(function(high) - at_middle))
        high = middle;
      else
        low = middle;
    }
    if (std::abs(function(high) - function(low)) > least) jumps.push_back(std::round(low / margin) * margin);
  }
}

/// The parts of x in which the function and its derivative are continuous, without their ends.
std::vector<Range> smooth_parts(const Function& function, Range x) {
  std::vector<double> jumps;
  find_jumps(function, x, 1e-9, 1e-3, jumps);
  find_jumps([&](double at) { return slope(function, at, 1e-6); }, x, 1e-5, 5e-3, jumps);
  std::sort(jumps.begin(), jumps.end());
  std::vector<Range> parts;
  double from = x.low;
  for (const double jump : jumps) {
    if (jump < from) continue;
    parts.push_back({from, jump - margin});
    from = jump + margin;
  }
  parts.push_back({from, x.high});
  return parts;
}

/// Points at most `step` apart, one in the middle of the part: there the symmetric ones have their peaks.
Branch sample(const Function& function, Range part, double step) {
  const int count = 2 * std::max(1, static_cast<int>(std::ceil(part.length() / (2 * step))));
  Branch branch;
  for (int i = 0; i <= count; ++i) {
    const double x = part.low + part.length() * i / count;
    branch.push_back({x, function(x)});
  }
  return branch;
}

/// 1, 2 or 5 times a power of ten, four to ten of which are in the range.
double tick_step(Range range) {
  const double power = std::pow(10, std::floor(std::log10(range.length() / 4)));
  for (const double times : {5, 2})
    if (range.length() / (times * power) >= 4) return times * power;
  return power;
}

std::vector<double> ticks(Range range) {
  const double step = tick_step(range);
  std::vector<double> result;
  for (double i = std::ceil(range.low / step - 1e-9); i * step <= range.high + 1e-9; ++i) result.push_back(i * step);
  return result;
}

/// Few digits, and neither "-0" nor what is left of rounding errors.
std::string number(double x) {
  const double rounded = std::round(x * 1e4) / 1e4;
  return fmt::format("{:.5g}", rounded == 0 ? 0 : rounded);
}

/// Places in the frame. What lies half-way between two tenths must not depend on a last bit: a little is added.
struct Frame {
  Range x;
  Range y;

  double across(double at) const { return wide.low + (at - x.low) / x.length() * wide.length() + 1e-6; }
  double down(double at) const { return tall.high - (at - y.low) / y.length() * tall.length() + 1e-6; }

  /// The branches as one path, without the points that lie on a straight line.
  std::string path(const std::vector<Branch>& branches, std::string_view kind) const {
    std::string d;
    for (const Branch& branch : branches)
      for (std::size_t i = 0; i < branch.size(); ++i) {
        const auto row = [&](std::size_t j) { return down(branch[j].y); };
        const bool inner = i > 0 && i + 1 < branch.size();
        if (inner && std::abs(row(i - 1) - 2 * row(i) + row(i + 1)) < 1e-6) continue;
        d += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", across(branch[i].x), row(i));
      }
    return fmt::format("<path class=\"{}\" d=\"{}\"/>\n", kind, d);
  }
};

std::string line(double x1, double y1, double x2, double y2, std::string_view kind) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n", x1, y1, x2, y2,
                     kind);
}

std::string text(double x, double y, std::string_view anchor, std::string_view words) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, words);
}

/// Grid, the axes where they are in sight, and numbers along the frame.
std::string grid(const Frame& frame) {
  std::string result;
  for (const double x : ticks(frame.x)) {
    result += line(frame.across(x), tall.low, frame.across(x), tall.high, x == 0 ? "axis" : "grid");
    result += text(frame.across(x), tall.high + 15, "middle", number(x));
  }
  for (const double y : ticks(frame.y)) {
    result += line(wide.low, frame.down(y), wide.high, frame.down(y), y == 0 ? "axis" : "grid");
    result += text(wide.low - 6, frame.down(y) + 4, "end", number(y));
  }
  return result + text(wide.high, tall.high + 28, "end", "x");
}

std::string legend() {
  return line(wide.low + 4, 15, wide.low + 28, 15, "function") + text(wide.low + 34, 19, "start", "f(x)") +
         line(wide.low + 80, 15, wide.low + 104, 15, "derivative") + text(wide.low + 110, 19, "start", "f′(x)");
}

Range range_of(const std::vector<Branch>& first, const std::vector<Branch>& second) {
  Range range = {0, 0};
  for (const auto* branches : {&first, &second})
    for (const Branch& branch : *branches)
      for (const Point& point : branch) range = {std::min(range.low, point.y), std::max(range.high, point.y)};
  const double border = 0.06 * range.length();
  return {range.low - border, range.high + border};
}

constexpr std::string_view head =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 440 284\" width=\"440\" height=\"284\">\n";

constexpr std::string_view style =
    "<style>\n"
    "text { font: 11px sans-serif; fill: #767676 }\n"
    "line, path { fill: none; stroke-linejoin: round }\n"
    ".grid { stroke: #808080; stroke-opacity: 0.25 }\n"
    ".axis { stroke: #808080; stroke-opacity: 0.9 }\n"
    ".function { stroke: #1f83e0; stroke-width: 2.4 }\n"
    ".derivative { stroke: #e0702a; stroke-width: 1.8; stroke-dasharray: 6 3 }\n"
    "</style>\n";

}  // namespace

std::string svg(const Plot& plot) {
  const Range x = {plot.from, plot.to};
  const double step = 2 * x.length() / wide.length();  // two pixels
  const auto derivative = [&](double at) { return slope(plot.function, at, margin / 10); };
  std::vector<Branch> values, slopes;
  for (const Range& part : smooth_parts(plot.function, x)) {
    values.push_back(sample(plot.function, part, step));
    slopes.push_back(sample(derivative, part, step));
  }
  const Frame frame = {x, range_of(values, slopes)};
  const std::string title = fmt::format("<title>{}</title>\n", plot.title);
  // The derivative lies above the function: both are seen where they coincide.
  return std::string(head) + title + std::string(style) + grid(frame) + frame.path(values, "function") +
         frame.path(slopes, "derivative") + legend() + "</svg>\n";
}

std::string gradient_at_zero(const Function& function) {
  const auto one_sided = [&](double step) {
    return number((4 * function(step) - 3 * function(0) - function(2 * step)) / (2 * step));
  };
  const std::string left = one_sided(-1e-4), right = one_sided(1e-4);
  return left == right ? right : fmt::format("{} from the left, {} from the right", left, right);
}

}  // namespace ranvier::docs
