// The activations as function objects, made from the rows of activations.def: for loops that inline them.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>

#include "operators/activation/activation.h"
#include "runtime/core/data_type.h"
#include "runtime/core/error.h"

namespace ranvier::operators::functions {

// The words that the references are written with.

inline constexpr double lowest = std::numeric_limits<float>::lowest();
inline constexpr double highest = std::numeric_limits<float>::max();
inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double sqrt_8_pi = 1.5957691216057307117597842397375;  ///< The square root of 8 / pi.
inline constexpr double sqrt_half = 0.70710678118654752440084436210485;
inline constexpr double sqrt_half_low = -4.8336466567264567e-17;  ///< What its rounding lost.
inline constexpr double inverse_sqrt_pi = 0.56418958354775628694807945156077;

/// `x` between `low` and `high`; `high` where they are the wrong way round.
template <class T>
T clamped(T x, std::type_identity_t<T> low, std::type_identity_t<T> high) {
  const T raised = x < low ? low : x;
  return raised > high ? high : raised;
}

/// 1 / (1 + exp(-x)).
inline double logistic(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

/// log(1 + exp(x)).
inline double log_one_plus_exp(double x) { return (x < 0 ? 0 : x) + std::log1p(std::exp(-std::abs(x))); }

/// The standard normal distribution function. Far below 0 it multiplies the relative error of erfc's argument by x^2:
/// what rounding that loses is put right with erfc's slope.
inline double normal_cdf(double x) {
  const double y = -x * sqrt_half;
  if (!(std::abs(x) < 40)) return 0.5 * std::erfc(y);
  const double lost = std::fma(-x, sqrt_half, -y) - x * sqrt_half_low;
  return 0.5 * std::erfc(y) - inverse_sqrt_pi * std::exp(-y * y) * lost;
}

/// x * gate, for a gate that reaches 0 faster than x grows: 0, with the sign of x, also where x is infinite.
inline double gated(double x, double gate) { return gate == 0 ? std::copysign(0.0, x) : x * gate; }

/// a / (1 + exp(-b)), of which the gate decides where it is 0.
inline double gated_linear(double a, double b) { return std::isnan(a) ? a : gated(a, logistic(b)); }

/// slope * x, 0 where the slope is.
inline double sloped(double slope, double x) { return slope == 0 ? 0 : slope * x; }

/// (x + sqrt(x^2 + b)) / 2.
inline double square_plus_of(double x, double b) {
  const double sum = std::abs(x) + std::hypot(x, std::sqrt(b));
  return x < 0 ? b / 2 / sum : sum / 2;
}

/// x - tanh(x). Near 0 it is (x cosh(x) - sinh(x)) / cosh(x), and the numerator the sum of 2k x^(2k + 1) / (2k + 1)!.
inline double minus_tanh(double x) {
  if (!(std::abs(x) < 1)) return x - std::tanh(x);
  double power = x;
  double sum = 0;
  for (int k = 1; k <= 9; ++k) {
    power *= x * x / (2 * k * (2 * k + 1));
    sum += 2 * k * power;
  }
  return sum / std::cosh(x);
}

// celu, clip, ...: each an object with the parameters as members, `double operator()(double) const`, and `declaration`,
// the row's parameters as text. Rows with integer types take those too.

// clang-format off
#define RANVIER_PARAMETERS(...)   \
  __VA_OPT__(double __VA_ARGS__;) \
  static constexpr std::string_view declaration = #__VA_ARGS__;
#define ACTIVATION(name, onnx, keras, parameters, reference, types, zero, kernel, onednn, ulp) \
  struct name {                                                                           \
    RANVIER_PARAMETERS parameters                                                         \
    auto operator()(auto x) const { return reference; }                                   \
  };
// clang-format on
#include "operators/activation/activations.def"
#undef ACTIVATION
#undef RANVIER_PARAMETERS

/// How many parameters the function has.
template <class Function>
inline constexpr std::size_t parameter_count = sizeof(Function) / sizeof(double);

/// Where the function keeps its parameters, in the order of its row.
template <class Function>
constexpr std::array<double*, parameter_count<Function>> members(Function& function) {
  static_assert(parameter_count<Function> <= 3);
  if constexpr (parameter_count<Function> == 0) {
    return {};
  } else if constexpr (parameter_count<Function> == 1) {
    auto& [a] = function;
    return {&a};
  } else if constexpr (parameter_count<Function> == 2) {
    auto& [a, b] = function;
    return {&a, &b};
  } else {
    auto& [a, b, c] = function;
    return {&a, &b, &c};
  }
}

/// The function's parameters with their defaults: the names are what stands before each "=" of the declaration.
template <class Function>
constexpr std::array<Parameter, parameter_count<Function>> parameters() {
  std::array<Parameter, parameter_count<Function>> result;
  Function defaults;
  std::string_view rest = Function::declaration;
  for (std::size_t i = 0; i < result.size(); ++i) {
    rest.remove_prefix(rest.find_first_not_of(", "));
    result[i] = {rest.substr(0, rest.find_first_of(" =")), *members(defaults)[i]};
    rest.remove_prefix(std::min(rest.find(','), rest.size()));
  }
  return result;
}

/// Calls `visitor` with the function object of `activation`: the given parameters, then the defaults of the rest.
/// @throws Error internal for too many parameters.
template <class Visitor>
decltype(auto) with_function(Activation activation, std::span<const double> given, Visitor&& visitor) {
  const auto visit = [&]<class Function>(Function function) -> decltype(auto) {
    const auto all = members(function);
    if (given.size() > all.size())
      fail(ErrorCode::internal, "an activation has {} parameters, {} are given", all.size(), given.size());
    for (std::size_t i = 0; i < given.size(); ++i) *all[i] = given[i];
    return visitor(function);
  };
  switch (activation) {
#define ACTIVATION(name, onnx, keras, parameters, reference, types, zero, kernel, onednn, ulp) \
  case Activation::name:                                                                       \
    return visit(name{});
#include "operators/activation/activations.def"
#undef ACTIVATION
  }
  fail(ErrorCode::internal, "no activation has the number {}", static_cast<int>(activation));
}

}  // namespace ranvier::operators::functions
