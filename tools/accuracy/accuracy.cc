#include "tools/accuracy/accuracy.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "operators/activation/functions.h"

namespace ranvier::accuracy {

using operators::Activation;
using operators::ActivationKernels;
namespace functions = operators::functions;

double error_in_ulp(float got, double truth) {
  constexpr double beyond = 0x1.ffffffp127;  // what rounds to infinity
  if (std::isnan(truth) || std::isnan(got))
    return std::isnan(truth) && std::isnan(got) ? 0 : std::numeric_limits<double>::infinity();
  if (std::abs(truth) >= beyond || std::isinf(got))
    return std::isinf(got) && std::abs(truth) >= beyond && std::signbit(got) == std::signbit(truth)
               ? 0
               : std::numeric_limits<double>::infinity();
  // The power of two below the true value, as its exponent bits spell it; at least that of the least normal float.
  constexpr std::uint64_t exponent_bits = 0x7FF0'0000'0000'0000;
  const double power = std::bit_cast<double>(std::bit_cast<std::uint64_t>(truth) & exponent_bits);
  return std::abs(static_cast<double>(got) - truth) / std::max(power, 0x1p-126) * 0x1p23;
}

void Errors::add(const Errors& other) {
  if (other.largest > largest) {
    largest = other.largest;
    at = other.at;
  }
  sum += other.sum;
  other_bits += other.other_bits;
  points += other.points;
}

namespace {

/// All of the row's parameters, as the kernels take them.
std::vector<float> all_parameters(Activation activation, std::span<const double> given) {
  std::vector<float> all;
  for (const operators::Parameter& parameter : operators::describe(activation).parameters)
    all.push_back(static_cast<float>(all.size() < given.size() ? given[all.size()] : parameter.otherwise));
  return all;
}

bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (std::isnan(a) && std::isnan(b));
}

}  // namespace

std::vector<Errors> measure(Activation activation, std::span<const double> parameters,
                            std::span<const ActivationKernels> sets, std::span<const float> points) {
  const std::vector<float> numbers = all_parameters(activation, parameters);
  std::vector<double> truth(points.size());
  functions::with_function(activation, std::vector<double>(numbers.begin(), numbers.end()), [&](const auto& function) {
    for (std::size_t i = 0; i < points.size(); ++i)
      truth[i] = static_cast<double>(function(static_cast<double>(points[i])));
  });
  std::vector<float> first, got(points.size());
  std::vector<Errors> all;
  for (const ActivationKernels& set : sets) {
    set[activation].run(points.data(), got.data(), points.size(), numbers.data());
    if (first.empty()) {
      first = got;
    } else if (std::memcmp(first.data(), got.data(), points.size() * sizeof(float)) == 0) {
      all.push_back(all.front());
      continue;
    }
    Errors errors;
    errors.points = points.size();
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (!same(got[i], first[i])) ++errors.other_bits;
      const double error = error_in_ulp(got[i], truth[i]);
      if (error > errors.largest) {
        errors.largest = error;
        errors.at = points[i];
      }
      if (std::isfinite(error)) errors.sum += error;
    }
    all.push_back(errors);
  }
  return all;
}

}  // namespace ranvier::accuracy
