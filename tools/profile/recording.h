// How long the steps of a plan take.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "ranvier/session.h"
#include "tools/timing.h"

namespace ranvier::profile {

/// Durations in microseconds. They are those of samples: a sample is the mean of a group of runs, see tools::Timing. A
/// clock that ticks every ten nanoseconds, as some do, tells fractions of a tick by their mean.
struct Spread {
  double least = 0;
  double median = 0;
  double p99 = 0;
};

/// The moments of one run: when each step began and, last, when the run ended. A step ends where the next begins.
using Moments = std::vector<std::chrono::steady_clock::time_point>;

struct Recording {
  std::vector<Spread> steps;  ///< By call of the plan's execution, without what reading the clock takes.
  Spread timed;               ///< Runs with the clock read between steps.
  Spread untimed;             ///< Runs of the binding as they are.
  std::int64_t runs = 0;      ///< So many times was each step timed.
  std::int64_t group = 1;     ///< So many of them are a sample.
  double clock = 0;           ///< What reading the clock takes.
  std::vector<Moments> last;  ///< Of the last of those runs, at most most_runs_kept.
};

inline constexpr std::size_t most_runs_kept = 100;

/// Runs the binding for `seconds` after a tenth of that unmeasured, by turns with and without a clock, at least once
/// each. @throws Error where a run fails.
Recording record(Binding& binding, double seconds);

}  // namespace ranvier::profile
