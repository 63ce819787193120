// What `ranvier profile` found out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/profile/peak.h"
#include "tools/profile/recording.h"
#include "tools/profile/work.h"

namespace ranvier::profile {

struct Report {
  std::string model;
  std::vector<std::pair<std::string, Shape>> inputs;
  int threads = 1;
  Peak peak;
  PlanWork work;
  Recording recording;  ///< Of the steps of `work`.
};

/// A step beside the others and beside what the machine can do, by its median.
struct Rating {
  double share = 0;               ///< Of the sum of all steps' medians.
  double flops = 0;               ///< In a second.
  double bandwidth = 0;           ///< Bytes in a second.
  double share_of_flops = 0;      ///< Of the peak's.
  double share_of_bandwidth = 0;  ///< Of the peak's.

  /// Which of the two peaks a step is nearer to: it cannot become faster than that allows.
  bool computes() const { return share_of_flops >= share_of_bandwidth; }
  std::string_view limit() const { return computes() ? "compute" : "memory"; }
  double share_of_limit() const { return computes() ? share_of_flops : share_of_bandwidth; }
};

/// The sum of the steps' medians, in microseconds.
double sum_of_steps(const Report& report);

/// By step.
std::vector<Rating> ratings(const Report& report);

}  // namespace ranvier::profile
