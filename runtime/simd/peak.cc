#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/simd/peak.cc"
// clang-format off: foreach_target.h comes before whatever includes highway.h
#include "runtime/simd/peak.h"

#include <hwy/foreach_target.h>

#include "runtime/simd/block-inl.h"
#include "runtime/simd/targets.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace ranvier::simd::HWY_NAMESPACE {

// Sums in registers: more than a processor has multiplications under way.
constexpr int chains = HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON ? 16 : 12;

float multiply_add(std::size_t rounds) {
  const Block<chains> factor(0.5f), addend(0.5f);
  Block<chains> sums;  // they begin apart, or the compiler would compute one for all, and tend to 1
  for (int i = 0; i < chains; ++i) sums.v[i] = hn::Set(Floats(), static_cast<float>(i));
  for (std::size_t i = 0; i < rounds; ++i) sums = mul_add(sums, factor, addend);
  Vector all = sums.v[0];
  for (int i = 1; i < chains; ++i) all = hn::Add(all, sums.v[i]);
  return hn::GetLane(hn::SumOfLanes(Floats(), all));
}

constexpr int vectors = 8;  // read side by side

float read(const float* data, std::size_t count, std::size_t times) {
  Block<vectors> bits(0.0f);
  for (; times > 0; --times) {
    for (const float* at = data; at != data + count; at += vectors * lanes())
      RANVIER_EACH for (int i = 0; i < vectors; ++i) bits.v[i] =
          hn::Xor(bits.v[i], hn::Load(Floats(), at + static_cast<std::size_t>(i) * lanes()));
    asm volatile("" ::: "memory");  // what was read may have changed, for all that the compiler knows
  }
  Vector all = bits.v[0];
  for (int i = 1; i < vectors; ++i) all = hn::Xor(all, bits.v[i]);
  return hn::GetLane(hn::SumOfLanes(Floats(), all));
}

PeakLoops loops_of_target() {
  return {hwy::TargetName(HWY_TARGET), multiply_add, 2 * chains * lanes(), read, vectors * lanes()};
}

}  // namespace ranvier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ranvier::simd {

constexpr auto versions = RANVIER_VERSIONS(loops_of_target);

PeakLoops peak_loops() { return best_version(versions, detected_targets())(); }

}  // namespace ranvier::simd
#endif
