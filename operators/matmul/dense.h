// What follows a Dense layer's product.
#pragma once

#include <optional>
#include <vector>

#include "operators/activation/activation.h"
#include "runtime/graph/graph.h"

namespace ranvier::operators {

/// An activation with its parameters, in the order of its row.
struct Epilogue {
  Activation activation = Activation::linear;
  std::vector<float> parameters = {};
};

/// The activation that a node computes of its only input; nothing where it is none, or its parameters are inputs.
std::optional<Epilogue> epilogue_of(const graph::Node& node);

/// Why the kernels cannot serve its parameters; null where they can.
const char* refusal(const Epilogue& epilogue);

/// That of a Dense. @throws Error invalid_model where it names none.
Epilogue epilogue_in(const graph::Node& dense);

/// Writes it into a node's attributes, as Dense reads it.
void set_epilogue(graph::Node& node, const Epilogue& epilogue);

}  // namespace ranvier::operators
