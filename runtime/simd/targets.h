// Choosing among what Highway has compiled for each instruction set.
#pragma once

#include <hwy/highway.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ranvier::simd {

/// Which of the machine's instruction sets count: all but in tests, which may set it between runs.
inline std::atomic<std::int64_t> targets_that_count = -1;

/// What hwy::SupportedTargets() tells of those that are compiled. Highway itself is not asked on x86: as libhwy is
/// loaded it measures a clock, which takes four milliseconds of every process (docs/decisions/0017).
inline std::int64_t detected_targets() {
#if HWY_ARCH_X86
  __builtin_cpu_init();
  std::int64_t targets = HWY_SCALAR | HWY_EMU128;
  if (!__builtin_cpu_supports("sse4.2")) return targets;
  targets |= HWY_SSE4;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi2"))
    return targets;
  targets |= HWY_AVX2;
  if (!__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512bw"))
    return targets;
  return targets | HWY_AVX3;
#else
  return hwy::SupportedTargets();
#endif
}

/// The instruction sets of this machine. They are looked for once: in a virtual machine that takes tens of
/// microseconds, and plans are made of many kernels.
inline std::int64_t machine_targets() {
  static const std::int64_t all = detected_targets();
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

/// The versions of a function that was compiled for each instruction set, in the places that Highway gives them: what
/// HWY_EXPORT makes but for its first entry, which calls libhwy.
#define RANVIER_VERSIONS(FUNCTION)                         \
  std::to_array<decltype(&HWY_STATIC_DISPATCH(FUNCTION))>( \
      {nullptr, HWY_CHOOSE_TARGET_LIST(FUNCTION), HWY_CHOOSE_FALLBACK(FUNCTION)})

/// That for the best of `targets`.
template <class Function, std::size_t count>
Function best_version(const std::array<Function, count>& versions, std::int64_t targets) {
  hwy::ChosenTarget chosen;
  chosen.Update(targets);
  return versions[chosen.GetIndex()];
}

/// Whether the instruction set rounds a b + c once. All of those compute the same bits.
constexpr bool has_fused_multiply_add(std::int64_t target) { return target != HWY_SCALAR && target != HWY_SSE4; }

}  // namespace ranvier::simd
