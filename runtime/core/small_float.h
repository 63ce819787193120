// Floating-point numbers of at most 16 bits: what their codes mean, and rounding to them once.
#pragma once

#include <cstdint>

#include "ranvier/tensor.h"

namespace ranvier {

/// A format with a sign bit, an exponent and a fraction; subnormal numbers below the smallest exponent.
struct FloatFormat {
  int bits;  ///< Of a whole code: 4, 8 or 16.
  int fraction_bits;
  int bias;                ///< A number with exponent field e > 0 counts 2^(e - bias).
  std::uint16_t largest;   ///< The code of the largest finite number.
  std::uint16_t overflow;  ///< What is too large becomes this: infinity where there is one, NaN, or the largest.
  std::uint16_t nan;       ///< What NaN becomes, the sign of it added.
  bool negative_zero;      ///< Whether there is a -0; where not, its code is the only NaN.

  std::uint16_t sign() const { return static_cast<std::uint16_t>(1 << (bits - 1)); }
};

/// The format of float16, bfloat16, the float8 types with a fraction and float4e2m1; null for other types.
const FloatFormat* float_format(DataType type);

/// The number that a code stands for.
double decode(const FloatFormat& format, std::uint16_t code);

/// The code of the number nearest to `value`, the even one of two. Infinities and what rounds to more than the largest
/// number become the largest with `saturate`, else what the format has for them.
std::uint16_t encode(const FloatFormat& format, double value, bool saturate);

/// How a number between two powers of two becomes one of them; `nearest` takes the upper one from half-way on.
enum class ScaleRounding { up, down, nearest };

/// float8e8m0, whose code c is 2^(c - 127); 255 is NaN.
double decode_scale(std::uint8_t code);

/// The code of |value| (the format has no sign) as a power of two. With `saturate`, 0 and what is too small become
/// 2^-127, infinity and what is too large 2^127; without, all of these become NaN.
std::uint8_t encode_scale(double value, ScaleRounding rounding, bool saturate);

/// `value` rounded once to T: float, double, Float16 or BFloat16.
template <class T>
T rounded(double value) {
  return static_cast<T>(value);
}
template <>
Float16 rounded<Float16>(double value);
template <>
BFloat16 rounded<BFloat16>(double value);

}  // namespace ranvier
