#include "runtime/core/small_float.h"

#include <bit>
#include <cmath>
#include <limits>

namespace ranvier {
namespace {

// clang-format off
//                                     bits fraction bias  largest overflow     NaN     -0
constexpr FloatFormat float16 =        {16,       10,  15,  0x7bff,  0x7c00, 0x7e00,  true};
constexpr FloatFormat bfloat16 =       {16,        7, 127,  0x7f7f,  0x7f80, 0x7fc0,  true};
constexpr FloatFormat float8e4m3fn =   { 8,        3,   7,    0x7e,    0x7f,   0x7f,  true};
constexpr FloatFormat float8e4m3fnuz = { 8,        3,   8,    0x7f,    0x80,   0x80, false};
constexpr FloatFormat float8e5m2 =     { 8,        2,  15,    0x7b,    0x7c,   0x7e,  true};
constexpr FloatFormat float8e5m2fnuz = { 8,        2,  16,    0x7f,    0x80,   0x80, false};
constexpr FloatFormat float4e2m1 =     { 4,        1,   1,     0x7,     0x7,    0x8,  true};  // no NaN: -0
// clang-format on

}  // namespace

const FloatFormat* float_format(DataType type) {
  switch (type) {
    case DataType::float16: return &float16;
    case DataType::bfloat16: return &bfloat16;
    case DataType::float8e4m3fn: return &float8e4m3fn;
    case DataType::float8e4m3fnuz: return &float8e4m3fnuz;
    case DataType::float8e5m2: return &float8e5m2;
    case DataType::float8e5m2fnuz: return &float8e5m2fnuz;
    case DataType::float4e2m1: return &float4e2m1;
    default: return nullptr;
  }
}

double decode(const FloatFormat& format, std::uint16_t code) {
  const bool negative = (code & format.sign()) != 0;
  const int magnitude = code & (format.sign() - 1);
  if (magnitude > format.largest || (code == format.sign() && !format.negative_zero)) {
    const bool infinite = magnitude == format.overflow && format.overflow != format.nan;
    const double special =
        infinite ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    return negative ? -special : special;
  }
  const int exponent = magnitude >> format.fraction_bits;
  const int fraction = magnitude & ((1 << format.fraction_bits) - 1);
  const int significand = exponent == 0 ? fraction : fraction | 1 << format.fraction_bits;
  const int power = (exponent == 0 ? 1 : exponent) - format.bias - format.fraction_bits;
  const double scale = std::bit_cast<double>(static_cast<std::uint64_t>(power + 1023) << 52);
  return negative ? -(significand * scale) : significand * scale;
}

std::uint16_t encode(const FloatFormat& format, double value, bool saturate) {
  const auto word = std::bit_cast<std::uint64_t>(value);
  const std::uint16_t sign = word >> 63 != 0 ? format.sign() : 0;
  if (std::isnan(value)) return format.nan | sign;
  const auto exponent = static_cast<int>(word >> 52 & 0x7ff) - 1023;
  const int least = 1 - format.bias;  // the exponent of the smallest normal number
  std::uint64_t magnitude = format.largest + 1;
  if (exponent < least - format.fraction_bits - 1) {
    magnitude = 0;
  } else if (exponent <= least + (format.largest >> format.fraction_bits)) {
    const int shift = 52 - format.fraction_bits + (exponent < least ? least - exponent : 0);
    const std::uint64_t significand = (word & 0xfffffffffffff) | 1ull << 52;
    const std::uint64_t half = 1ull << (shift - 1);
    const std::uint64_t nearest = (significand + half - 1 + (significand >> shift & 1)) >> shift;
    // A normal number's leading bit adds one to the exponent field; a carry out of the fraction does as well.
    magnitude = (exponent < least ? 0 : static_cast<std::uint64_t>(exponent - least) << format.fraction_bits) + nearest;
  }
  if (magnitude == 0) return format.negative_zero ? sign : 0;
  if (magnitude <= format.largest) return static_cast<std::uint16_t>(magnitude) | sign;
  return (saturate ? format.largest : format.overflow) | sign;
}

double decode_scale(std::uint8_t code) {
  return code == 0xff ? std::numeric_limits<double>::quiet_NaN() : std::ldexp(1.0, code - 127);
}

std::uint8_t encode_scale(double value, ScaleRounding rounding, bool saturate) {
  constexpr std::uint8_t nan = 0xff;
  if (std::isnan(value)) return nan;
  if (value == 0) return saturate ? 0 : nan;
  if (std::isinf(value)) return saturate ? 0xfe : nan;
  int exponent = 0;
  const double fraction = std::frexp(std::abs(value), &exponent);  // in [0.5, 1)
  --exponent;
  if (rounding == ScaleRounding::up ? fraction > 0.5 : rounding == ScaleRounding::nearest && fraction >= 0.75)
    ++exponent;
  if (exponent < -127) return saturate ? 0 : nan;
  if (exponent > 127) return saturate ? 0xfe : nan;
  return static_cast<std::uint8_t>(exponent + 127);
}

template <>
Float16 rounded<Float16>(double value) {
  Float16 result;
  result.bits = encode(float16, value, false);
  return result;
}

template <>
BFloat16 rounded<BFloat16>(double value) {
  BFloat16 result;
  result.bits = encode(bfloat16, value, false);
  return result;
}

}  // namespace ranvier
