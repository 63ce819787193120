// Tensors for a kernel to write.
#pragma once

#include "ranvier/tensor.h"

namespace ranvier {

/// An owned tensor of the type and shape of `like`, whose elements are undefined (strings empty), aligned to 64 bytes:
/// one allocation, and no memory is touched before its time. @throws Error out_of_memory.
Tensor fresh_tensor(const Tensor& like);
inline Tensor fresh_tensor(DataType type, const Shape& shape) {
  return fresh_tensor(Tensor::view(type, static_cast<void*>(nullptr), shape));
}

}  // namespace ranvier
