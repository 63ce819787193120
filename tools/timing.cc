#include "tools/timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace ranvier::tools {
namespace {

constexpr double most_samples = 1e6;
constexpr std::int64_t most_calls = 1'000'000'000;  // in a group

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

}  // namespace

double warm_up(const std::function<void(std::int64_t)>& repeat, double duration) {
  double best = std::numeric_limits<double>::max();
  std::int64_t group = 1;
  const Clock::time_point begin = Clock::now();
  for (Clock::time_point now = begin; microseconds(now - begin) < duration || now == begin;) {
    repeat(group);
    const Clock::time_point after = Clock::now();
    const double took = microseconds(after - now);
    best = std::min(best, took / static_cast<double>(group));
    if (took < shortest_sample) group = std::min(2 * group, most_calls);
    now = after;
  }
  return best;
}

double percentile(const std::vector<double>& sorted, double part) {
  const double rank = std::ceil(part * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

Timing measure(const std::function<void(std::int64_t)>& repeat, double seconds) {
  const double duration = 1e6 * seconds;
  const double call = warm_up(repeat, duration / 10);
  const double sample = std::max(shortest_sample, duration / most_samples);
  Timing timing;
  timing.group = std::llround(std::clamp<double>(std::ceil(sample / call), 1, most_calls));
  // Its memory is touched before the first sample.
  std::vector<double> samples(static_cast<std::size_t>(std::clamp(duration / sample, 1.0, most_samples)));
  std::size_t count = 0;
  const Clock::time_point begin = Clock::now();
  for (Clock::time_point now = begin; count < samples.size() && (count == 0 || microseconds(now - begin) < duration);) {
    repeat(timing.group);
    const Clock::time_point after = Clock::now();
    samples[count++] = microseconds(after - now) / static_cast<double>(timing.group);
    now = after;
  }
  samples.resize(count);
  std::sort(samples.begin(), samples.end());
  timing.least = samples.front();
  timing.median = percentile(samples, 0.5);
  timing.p99 = percentile(samples, 0.99);
  timing.calls = timing.group * static_cast<std::int64_t>(count);
  return timing;
}

std::string duration_text(double microseconds) {
  if (microseconds >= 1e6) return fmt::format("{:.2f} s", microseconds / 1e6);
  if (microseconds >= 1e3) return fmt::format("{:.2f} ms", microseconds / 1e3);
  if (microseconds >= 1) return fmt::format("{:.2f} us", microseconds);
  return fmt::format("{:.1f} ns", microseconds * 1e3);
}

}  // namespace ranvier::tools
