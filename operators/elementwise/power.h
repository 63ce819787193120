// The kernel of Pow.
#pragma once

#include "operators/elementwise/broadcast.h"
#include "operators/operator.h"

namespace ranvier::operators {

/// The types of a base.
using PowerTypes = Joined<FloatTypes, IndexTypes>;

/// Input 0 to the power of input 1, which may have another type; in the type of input 0, rounded once. `shapes` are the
/// inputs' as they broadcast. Of integers,
/// both exact and wrapping around, where the exponent is one too.
Kernel power(const Spec& spec, const std::array<Shape, 2>& shapes);

}  // namespace ranvier::operators
