// Moving elements of 2 and 4 bits, which share bytes, with kernels that move whole elements.
#pragma once

#include "operators/operator.h"

namespace ranvier::operators {

using Prepare = Kernel (*)(const Spec&);

/// The kernel that `prepare` makes, where no operand is of a packed type. Else the one that it makes for the same spec
/// with uint8 in their place, between unpacking those inputs to a byte an element and packing those outputs.
Kernel prepare_unpacked(const Spec& spec, Prepare prepare);

/// Implementation::prepare of a reference that only moves elements, for all types.
template <Prepare prepare>
Kernel moving(const Spec& spec) {
  return prepare_unpacked(spec, prepare);
}

}  // namespace ranvier::operators
