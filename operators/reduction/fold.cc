#include "operators/reduction/fold.h"

namespace ranvier::operators {

AxisSet axis_set(std::span<const std::int64_t> axes, std::size_t rank) {
  AxisSet set;
  for (const std::int64_t axis : axes) set.set(normalized_axis(axis, rank));
  return set;
}

AxisSet axes_from(std::size_t first, std::size_t rank) {
  AxisSet set;
  for (std::size_t axis = first; axis < rank; ++axis) set.set(axis);
  return set;
}

Shape folded_shape(const Shape& shape, const AxisSet& folded, bool keep) {
  Shape result;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (!folded[axis]) result.push_back(shape[axis]);
    if (folded[axis] && keep) result.push_back(1);
  }
  return result;
}

FoldLayout::FoldLayout(const Shape& shape, const AxisSet& folded) {
  if (shape.elements() == 0) {  // the other sizes may be anything: no product of them is safe
    kept_ = {.extents = {folded_shape(shape, folded).elements()}, .strides = {0}};
    run_ = 0;
    return;
  }
  std::int64_t stride = 1;
  StridedAxes* innermost = nullptr;
  StridedAxes* last = nullptr;
  for (std::size_t axis = shape.rank(); axis-- > 0;) {
    if (shape[axis] == 1) continue;
    StridedAxes& axes = folded[axis] ? folded_ : kept_;
    if (last == &axes) {
      axes.extents[0] *= shape[axis];
    } else {
      axes.extents.insert(0, shape[axis]);
      axes.strides.insert(0, stride);
    }
    if (innermost == nullptr) innermost = &axes;
    last = &axes;
    stride *= shape[axis];
  }
  if (innermost == nullptr) return;
  (innermost == &folded_ ? run_ : columns_) = innermost->extents.back();
  innermost->extents.erase(innermost->extents.rank() - 1);
  innermost->strides.erase(innermost->strides.rank() - 1);
}

}  // namespace ranvier::operators
