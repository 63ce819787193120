// The SIMD kernels of Dense.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

namespace ranvier::operators {

/// Weights as the kernels read them: panels of `panel_width` columns, the last one filled up with zeros, each panel
/// row after row.
struct DenseWeights {
  std::size_t inner = 0;                                  ///< Rows of the weights: elements of a row of x.
  std::size_t columns = 0;                                ///< Elements of a row of y.
  std::size_t stride = 0;                                 ///< From one row of y to the next, in elements.
  const float* panels = nullptr;                          ///< Aligned to 64 bytes.
  const float* addends = nullptr;                         ///< The bias, filled up with zeros to whole panels.
  float least = -std::numeric_limits<float>::infinity();  ///< Elements of y that are less become this; NaN stays.
};

struct DenseKernels {
  std::string_view instruction_set;
  bool fused_multiply_add = false;  ///< All of those that have it compute the same bits.
  std::size_t panel_width = 0;
  std::size_t tile_rows = 1;  ///< So many rows at once, or a multiple, are fastest.

  /// y = x weights + addends for `rows` rows, those of x one after the other. What an element becomes depends on its
  /// row and column alone: it begins as the addend, and the products are added in the order of the inner index. y must
  /// not overlap x. Safe to be called by many threads, each with `scratch_bytes(inner, rows)` bytes of its own, aligned
  /// to 64.
  void (*multiply)(const DenseWeights& weights, const float* x, float* y, std::size_t rows,
                   std::byte* scratch) = nullptr;
  std::size_t (*scratch_bytes)(std::size_t inner, std::size_t rows) = nullptr;
};

/// Those of the best instruction set that this machine has.
DenseKernels dense_kernels();

/// Those of every instruction set that this machine has, the best first.
std::vector<DenseKernels> all_dense_kernels();

}  // namespace ranvier::operators
