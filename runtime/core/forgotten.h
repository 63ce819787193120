// Tensors whose elements are not kept.
#pragma once

#include "ranvier/tensor.h"

namespace ranvier {

/// What is known of elements that are not kept.
struct Forgotten {
  std::size_t hash = 0;
};

/// The type and shape of a dense tensor (not of strings), and a hash of its elements: it is not dense(), has no memory
/// to read, and copying it is an Error.
Tensor forgotten(const Tensor& tensor);

bool is_forgotten(const Tensor& tensor);

/// Whether a dense tensor has the type, shape and elements of the forgotten one.
bool is_what_was_forgotten(const Tensor& tensor, const Tensor& forgotten);

}  // namespace ranvier
