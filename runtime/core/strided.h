// Elements that do not lie one after the other.
#pragma once

#include "ranvier/tensor.h"

namespace ranvier {

/// Copies the elements of `type` (none of the packed types) at `from`, which lie `strides` apart, into row-major order.
/// Allocates nothing, unless strings do.
void gather(DataType type, const Shape& shape, const void* from, const Shape& strides, void* to);

}  // namespace ranvier
