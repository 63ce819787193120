// Matrices cut into panels: columns that a kernel reads together lie together.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ranvier/tensor.h"

namespace ranvier {

/// How a matrix of float32 lies in memory: panels of `width` columns, the last one filled up with zeros; each panel row
/// after row.
struct Panels {
  std::size_t axis = 1;    ///< That of the columns: 1, or 0 of a matrix that is the transpose of the one cut.
  std::int64_t width = 1;  ///< Columns of a panel.

  /// The elements that the panels of a matrix of `shape` have, those of the filling included.
  std::size_t elements(const Shape& shape) const;
  /// Cuts a dense matrix.
  void cut(const float* matrix, const Shape& shape, float* panels) const;
  /// The way back.
  void join(const float* panels, const Shape& shape, float* matrix) const;

  friend bool operator==(const Panels&, const Panels&) = default;
};

/// A matrix with the same elements, in panels: it is not dense(), and its data() is the first panel, aligned to 64
/// bytes. @throws std::bad_alloc.
Tensor in_panels(const Tensor& matrix, const Panels& panels);

/// How a tensor that is in panels lies; null for any other.
const Panels* panels_of(const Tensor& tensor);

/// The tensor itself where it is dense(), else a copy that is.
inline Tensor as_dense(const Tensor& tensor) { return tensor.dense() ? tensor : tensor.copy(); }

}  // namespace ranvier
