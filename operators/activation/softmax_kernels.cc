#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "operators/activation/softmax_kernels.cc"
// clang-format off: foreach_target.h comes before whatever includes highway.h
#include "operators/activation/softmax_kernels.h"

#include <hwy/foreach_target.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/simd/math-inl.h"
#include "runtime/simd/strips-inl.h"
#include "runtime/simd/targets.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace ranvier::operators::HWY_NAMESPACE {

using namespace simd::HWY_NAMESPACE;  // NOLINT: one vocabulary, seen in this file only

constexpr float infinity = std::numeric_limits<float>::infinity();

/// The largest element; NaN is passed over.
float largest_of(const float* x, std::size_t size) {
  Strips<together> largest = -infinity;
  for_each_strip(size, [&](auto strips, std::size_t i, std::size_t count) RANVIER_INLINE_LAMBDA {
    const auto part = load_part<strips>(x + i, count, -infinity);
    for (std::size_t j = 0; j < sizeof(part) / sizeof(Vector); ++j) largest.v[j] = larger(part.v[j], largest.v[j]);
  });
  for (std::size_t j = 1; j < sizeof(largest) / sizeof(Vector); ++j) largest.v[0] = larger(largest.v[j], largest.v[0]);
  return hn::GetLane(hn::MaxOfLanes(Floats(), largest.v[0]));
}

/// exp(x) 2^-whole for whole = floor(guess / ln(2)), |guess| <= 2^16, where no x is above guess + most_above. Nothing
/// is subtracted from x, so nothing is lost.
struct ScaledExponential {
  static constexpr float most_above = 40;  // of the sum, too, a float has to be the inverse
  static constexpr float most_below = 86;  // what is smaller yet is denormal or 0
  explicit ScaledExponential(float guess_of_largest)
      : guess(guess_of_largest),
        whole(std::floor(guess * 1.44269504f)),
        bits(0U - static_cast<std::uint32_t>(static_cast<std::int32_t>(whole))) {}
  float guess, whole;
  PowerBits bits;
  bool served_all = true;  // until an x is above guess + most_above

  float padding() const { return guess - most_below; }  // what is added for it does not count
  template <int N>
  HWY_INLINE Block<N> operator()(const Block<N>& x) {
    if (HWY_LIKELY(all_between(guess - most_below, guess + most_above, x))) {
      const ExpParts<N> e = exp_of<ExpOf{}>(x);
      const Block<N> power = power_of(e, bits.values);
      return mul_add(power, e.rest, power);
    }
    RANVIER_EACH for (int i = 0; i < N; ++i) served_all &=
        hn::AllFalse(Floats(), hn::Gt(x.v[i], hn::Set(Floats(), guess + most_above)));
    ExpParts<N> e = exp_of<ExpOf{}>(at_least(guess - 110, at_most(guess + most_above, x)));
    e.exponent = e.exponent - whole;
    e.shifted = e.shifted - whole;
    return scaled_fully(mul_add(e.significand, e.rest, e.significand), e);
  }
};

/// exp(x - largest) for any x and largest.
struct ExponentialOfDifference {
  float largest;

  float padding() const { return -infinity; }
  template <int N>
  HWY_INLINE Block<N> operator()(const Block<N>& x) const {
    const Sum<N> difference = exact_sum(x, -largest);
    if (HWY_LIKELY(all_within(difference.rounded, 87))) {
      const ExpParts<N> e = exp_of<ExpOf{}>(difference.rounded, &difference.lost);
      const Block<N> power = power_of(e);
      return mul_add(power, e.rest, power);
    }
    const Block<N> bounded = at_least(-105, difference.rounded);
    const Block<N> lost = select(less(difference.rounded, -105), Block<N>(0), difference.lost);
    const ExpParts<N> e = exp_of<ExpOf{}>(bounded, &lost);
    return scaled_fully(mul_add(e.significand, e.rest, e.significand), e);
  }
};

/// y = exponential(x); their sum.
template <class Exponential>
RANVIER_LARGE_INLINE double exponentials(const float* x, float* y, std::size_t size, Exponential& exponential) {
  Total total;
  for_each_strip(size, [&](auto strips, std::size_t i, std::size_t count) RANVIER_INLINE_LAMBDA {
    const auto e = exponential(load_part<strips>(x + i, count, exponential.padding()));
    total.add<strips>(e);
    store_part<strips>(e, y + i, count);
  });
  return total.value();
}

/// y = y / sum.
void divide(float* y, std::size_t size, double sum) {
  const double inverse = 1 / sum;
  const auto high = static_cast<float>(inverse);
  const auto low = static_cast<float>(inverse - static_cast<double>(high));
  for_each_strip(size, [&](auto strips, std::size_t i, std::size_t count) RANVIER_INLINE_LAMBDA {
    const auto e = load_part<strips>(y + i, count, 0);
    store_part<strips>(fused_mul_add(e, high, e * low), y + i, count);
  });
}

void softmax(const float* x, float* y, std::size_t size) {
  // The scale cancels out: any number near the largest x will do. Where y is not x, it need not even be a good guess;
  // in a short row it is none.
  const std::size_t looked_at = std::min(size, together * strip);
  float scale = largest_of(x, looked_at);
  if (std::abs(scale) <= 0x1p16f && (x != y || looked_at == size)) {
    ScaledExponential exponential(scale);
    const double sum = exponentials(x, y, size, exponential);
    if (HWY_LIKELY(exponential.served_all)) return divide(y, size, sum);
  }
  const float largest = largest_of(x, size);
  if (largest > scale + ScaledExponential::most_above) scale = largest;
  if (std::abs(scale) <= 0x1p16f) {
    ScaledExponential exponential(scale);
    divide(y, size, exponentials(x, y, size, exponential));
  } else {
    ExponentialOfDifference exponential{largest};
    divide(y, size, exponentials(x, y, size, exponential));
  }
}

void log_softmax(const float* x, float* y, std::size_t size) {
  const float largest = largest_of(x, size);
  Total others, ones;  // apart, so that log1p sees what little the others are
  for_each_strip(size, [&](auto strips, std::size_t i, std::size_t count) RANVIER_INLINE_LAMBDA {
    const auto e = ExponentialOfDifference{largest}(load_part<strips>(x + i, count, -infinity));
    const auto below = less(e, 1);
    others.add<strips>(select(below, e, 0));
    ones.add<strips>(select(below, 0 * e, e));  // NaN stays NaN
  });
  const double logarithm = std::log1p(others.value() + (ones.value() - 1));
  const auto high = static_cast<float>(logarithm);
  const auto low = static_cast<float>(logarithm - static_cast<double>(high));
  for_each_strip(size, [&](auto strips, std::size_t i, std::size_t count) RANVIER_INLINE_LAMBDA {
    const auto difference = exact_sum(load_part<strips>(x + i, count, 0), -largest);
    const auto result = exact_sum(difference.rounded, -high);
    const auto lost = (difference.lost - low) + result.lost;
    // Where the difference is beyond the floats, what it lost is NaN.
    store_part<strips>(select(less(difference.rounded, -0x1p100f), result.rounded, result.rounded + lost), y + i,
                       count);
  });
}

void hardmax(const float* x, float* y, std::size_t size) {
  const float largest = largest_of(x, size);
  const float* at = std::find_if(x, x + size, [](float each) { return std::isnan(each); });
  if (at == x + size) at = std::find(x, x + size, largest);
  const auto position = at - x;
  std::fill_n(y, size, 0.0f);
  y[position] = 1;
}

SoftmaxKernels softmax_kernels_of_target() {
  return {hwy::TargetName(HWY_TARGET), simd::has_fused_multiply_add(HWY_TARGET), softmax, log_softmax, hardmax};
}

}  // namespace ranvier::operators::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ranvier::operators {

constexpr auto versions = RANVIER_VERSIONS(softmax_kernels_of_target);

SoftmaxKernels softmax_kernels() { return simd::best_version(versions, simd::machine_targets())(); }

std::vector<SoftmaxKernels> all_softmax_kernels() {
  std::vector<SoftmaxKernels> all;
  for (const std::int64_t targets : simd::supported_targets()) all.push_back(simd::best_version(versions, targets)());
  return all;
}

}  // namespace ranvier::operators
#endif
