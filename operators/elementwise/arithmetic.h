// Arithmetic on two numbers with a result for every pair: integers wrap around as in numpy.
#pragma once

#include <cmath>
#include <type_traits>

#include "runtime/core/data_type.h"

namespace ranvier::operators {

/// What has the same bits as signed and as unsigned integers is computed on the unsigned ones. Bool counts as a byte.
inline DataType unsigned_type(DataType type) {
  switch (type) {
    case DataType::boolean:
    case DataType::int8: return DataType::uint8;
    case DataType::int16: return DataType::uint16;
    case DataType::int32: return DataType::uint32;
    case DataType::int64: return DataType::uint64;
    default: return type;
  }
}

/// An integer as an unsigned one that arithmetic does not promote to a signed one.
template <class T>
auto wrapping(T value) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<std::common_type_t<std::make_unsigned_t<T>, unsigned>>(value);
  } else {
    return value;
  }
}

inline constexpr auto add = []<class T>(T a, T b) { return static_cast<T>(wrapping(a) + wrapping(b)); };
inline constexpr auto subtract = []<class T>(T a, T b) { return static_cast<T>(wrapping(a) - wrapping(b)); };
inline constexpr auto multiply = []<class T>(T a, T b) { return static_cast<T>(wrapping(a) * wrapping(b)); };

/// Of two numbers, or NaN where one of them is NaN.
inline constexpr auto maximum = []<class T>(T a, T b) { return a > b || a != a ? a : b; };
inline constexpr auto minimum = []<class T>(T a, T b) { return a < b || a != a ? a : b; };

/// Whether b is -1, by which the least of the integers cannot be divided.
template <class T>
constexpr bool is_minus_one(T b) {
  return std::is_signed_v<T> && b == static_cast<T>(-1);
}

template <class T>
void require_divisor(T b) {
  if (b == 0) fail(ErrorCode::invalid_argument, "division of an integer by zero");
}

/// Integers: toward zero. @throws Error invalid_argument for an integer divided by zero, here and below.
inline constexpr auto divide = []<class T>(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    require_divisor(b);
    return is_minus_one(b) ? subtract(T{0}, a) : static_cast<T>(a / b);
  } else {
    return a / b;
  }
};

/// What C calls fmod, and % of integers: the remainder has the sign of a.
inline constexpr auto remainder = []<class T>(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    require_divisor(b);
    return is_minus_one(b) ? T{0} : static_cast<T>(a % b);
  } else {
    return std::fmod(a, b);
  }
};

/// What Python calls %, of integers: the remainder has the sign of b.
inline constexpr auto modulo = []<class T>(T a, T b) {
  const T rest = remainder(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? add(rest, b) : rest;
};

/// a^b of integers; 1 / a^-b without its fraction for a negative b. @throws Error invalid_argument for zero to a
/// negative power.
template <class T>
T integer_power(T a, std::uint64_t b, bool negative) {
  if (negative) {
    if (a == 0) fail(ErrorCode::invalid_argument, "zero to a negative power");
    if (a != 1 && !is_minus_one(a)) return 0;
  }
  T result = 1;
  for (; b != 0; b >>= 1, a = multiply(a, a))
    if (b & 1) result = multiply(result, a);
  return result;
}

}  // namespace ranvier::operators
