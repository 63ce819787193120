// Tensors for a kernel to write.
#pragma once

#include "ranvier/tensor.h"

namespace ranvier {

/// An owned tensor whose elements are undefined (strings empty), aligned to 64 bytes: one allocation, and no memory is
/// touched before its time. @throws Error as Tensor's constructor does.
Tensor fresh_tensor(DataType type, const Shape& shape);

}  // namespace ranvier
