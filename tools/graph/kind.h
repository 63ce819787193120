// What sort of thing an operator does.
#pragma once

#include <cstdint>

#include "runtime/graph/graph.h"

namespace ranvier::view {

enum class Kind : std::uint8_t {
  weights,     ///< Sums of products: Dense, MatMul, Conv, LSTM, ...
  activation,  ///< A row of activations.def.
  normalization,
  reduction,  ///< Pooling too.
  movement,   ///< Elements go elsewhere, and stay what they are.
  other,
};

Kind kind(const graph::Node& node);

}  // namespace ranvier::view
