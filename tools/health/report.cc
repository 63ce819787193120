#include "tools/health/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ranvier::health {

Signal signal(const Report& report) {
  Signal result;
  for (std::size_t i = 0; i < report.activations.size(); ++i) {
    const Observation& each = report.activations[i];
    const Moments& moments = each.statistics.moments();
    const bool finite = moments.count > 0 && std::isfinite(moments.mean) && std::isfinite(moments.deviation());
    if (each.activation.kind->classes == Classes::none && finite)
      result.points.push_back({i, moments.mean, moments.deviation()});
  }
  return result;
}

std::optional<double> Signal::ratio() const {
  if (points.size() < 2 || points.front().deviation == 0) return std::nullopt;
  return points.back().deviation / points.front().deviation;
}

std::string list_text(const std::vector<std::int64_t>& numbers, std::size_t most) {
  const auto end = numbers.begin() + static_cast<std::ptrdiff_t>(std::min(most, numbers.size()));
  std::string text = fmt::format("{}", fmt::join(numbers.begin(), end, ", "));
  if (numbers.size() > most) text += fmt::format(" and {} more", numbers.size() - most);
  return text;
}

std::string percent_text(double share) {
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  if (share > 0.9995 && share < 1) return "> 99.9 %";
  return fmt::format("{:.1f} %", 100 * share);
}

std::string number_text(double number) { return fmt::format("{:.4g}", number); }

}  // namespace ranvier::health
