// A tensor seen along one of its axes.
#pragma once

#include <cstdint>

#include "runtime/core/shape.h"

namespace ranvier::operators {

/// A dense tensor as [outer, length, inner]: `length` elements along the axis, `inner` apart.
struct Lanes {
  /// @throws Error invalid_model for an axis out of range.
  Lanes(const Shape& shape, std::int64_t along) : axis(normalized_axis(along, shape.rank())), length(shape[axis]) {
    if (shape.elements() == 0) return;
    outer = product(shape, 0, axis);
    inner = product(shape, axis + 1, shape.rank());
  }

  std::size_t axis;
  std::int64_t outer = 0;  ///< 0 where the tensor has no elements.
  std::int64_t length;
  std::int64_t inner = 0;
};

}  // namespace ranvier::operators
