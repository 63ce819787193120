// Kernels of two operands. Included once for each instruction set (Highway's foreach_target).
#if defined(RANVIER_OPERATORS_ACTIVATION_PAIRS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RANVIER_OPERATORS_ACTIVATION_PAIRS_INL_H_
#undef RANVIER_OPERATORS_ACTIVATION_PAIRS_INL_H_
#else
#define RANVIER_OPERATORS_ACTIVATION_PAIRS_INL_H_
#endif

#include "operators/activation/kernels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ranvier::operators::HWY_NAMESPACE {

void prelu(const float* x, const float* slope, std::size_t step, float* y, std::size_t count) {
  std::size_t i = 0;
  for (; i + lanes() <= count; i += lanes()) {
    const Block<1> from = load<1>(x + i);
    const Block<1> factor = step == 0 ? Block<1>(*slope) : load<1>(slope + i);
    store(select(less(from, 0), factor * from, from), y + i);
  }
  for (; i < count; ++i) y[i] = x[i] < 0 ? slope[i * step] * x[i] : x[i];
}

bool glu(const float* a, const float* b, float* y, std::size_t count) {
  run(Sigmoid(nullptr), b, y, count);
  bool exact = true;
  std::size_t i = 0;
  for (; i + lanes() <= count; i += lanes()) {
    exact &= hn::AllFalse(Floats(), less(load<1>(b + i), least_exact_gate).m[0]);
    store(load<1>(a + i) * load<1>(y + i), y + i);
  }
  for (; i < count; ++i) {
    exact &= !(b[i] < least_exact_gate);
    y[i] *= a[i];
  }
  return exact;
}

}  // namespace ranvier::operators::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // the include guard that Highway's targets toggle
