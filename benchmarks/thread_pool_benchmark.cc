// What sharing a run with another thread gains or costs, by the time that it takes the caller alone.
#include <benchmark/benchmark.h>

#include "runtime/core/thread_pool.h"

namespace ranvier {
namespace {

/// About so many microseconds of arithmetic.
void compute(std::int64_t microseconds) noexcept {
  float x = 1;
  for (std::int64_t i = 0; i < microseconds * 280; ++i) benchmark::DoNotOptimize(x = x * 0.5f + 1);
}

/// Runs of two parts, one right after the other.
void run(benchmark::State& state, ThreadPool* pool, bool wakes) {
  const std::int64_t each = state.range(0) / 2;
  for (auto _ : state) parallel_for(pool, {2, wakes}, [&](std::size_t) noexcept { compute(each); });
}

void alone(benchmark::State& state) { run(state, nullptr, true); }
BENCHMARK(alone)->UseRealTime()->Arg(4)->Arg(10)->Arg(30)->Arg(60)->Arg(200);

void with_whom_is_awake(benchmark::State& state) {
  ThreadPool pool(2);
  pool.start();
  run(state, &pool, false);
}
BENCHMARK(with_whom_is_awake)->UseRealTime()->Arg(4)->Arg(10)->Arg(30)->Arg(60);

void with_whom_is_woken(benchmark::State& state) {
  ThreadPool pool(2);
  pool.start();
  run(state, &pool, true);
}
BENCHMARK(with_whom_is_woken)->UseRealTime()->Arg(4)->Arg(10)->Arg(30)->Arg(60)->Arg(200);

}  // namespace
}  // namespace ranvier
