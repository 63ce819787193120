// The SIMD kernels of Softmax, LogSoftmax and Hardmax.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ranvier::operators {

/// Normalizes one row of `size` floats, 1 or more: y may be x, else they must not overlap. The order of every sum
/// depends on `size` alone, so all instruction sets with fused multiply-add give the same bits. NaN in a row, or an
/// infinite largest element, makes all of it NaN, but for Hardmax, which takes the first NaN for the largest. Safe to
/// be called by many threads.
using RowKernel = void (*)(const float* x, float* y, std::size_t size);

struct SoftmaxKernels {
  std::string_view instruction_set;
  bool fused_multiply_add = false;
  RowKernel softmax = nullptr;
  RowKernel log_softmax = nullptr;
  RowKernel hardmax = nullptr;
};

/// Those of the best instruction set that this machine has.
SoftmaxKernels softmax_kernels();

/// Those of every instruction set that this machine has, the best first.
std::vector<SoftmaxKernels> all_softmax_kernels();

}  // namespace ranvier::operators
