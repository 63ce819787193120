#include "tools/profile/peak.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <vector>

#include "runtime/core/arena.h"
#include "runtime/core/thread_pool.h"
#include "runtime/simd/peak.h"

namespace ranvier::profile {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double round_seconds = 1e-3;  // at least
constexpr double all_seconds = 20e-3;
constexpr int least_rounds = 4;

/// More is taken to be as slow as this: filling it takes as long as measuring.
constexpr std::int64_t most_bytes = std::int64_t{64} << 20;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// How often all threads together do in a second what `repeat(thread, times)` does so many times. They work at once,
/// for they may share caches, memory and the units of one core; of each the best round counts, in which nobody else
/// did.
double best_rate(ThreadPool& pool, const std::function<void(std::size_t thread, std::size_t times)>& repeat) {
  std::vector<double> least(static_cast<std::size_t>(pool.threads()), std::numeric_limits<double>::max());
  const auto round = [&](std::size_t times) {
    const Clock::time_point begin = Clock::now();
    parallel_for(&pool, least.size(), [&](std::size_t thread) noexcept {
      const Clock::time_point own_begin = Clock::now();
      repeat(thread, times);
      least[thread] = std::min(least[thread], seconds_since(own_begin));
    });
    return seconds_since(begin);
  };
  std::size_t times = 1;
  while (round(times) < round_seconds) times *= 2;
  std::fill(least.begin(), least.end(), std::numeric_limits<double>::max());
  const Clock::time_point begin = Clock::now();
  for (int i = 0; i < least_rounds || seconds_since(begin) < all_seconds; ++i) round(times);
  double rate = 0;
  for (const double seconds : least) rate += static_cast<double>(times) / seconds;
  return rate;
}

/// Keeps the compiler from leaving out what is computed for nothing.
std::atomic<float> sink;

}  // namespace

Peak measure_peak(int threads, std::int64_t footprint) {
  const simd::PeakLoops loops = simd::peak_loops();
  ThreadPool pool(threads);
  pool.start();
  Peak peak{.instruction_set = std::string(loops.instruction_set)};
  constexpr std::size_t together = 1024;
  const double calls =
      best_rate(pool, [&](std::size_t, std::size_t times) { sink = loops.multiply_add(together * times); });
  peak.flops = calls * static_cast<double>(together * loops.flops);

  // Each thread reads its part of the memory.
  const std::int64_t unit = static_cast<std::int64_t>(loops.unit * sizeof(float));
  const std::int64_t units = (std::min(footprint, most_bytes) / threads + unit - 1) / unit;
  const std::size_t count = static_cast<std::size_t>(std::max<std::int64_t>(units, 1)) * loops.unit;
  const AlignedBuffer memory(static_cast<std::size_t>(threads) * count * sizeof(float), AlignedBuffer::zeroed);
  const auto* data = reinterpret_cast<const float*>(memory.data());
  const double reads = best_rate(
      pool, [&](std::size_t thread, std::size_t times) { sink = loops.read(data + thread * count, count, times); });
  peak.bandwidth = reads * static_cast<double>(count * sizeof(float));
  peak.footprint = static_cast<std::int64_t>(memory.size());
  return peak;
}

}  // namespace ranvier::profile
