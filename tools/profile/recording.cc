#include "tools/profile/recording.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "runtime/executor/binding_parts.h"

namespace ranvier::profile {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_moments = std::size_t{1} << 21;  // in memory: 16 MB
constexpr double finest = 1e-3;                             // no step is shown to take less

double microseconds(Clock::duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

void run_untimed(Binding& binding, std::int64_t times) {
  for (std::int64_t i = 0; i < times; ++i)
    if (!binding.run()) throw *binding.error();
}

/// Writes steps + 1 moments; returns where the next run's go.
Clock::time_point* run_timed(const executor::Execution& execution, std::size_t steps, Clock::time_point* moment) {
  *moment++ = Clock::now();
  for (std::size_t step = 0; step < steps; ++step) {
    execution.call(step);
    *moment++ = Clock::now();
  }
  return moment;
}

double clock_duration() {
  constexpr int readings = 1000, rounds = 10;
  double least = 0;
  for (int round = 0; round < rounds; ++round) {
    const Clock::time_point begin = Clock::now();
    Clock::time_point end = begin;
    for (int i = 0; i < readings; ++i) end = Clock::now();
    const double took = microseconds(end - begin) / readings;
    if (round == 0 || took < least) least = took;
  }
  return least;
}

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values.front(), tools::percentile(values, 0.5), tools::percentile(values, 0.99)};
}

/// What is done by turns.
struct Turn {
  std::int64_t timed = 1;
  std::int64_t untimed = 1;
};

/// How many turns there are room and time for, where a run takes `run` of `duration` microseconds. A turn's untimed
/// runs last long enough to be timed, and in small models longer than the others: those would fill the memory.
std::pair<std::int64_t, Turn> turns_for(double run, double duration, std::size_t moments_of_run) {
  const auto most_runs = static_cast<double>(std::max<std::size_t>(1, most_moments / moments_of_run));
  const double group = std::clamp(std::ceil(tools::shortest_sample / run), 1.0, most_runs);
  const double turns = std::floor(std::clamp(duration / (2 * group * run), 1.0, std::max(1.0, most_runs / group)));
  const double untimed = std::clamp(std::floor(duration / turns / run) - group, group, 1e9);
  return {std::llround(turns), {std::llround(group), std::llround(untimed)}};
}

/// What the moments of runs tell, one run after the other, those of a turn at a time.
void evaluate(const Moments& moments, std::size_t steps, Recording& recording) {
  const std::size_t row = steps + 1;
  const std::size_t runs = moments.size() / row;
  const auto group = static_cast<std::size_t>(recording.group);
  const auto moment = [&](std::size_t run, std::size_t i) { return moments[run * row + i]; };
  const auto durations = [&](std::size_t first, std::size_t last, double clock) {
    std::vector<double> means;
    for (std::size_t run = 0; run < runs; run += group) {
      Clock::duration sum{};
      for (std::size_t i = 0; i < group; ++i) sum += moment(run + i, last) - moment(run + i, first);
      means.push_back(std::max(microseconds(sum) / static_cast<double>(group) - clock, finest));
    }
    return spread_of(std::move(means));
  };
  for (std::size_t step = 0; step < steps; ++step)
    recording.steps.push_back(durations(step, step + 1, recording.clock));
  recording.timed = durations(0, steps, 0);
  recording.runs = static_cast<std::int64_t>(runs);
  for (std::size_t run = runs - std::min(runs, most_runs_kept); run < runs; ++run) {
    const auto begin = moments.begin() + static_cast<std::ptrdiff_t>(run * row);
    recording.last.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(row));
  }
}

}  // namespace

Recording record(Binding& binding, double seconds) {
  const executor::Execution& execution = binding.parts().execution;
  const std::size_t steps = execution.calls();
  const double duration = 1e6 * seconds;
  const double run = tools::warm_up([&](std::int64_t times) { run_untimed(binding, times); }, duration / 10);
  const auto [turns, turn] = turns_for(run, duration, steps + 1);
  Recording recording;
  recording.group = turn.timed;
  recording.clock = clock_duration();
  // Their memory is touched before the first run.
  Moments moments(static_cast<std::size_t>(turns * turn.timed) * (steps + 1));
  std::vector<double> untimed(static_cast<std::size_t>(turns));
  Clock::time_point* next = moments.data();
  std::size_t turns_taken = 0;
  const Clock::time_point begin = Clock::now();
  for (Clock::time_point now = begin;
       turns_taken < untimed.size() && (turns_taken == 0 || microseconds(now - begin) < duration);) {
    for (std::int64_t i = 0; i < turn.timed; ++i) next = run_timed(execution, steps, next);
    const Clock::time_point before = Clock::now();
    run_untimed(binding, turn.untimed);
    now = Clock::now();
    untimed[turns_taken++] = microseconds(now - before) / static_cast<double>(turn.untimed);
  }
  moments.resize(static_cast<std::size_t>(next - moments.data()));
  untimed.resize(turns_taken);
  recording.untimed = spread_of(std::move(untimed));
  evaluate(moments, steps, recording);
  return recording;
}

}  // namespace ranvier::profile
