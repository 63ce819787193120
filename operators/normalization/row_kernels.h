// The SIMD kernels of the normalizations of rows.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ranvier::operators {

/// Normalizes one row of `size` floats, 1 or more: y may be x, else they must not overlap. `scale` and `bias` have as
/// many elements; bias may be null. The order of every sum depends on `size` alone, so all instruction sets with fused
/// multiply-add give the same bits. Safe to be called by many threads.
using RowNormalization = void (*)(const float* x, const float* scale, const float* bias, float* y, std::size_t size,
                                  double epsilon);

struct RowNormalizations {
  std::string_view instruction_set;
  bool fused_multiply_add = false;
  RowNormalization layer = nullptr;             ///< (x - mean) / sqrt(variance + epsilon) * scale + bias
  RowNormalization root_mean_square = nullptr;  ///< x / sqrt(mean of squares + epsilon) * scale + bias
};

/// Those of the best instruction set that this machine has.
RowNormalizations row_normalizations();

/// Those of every instruction set that this machine has, the best first.
std::vector<RowNormalizations> all_row_normalizations();

}  // namespace ranvier::operators
