// Rows of floats, seen in strips, and sums over them. Included once for each instruction set (Highway's
// foreach_target).
#if defined(RANVIER_RUNTIME_SIMD_STRIPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RANVIER_RUNTIME_SIMD_STRIPS_INL_H_
#undef RANVIER_RUNTIME_SIMD_STRIPS_INL_H_
#else
#define RANVIER_RUNTIME_SIMD_STRIPS_INL_H_
#endif

#include <cstddef>
#include <type_traits>

#include "runtime/simd/block-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ranvier::simd::HWY_NAMESPACE {

// A row is seen as strips of 16 elements, whatever the vectors' width: then sums have one order everywhere.
constexpr std::size_t strip = 16;
// Strips side by side, where one order of sums makes the same bits (targets.h) and registers are many.
constexpr std::size_t together = RANVIER_FUSED ? 4 : 1;
template <std::size_t strips>
using Strips = Block<static_cast<int>(strips* strip / hn::MaxLanes(Floats()))>;

// A call for each part would pass its vectors through memory.
#define RANVIER_INLINE_LAMBDA HWY_ATTR __attribute__((always_inline))

/// Calls visit(strips, first element, count) along a row: `count` is that of the strips but for the last one.
template <class Visitor>
HWY_INLINE void for_each_strip(std::size_t size, const Visitor& visit) {
  std::size_t i = 0;
  for (; i + together * strip <= size; i += together * strip)
    visit(std::integral_constant<std::size_t, together>(), i, together * strip);
  if (size - i > strip) {
    visit(std::integral_constant<std::size_t, together>(), i, size - i);
  } else if (size != i) {
    visit(std::integral_constant<std::size_t, 1>(), i, size - i);
  }
}

/// `count` elements of a row, and `otherwise` behind its end.
template <std::size_t strips>
HWY_INLINE Strips<strips> load_part(const float* x, std::size_t count, float otherwise) {
  constexpr int blocks = sizeof(Strips<strips>) / sizeof(Vector);
  if (HWY_LIKELY(count == strips * strip)) return load<blocks>(x);
  Strips<strips> part;
  load_ragged(x, count, otherwise, part);
  return part;
}
template <std::size_t strips>
HWY_INLINE void store_part(const Strips<strips>& y, float* to, std::size_t count) {
  if (HWY_LIKELY(count == strips * strip)) {
    store(y, to);
  } else {
    store_ragged(y, to, count);
  }
}

/// The sum of what is added: in float among the strips of one step, in double from there.
struct Total {
  double columns[strip] = {};

  template <std::size_t strips>
  HWY_INLINE void add(const Strips<strips>& x) {
    constexpr int blocks = sizeof(Strips<1>) / sizeof(Vector);
    Strips<1> sum;
    for (int j = 0; j < blocks; ++j) {
      sum.v[j] = x.v[j];
      if constexpr (strips == 4)
        sum.v[j] = hn::Add(hn::Add(x.v[j], x.v[j + blocks]), hn::Add(x.v[j + 2 * blocks], x.v[j + 3 * blocks]));
    }
    HWY_ALIGN float terms[strip];
    store(sum, terms);
    for (std::size_t i = 0; i < strip; ++i) columns[i] += static_cast<double>(terms[i]);
  }

  double value() const {
    double sums[4];  // side by side
    for (std::size_t i = 0; i < 4; ++i) sums[i] = (columns[i] + columns[i + 4]) + (columns[i + 8] + columns[i + 12]);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
};

}  // namespace ranvier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // the include guard that Highway's targets toggle
