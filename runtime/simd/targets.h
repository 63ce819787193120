// Choosing among what Highway has compiled for each instruction set.
#pragma once

#include <hwy/highway.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ranvier::simd {

/// Which of the machine's instruction sets count: all but in tests, which may set it between runs.
inline std::atomic<std::int64_t> targets_that_count = -1;

/// The instruction sets of this machine. Highway is asked once: in a virtual machine each question takes tens of
/// microseconds, and plans are made of many kernels.
inline std::int64_t machine_targets() {
  static const std::int64_t all = hwy::SupportedTargets();
  return all & targets_that_count.load(std::memory_order_relaxed);
}

/// The instruction sets that were compiled and that this machine has: for each, the best first, a set in which it is
/// the best.
inline std::vector<std::int64_t> supported_targets() {
  std::vector<std::int64_t> sets;
  // Better instruction sets have lower bits.
  for (std::int64_t targets = machine_targets() & HWY_TARGETS; targets != 0; targets &= targets - 1)
    sets.push_back(targets);
  return sets;
}

/// The index in a table of versions (HWY_EXPORT's HWY_DISPATCH_TABLE) of the best of `targets`.
inline std::size_t index_of_best(std::int64_t targets) {
  if constexpr ((HWY_TARGETS & (HWY_TARGETS - 1)) == 0) return 0;
  hwy::ChosenTarget chosen;
  chosen.Update(targets);
  return chosen.GetIndex();
}

/// Whether the instruction set rounds a b + c once. All of those compute the same bits.
constexpr bool has_fused_multiply_add(std::int64_t target) { return target != HWY_SCALAR && target != HWY_SSE4; }

}  // namespace ranvier::simd
