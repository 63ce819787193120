// How far the float kernels of activations are from their references.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "operators/activation/kernels.h"

namespace ranvier::accuracy {

/// The difference between `got` and the true value, in units of the last place that a float of the true value's
/// magnitude has. 0 where both are NaN, or `got` is the infinity that the true value rounds to; infinite where one of
/// them alone is NaN or beyond the floats.
double error_in_ulp(float got, double truth);

/// What was found on one instruction set.
struct Errors {
  double largest = 0;
  float at = 0;    ///< Where it is the largest.
  double sum = 0;  ///< Over all points, those with an infinite error aside.
  /// Points whose bits are not those of the first instruction set, the signs and payloads of NaN aside.
  std::uint64_t other_bits = 0;
  std::uint64_t points = 0;

  void add(const Errors& other);
};

/// The errors of `activation` at `points`, one entry for each of `sets`. Missing parameters have their defaults.
std::vector<Errors> measure(operators::Activation activation, std::span<const double> parameters,
                            std::span<const operators::ActivationKernels> sets, std::span<const float> points);

}  // namespace ranvier::accuracy
