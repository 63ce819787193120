// Arithmetic on shapes.
#pragma once

#include <span>

#include "ranvier/tensor.h"

namespace ranvier {

/// Elements between neighbours along each axis of a dense row-major tensor; of no meaning where it has no elements.
Shape row_major_strides(const Shape& shape);

/// The indices of element `i` in row-major order: "[3, 7]".
Shape place(const Shape& shape, std::int64_t i);

/// ONNX' multidirectional broadcasting: the shape to which all of `shapes` broadcast.
/// @throws Error invalid_argument that names the two sizes that do not agree.
Shape broadcast(std::span<const Shape> shapes);

/// Strides of `shape` seen as `to`, to which it broadcasts: 0 along every repeated axis.
Shape broadcast_strides(const Shape& shape, const Shape& to);

/// `axis` counted from the front; -rank <= axis < rank. @throws Error invalid_model with the range.
std::size_t normalized_axis(std::int64_t axis, std::size_t rank);

/// The product of dimensions [first, last). Assumes that shape.elements() has been checked; of no meaning where a
/// dimension outside is 0.
std::int64_t product(const Shape& shape, std::size_t first, std::size_t last);

}  // namespace ranvier
