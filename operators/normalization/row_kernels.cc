#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "operators/normalization/row_kernels.cc"
// clang-format off: foreach_target.h comes before whatever includes highway.h
#include "operators/normalization/row_kernels.h"

#include <hwy/foreach_target.h>

#include <cmath>

#include "runtime/simd/strips-inl.h"
#include "runtime/simd/targets.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace ranvier::operators::HWY_NAMESPACE {

using namespace simd::HWY_NAMESPACE;  // NOLINT: one vocabulary, seen in this file only

/// y = (x - mean - rest) * factor * scale + bias.
HWY_INLINE void scaled(const float* x, float mean, float rest, float factor, const float* scale, const float* bias,
                       float* y, std::size_t size) {
  for_each_strip(size, [&](auto strips, std::size_t i, std::size_t count) RANVIER_INLINE_LAMBDA {
    const auto distance = (load_part<strips>(x + i, count, 0) - mean) - rest;
    const auto by = load_part<strips>(scale + i, count, 0) * factor;
    if (bias == nullptr) {
      store_part<strips>(distance * by, y + i, count);
    } else {
      store_part<strips>(mul_add(distance, by, load_part<strips>(bias + i, count, 0)), y + i, count);
    }
  });
}

/// Whether squares were within the floats, neither too large nor so small that they lost digits.
bool is_exact(double variance, double epsilon) { return variance + epsilon > 0x1p-90 && variance < 0x1p120; }

/// The same in double, with squares of any size; NaN and infinities go where they have to.
void scaled_exactly(const float* x, bool centred, const float* scale, const float* bias, float* y, std::size_t size,
                    double epsilon) {
  double mean = 0, variance = 0;
  for (std::size_t i = 0; centred && i < size; ++i) mean += static_cast<double>(x[i]);
  mean /= static_cast<double>(size);
  const auto distance = [&](std::size_t i) { return static_cast<double>(x[i]) - mean; };
  for (std::size_t i = 0; i < size; ++i) variance += distance(i) * distance(i);
  const double factor = 1 / std::sqrt(variance / static_cast<double>(size) + epsilon);
  for (std::size_t i = 0; i < size; ++i) {
    const double product = distance(i) * factor * static_cast<double>(scale[i]);
    y[i] = static_cast<float>(bias == nullptr ? product : product + static_cast<double>(bias[i]));
  }
}

double mean_of(const float* x, std::size_t size) {
  Total total;
  for_each_strip(size, [&](auto strips, std::size_t i, std::size_t count)
                           RANVIER_INLINE_LAMBDA { total.add<strips>(load_part<strips>(x + i, count, 0)); });
  return total.value() / static_cast<double>(size);
}

void layer(const float* x, const float* scale, const float* bias, float* y, std::size_t size, double epsilon) {
  const auto mean = static_cast<float>(mean_of(x, size));
  // What the mean has lost by rounding is the mean of the distances from it.
  Total distances, squares;
  for_each_strip(size, [&](auto strips, std::size_t i, std::size_t count) RANVIER_INLINE_LAMBDA {
    const auto distance = load_part<strips>(x + i, count, mean) - mean;
    distances.add<strips>(distance);
    squares.add<strips>(distance * distance);
  });
  const double rest = distances.value() / static_cast<double>(size);
  const double variance = squares.value() / static_cast<double>(size) - rest * rest;
  if (HWY_UNLIKELY(!is_exact(variance, epsilon))) return scaled_exactly(x, true, scale, bias, y, size, epsilon);
  scaled(x, mean, static_cast<float>(rest), static_cast<float>(1 / std::sqrt(variance + epsilon)), scale, bias, y,
         size);
}

void root_mean_square(const float* x, const float* scale, const float* bias, float* y, std::size_t size,
                      double epsilon) {
  Total squares;
  for_each_strip(size, [&](auto strips, std::size_t i, std::size_t count) RANVIER_INLINE_LAMBDA {
    const auto part = load_part<strips>(x + i, count, 0);
    squares.add<strips>(part * part);
  });
  const double mean = squares.value() / static_cast<double>(size);
  if (HWY_UNLIKELY(!is_exact(mean, epsilon))) return scaled_exactly(x, false, scale, bias, y, size, epsilon);
  scaled(x, 0, 0, static_cast<float>(1 / std::sqrt(mean + epsilon)), scale, bias, y, size);
}

RowNormalizations row_normalizations_of_target() {
  return {hwy::TargetName(HWY_TARGET), simd::has_fused_multiply_add(HWY_TARGET), layer, root_mean_square};
}

}  // namespace ranvier::operators::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ranvier::operators {

constexpr auto versions = RANVIER_VERSIONS(row_normalizations_of_target);

RowNormalizations row_normalizations() { return simd::best_version(versions, simd::machine_targets())(); }

std::vector<RowNormalizations> all_row_normalizations() {
  std::vector<RowNormalizations> all;
  for (const std::int64_t targets : simd::supported_targets()) all.push_back(simd::best_version(versions, targets)());
  return all;
}

}  // namespace ranvier::operators
#endif
