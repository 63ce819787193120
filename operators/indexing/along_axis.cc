#include "operators/indexing/along_axis.h"

namespace ranvier::operators {

AlongAxis::AlongAxis(const Shape& data, const Shape& indices, std::size_t axis)
    : extents_(indices), strides_(row_major_strides(data)), count_(indices.elements()), size_(data[axis]) {
  bool fits = indices.rank() == data.rank();
  for (std::size_t i = 0; fits && i < data.rank(); ++i) fits = i == axis || indices[i] <= data[i];
  if (!fits)
    fail(ErrorCode::invalid_argument, "indices of shape {} do not lie within data of shape {} (axis {})",
         to_string(indices), to_string(data), axis);
  stride_ = strides_[axis];
  strides_[axis] = 0;
}

}  // namespace ranvier::operators
