// How long the steps of a plan take.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "ranvier/session.h"
#include "tools/timing.h"

namespace ranvier::profile {

/// What can be said of some durations, in microseconds.
struct Spread {
  double least = 0;
  double median = 0;
  double p99 = 0;
};

/// The moments of one run: when each step began and, last, when the run ended. A step ends where the next begins.
using Moments = std::vector<std::chrono::steady_clock::time_point>;

struct Recording {
  std::vector<Spread> steps;  ///< By step of the plan, without what reading the clock takes.
  Spread timed;               ///< Runs with the clock read between steps.
  Spread untimed;             ///< Runs of the binding as they are; the mean of those of a sample, see tools::Timing.
  std::int64_t runs = 0;      ///< So many times was each step timed.
  double clock = 0;           ///< What reading the clock takes.
  std::vector<Moments> last;  ///< Of the last of those runs, at most most_runs_kept.
};

inline constexpr std::size_t most_runs_kept = 100;

/// Runs the binding for `seconds` after a tenth of that unmeasured, by turns with and without a clock, at least once
/// each. @throws Error where a run fails.
Recording record(Binding& binding, double seconds);

}  // namespace ranvier::profile
