#include "operators/indexing/index_tuples.h"

namespace ranvier::operators {

IndexTuples::IndexTuples(const Shape& data, std::int64_t length) {
  const std::size_t rank = data.rank();
  if (length < 0 || static_cast<std::size_t>(length) > rank)
    fail(ErrorCode::invalid_argument, "tuples of {} indices do not fit data of shape {}", length, to_string(data));
  const auto axes = static_cast<std::size_t>(length);
  const Shape strides = row_major_strides(data);
  for (std::size_t axis = 0; axis < axes; ++axis) {
    sizes_.push_back(data[axis]);
    strides_.push_back(strides[axis]);
  }
  slice_ = product(data, axes, rank);
}

}  // namespace ranvier::operators
