// The members of the reduce family, as fold() takes them: each says what an element maps to, how two states fold, and
// what the state of a whole group of `count` elements means.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "runtime/core/data_type.h"

namespace ranvier::operators::reduction {

/// Real numbers are summed in double. Integers wrap around in 64 bits, which are then cut to the type's own.
template <class T>
using Accumulator = std::conditional_t<is_floating<T>, double, std::uint64_t>;

/// A real result as an element: rounded for real types; for integers cut towards zero, and to the range of the type.
template <class T>
T to_element(double value) {
  if constexpr (is_floating<T>) {
    return static_cast<T>(static_cast<Compute<T>>(value));
  } else {
    using Limits = std::numeric_limits<T>;
    if (std::isnan(value)) return 0;
    if (value <= static_cast<double>(Limits::min())) return Limits::min();
    if (value >= static_cast<double>(Limits::max())) return Limits::max();
    return static_cast<T>(value);
  }
}

inline double magnitude(double x) { return std::abs(x); }
template <class T>
requires std::is_integral_v<T> std::uint64_t magnitude(T x) {
  const auto bits = static_cast<std::uint64_t>(x);
  return x < 0 ? 0 - bits : bits;
}

template <class T>
struct Sum {
  using State = Accumulator<T>;
  static State identity() { return 0; }
  static State map(Compute<T> x, std::int64_t) { return static_cast<State>(x); }
  static State fold(State a, State b) { return a + b; }
  static T finish(State sum, std::int64_t) {
    if constexpr (is_floating<T>)
      return to_element<T>(sum);
    else
      return static_cast<T>(sum);
  }
};

template <class T>
struct L1 : Sum<T> {
  static Accumulator<T> map(Compute<T> x, std::int64_t) { return magnitude(x); }
};

template <class T>
struct SumSquare : Sum<T> {
  static Accumulator<T> map(Compute<T> x, std::int64_t) {
    const auto wide = static_cast<Accumulator<T>>(x);
    return wide * wide;
  }
};

template <class T>
struct Mean : Sum<T> {
  static T finish(Accumulator<T> sum, std::int64_t count) {
    if constexpr (is_floating<T>) {
      return to_element<T>(sum / static_cast<double>(count));
    } else {
      if (count == 0) return 0;
      if constexpr (std::is_signed_v<T>)
        return static_cast<T>(static_cast<std::int64_t>(sum) / count);
      else
        return static_cast<T>(sum / static_cast<std::uint64_t>(count));
    }
  }
};

template <class T>
struct Prod : Sum<T> {
  static Accumulator<T> identity() { return 1; }
  static Accumulator<T> fold(Accumulator<T> a, Accumulator<T> b) { return a * b; }
};

/// What is a real number whatever the type of the elements.
template <class T>
struct RealSum {
  using State = double;
  static double identity() { return 0; }
  static double map(Compute<T> x, std::int64_t) { return static_cast<double>(x); }
  static double fold(double a, double b) { return a + b; }
};

template <class T>
struct LogSum : RealSum<T> {
  static T finish(double sum, std::int64_t) { return to_element<T>(std::log(sum)); }
};

template <class T>
struct L2 : RealSum<T> {
  static double map(Compute<T> x, std::int64_t) { return static_cast<double>(x) * static_cast<double>(x); }
  static T finish(double sum, std::int64_t) { return to_element<T>(std::sqrt(sum)); }
};

/// Relative to the greatest element, so that no exp overflows.
template <class T>
struct LogSumExp {
  struct State {
    double greatest;
    double sum;  ///< Of exp(x - greatest).
  };
  static State identity() { return {-std::numeric_limits<double>::infinity(), 0}; }
  static State map(Compute<T> x, std::int64_t) { return {static_cast<double>(x), 1}; }
  static State fold(const State& a, const State& b) {
    if (a.greatest == b.greatest) return {a.greatest, a.sum + b.sum};
    const auto& [high, low] = a.greatest > b.greatest ? std::pair(a, b) : std::pair(b, a);
    return {high.greatest, high.sum + low.sum * std::exp(low.greatest - high.greatest)};
  }
  static T finish(const State& state, std::int64_t) { return to_element<T>(state.greatest + std::log(state.sum)); }
};

/// NaN wins.
template <class T>
struct Max {
  using State = Compute<T>;
  using Limits = std::numeric_limits<State>;
  static State identity() { return Limits::has_infinity ? static_cast<State>(-Limits::infinity()) : Limits::lowest(); }
  static State map(State x, std::int64_t) { return x; }
  static State fold(State a, State b) { return a > b || a != a ? a : b; }
  static T finish(State greatest, std::int64_t) { return static_cast<T>(greatest); }
};

/// NaN wins.
template <class T>
struct Min : Max<T> {
  using typename Max<T>::State;
  using typename Max<T>::Limits;
  static State identity() { return Limits::has_infinity ? Limits::infinity() : Limits::max(); }
  static State fold(State a, State b) { return a < b || a != a ? a : b; }
};

}  // namespace ranvier::operators::reduction
