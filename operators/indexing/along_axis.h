// Index tensors that point, element by element, along one axis of the data: GatherElements and ScatterElements.
#pragma once

#include <array>

#include "operators/indexing/indices.h"

namespace ranvier::operators {

/// Pairs the elements of an index tensor with those of the data that they point to: the index says where on one axis,
/// its own position where on the others.
class AlongAxis {
 public:
  /// @throws Error invalid_argument where the index tensor does not lie within the data.
  AlongAxis(const Shape& data, const Shape& indices, std::size_t axis);

  /// Calls `function(i, j)`: index i points to element j of the data. @throws Error for an index out of range.
  template <class Function>
  void for_each(const Indices& indices, const Function& function) const {
    const std::size_t last = extents_.rank() - 1;
    std::array<std::int64_t, Shape::max_rank> position{};
    std::int64_t start = 0;
    for (std::int64_t first = 0; first < count_; first += extents_[last]) {
      for (std::int64_t i = 0; i < extents_[last]; ++i)
        function(first + i, start + i * strides_[last] + checked_index(indices[first + i], size_) * stride_);
      for (std::size_t axis = last; axis-- > 0;) {
        start += strides_[axis];
        if (++position[axis] < extents_[axis]) break;
        start -= strides_[axis] * extents_[axis];
        position[axis] = 0;
      }
    }
  }

 private:
  Shape extents_;            // of the index tensor
  Shape strides_;            // of the data; 0 for the axis that the indices stand for
  std::int64_t count_ = 0;   // of the indices
  std::int64_t size_ = 0;    // of the data along the axis
  std::int64_t stride_ = 0;  // of the data along the axis
};

}  // namespace ranvier::operators
