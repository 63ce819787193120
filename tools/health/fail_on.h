// Conditions on which `ranvier health` fails.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/health/measures.h"

namespace ranvier::health {

/// "dead>20%": a measure beyond a limit; without a limit, "dead": where it is bad.
struct Condition {
  const Measure* measure = nullptr;
  std::string text;  ///< As given.
  enum class Comparison { bad, less, at_most, greater, at_least } comparison = Comparison::bad;
  double limit = 0;

  bool holds(double value) const;
};

/// Conditions separated by commas. @throws Error invalid_argument with what is wrong and what can be given.
std::vector<Condition> parse_conditions(std::string_view text);

/// One line for each activation of which a condition holds: "dead>20%: dense_1: 37.5 %".
std::vector<std::string> failures(const Report& report, const std::vector<Condition>& conditions);

}  // namespace ranvier::health
