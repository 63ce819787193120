// How long something takes that may take less than reading the clock.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ranvier::tools {

/// The times of one call, in microseconds. They are those of samples: a sample is the mean of `group` calls.
struct Timing {
  double least = 0;
  double median = 0;
  double p99 = 0;  ///< 99 of 100 samples took no longer.
  std::int64_t calls = 0;
  std::int64_t group = 1;
};

/// Samples last at least this many microseconds, where a clock that costs 30 ns is lost in the noise.
inline constexpr double shortest_sample = 20;

/// Calls for so many microseconds what `repeat(n)` does n times, in growing groups, and at least once; returns how many
/// one takes at best.
double warm_up(const std::function<void(std::int64_t)>& repeat, double duration);

/// Times what `repeat(n)` does n times: for a tenth of `seconds` unmeasured, then for `seconds`, and at least once
/// each.
Timing measure(const std::function<void(std::int64_t)>& repeat, double seconds);

/// The smallest of the values that `part` (0 to 1) of them do not exceed; there is at least one, and they are sorted.
double percentile(const std::vector<double>& sorted, double part);

/// Microseconds in the unit that suits: "1.50 ms".
std::string duration_text(double microseconds);

}  // namespace ranvier::tools
