// The SIMD kernels of activations.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "operators/activation/activation.h"

namespace ranvier::operators {

/// The kernel of one row of activations.def, for float.
struct ActivationKernel {
  /// y[i] = f(x[i]) for i < count, with the row's parameters in order; y may be x, else they must not overlap. No
  /// alignment is asked for. Safe to be called by many threads.
  void (*run)(const float* x, float* y, std::size_t count, const float* parameters) = nullptr;
  /// Why the kernel cannot serve these parameters; null where it can.
  const char* (*refusal)(const float* parameters) = nullptr;
};

/// Below it sigmoid(x) runs out of digits, which shows where a large number is multiplied by it.
inline constexpr float least_exact_gate = -87;

/// The kernels of one instruction set, by Activation.
struct ActivationKernels {
  std::string_view instruction_set;  ///< As Highway names it: "AVX3" (AVX-512), "AVX2", "SSE4", "NEON", "SCALAR".
  bool fused_multiply_add = false;   ///< All of those that have it compute the same bits.
  std::span<const ActivationKernel> rows;
  /// y[i] = x[i] < 0 ? slope[i * step] * x[i] : x[i] for i < count, where step is 0 or 1; y may be x.
  void (*prelu)(const float* x, const float* slope, std::size_t step, float* y, std::size_t count) = nullptr;
  /// y[i] = a[i] * sigmoid(b[i]) for i < count; y must not overlap a or b. Returns whether all b[i] are at least
  /// least_exact_gate: y[i] may be wrong where it is not.
  bool (*glu)(const float* a, const float* b, float* y, std::size_t count) = nullptr;

  const ActivationKernel& operator[](Activation activation) const { return rows[static_cast<std::size_t>(activation)]; }
};

/// Those of the best instruction set that this machine has.
ActivationKernels activation_kernels();

/// Those of every instruction set that this machine has, the best first.
std::vector<ActivationKernels> all_activation_kernels();

}  // namespace ranvier::operators
