// Tensors whose elements are not kept.
#pragma once

#include "ranvier/tensor.h"

namespace ranvier {

/// What can be told of elements that are not kept.
struct Forgotten {
  std::size_t hash = 0;
};

/// The type and shape of a dense tensor (not of strings), and a hash of its elements: it is not dense(), has no memory
/// to read, and copying it is an Error.
Tensor forgotten(const Tensor& tensor);

/// What is known of the elements of a forgotten tensor; null for any other.
const Forgotten* what_is_known(const Tensor& tensor);

/// Whether a dense tensor has the type, shape and elements of the forgotten one.
bool is_what_was_forgotten(const Tensor& tensor, const Tensor& forgotten);

}  // namespace ranvier
