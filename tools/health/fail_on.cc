#include "tools/health/fail_on.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "runtime/core/error.h"

namespace ranvier::health {
namespace {

using Comparison = Condition::Comparison;

struct Sign {
  std::string_view text;
  Comparison comparison;
};
constexpr Sign signs[] = {
    {">=", Comparison::at_least}, {"<=", Comparison::at_most}, {">", Comparison::greater}, {"<", Comparison::less}};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

[[noreturn]] void refuse(std::string_view condition) {
  std::vector<std::string_view> names;
  for (const Measure& measure : measures()) names.push_back(measure.name);
  fail(ErrorCode::invalid_argument,
       "'{}' is no condition; expected NAME, NAME>20%, NAME<0.5, >= or <=, several with commas between; the names are "
       "{}",
       condition, fmt::join(names, ", "));
}

/// "20%" or "0.2".
double parse_limit(std::string_view text, std::string_view condition) {
  const bool percent = text.ends_with('%');
  if (percent) text = trimmed(text.substr(0, text.size() - 1));
  double value = 0;
  const auto [after, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || after != text.data() + text.size() || !std::isfinite(value)) refuse(condition);
  return percent ? value / 100 : value;
}

Condition parse_condition(std::string_view text) {
  Condition condition = {.text = std::string(text)};
  std::string_view name = text;
  const std::size_t at = text.find_first_of("<>");
  if (at != std::string_view::npos) {
    const std::string_view rest = text.substr(at);
    const auto sign =
        std::find_if(std::begin(signs), std::end(signs), [&](const Sign& each) { return rest.starts_with(each.text); });
    condition.comparison = sign->comparison;
    condition.limit = parse_limit(trimmed(rest.substr(sign->text.size())), text);
    name = trimmed(text.substr(0, at));
  }
  for (const Measure& measure : measures())
    if (measure.name == name) condition.measure = &measure;
  if (condition.measure == nullptr) refuse(text);
  return condition;
}

}  // namespace

bool Condition::holds(double value) const {
  switch (comparison) {
    case Comparison::bad: return !measure->good(value);
    case Comparison::less: return value < limit;
    case Comparison::at_most: return value <= limit;
    case Comparison::greater: return value > limit;
    case Comparison::at_least: return value >= limit;
  }
  return false;
}

std::vector<Condition> parse_conditions(std::string_view text) {
  std::vector<Condition> conditions;
  while (true) {
    const std::size_t comma = text.find(',');
    conditions.push_back(parse_condition(trimmed(text.substr(0, comma))));
    if (comma == std::string_view::npos) return conditions;
    text.remove_prefix(comma + 1);
  }
}

std::vector<std::string> failures(const Report& report, const std::vector<Condition>& conditions) {
  std::vector<std::string> lines;
  for (const Condition& condition : conditions) {
    for (std::size_t i = 0; i < report.activations.size(); ++i) {
      const auto value = condition.measure->of(report, i);
      if (value && condition.holds(*value))
        lines.push_back(fmt::format("{}: {}: {}", condition.text, report.activations[i].activation.name,
                                    condition.measure->text(*value)));
    }
  }
  return lines;
}

}  // namespace ranvier::health
