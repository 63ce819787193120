// The kernel of every operator that hands on its first input's elements.
#pragma once

#include "operators/operator.h"

namespace ranvier::operators {

/// Copies `count` elements of `type` (strings as strings, packed types with their last byte).
void copy_elements(DataType type, const void* from, void* to, std::size_t bytes);

/// Copies all elements of input 0 to output 0.
Kernel copy_first_input(const Spec& spec);

}  // namespace ranvier::operators
