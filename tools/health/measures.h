// What can be bad about an activation, and from where on it is.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tools/health/report.h"

namespace ranvier::health {

/// A row of the table of measures.
struct Measure {
  std::string_view name;     ///< As --fail-on has it.
  std::string_view meaning;  ///< For --help.
  /// It is good from `least` to `most`.
  double least = 0;
  double most = 0;
  bool share = false;     ///< Written in per cent.
  bool of_units = false;  ///< Says little where a unit has been seen only a few times.
  /// Of one activation of a report; nothing where it does not apply to it.
  std::optional<double> (*of)(const Report& report, std::size_t activation) = nullptr;
  /// The number in a sentence.
  std::string (*fact)(const Observation& observation, double value) = nullptr;
  /// What a number above `most`, or below `least`, means and what to do about it.
  std::string_view above = {};
  std::string_view below = {};

  bool good(double value) const { return value >= least && value <= most; }
  std::string text(double value) const;
};

std::span<const Measure> measures();

/// How often each unit has to be seen before advice on units is given.
inline constexpr std::int64_t enough_values = 30;

/// A bad number.
struct Finding {
  const Measure* measure = nullptr;
  std::size_t activation = 0;
  double value = 0;
  std::string fact;
  std::string_view remedy;
};

/// All of them, activation by activation in the order of the table.
std::vector<Finding> findings(const Report& report);

/// What findings() cannot tell, in a sentence; empty where it can tell everything.
std::string caution(const Report& report);

/// Those with the same remedy together.
std::vector<std::vector<Finding>> by_remedy(const std::vector<Finding>& findings);

/// The measures with their limits, a line for each.
std::string measures_help();

}  // namespace ranvier::health
