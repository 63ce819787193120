// Index tensors whose last axis holds tuples, each the position of a slice of the data: GatherND and ScatterND.
#pragma once

#include "operators/indexing/indices.h"

namespace ranvier::operators {

/// The slices that tuples of indices point to, for data without batch dimensions.
class IndexTuples {
 public:
  /// Tuples of `length` indices into the leading axes of `data`. @throws Error invalid_argument where they are longer
  /// than the data has axes.
  IndexTuples(const Shape& data, std::int64_t length);

  /// The number of elements that one tuple stands for.
  std::int64_t slice() const { return slice_; }

  /// The first element of the slice that tuple `t` points to. @throws Error for an index out of range.
  std::int64_t offset(const Indices& indices, std::int64_t t) const {
    std::int64_t result = 0;
    const auto length = static_cast<std::int64_t>(sizes_.rank());
    for (std::int64_t i = 0; i < length; ++i) {
      const auto axis = static_cast<std::size_t>(i);
      result += checked_index(indices[t * length + i], sizes_[axis]) * strides_[axis];
    }
    return result;
  }

 private:
  Shape sizes_;  // of the axes that a tuple indexes
  Shape strides_;
  std::int64_t slice_ = 1;
};

}  // namespace ranvier::operators
