// What follows a Dense layer's product.
#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "operators/activation/activation.h"
#include "runtime/graph/graph.h"

namespace ranvier::operators {

/// An activation of the elements of a row together, by the name of its row in activations.def.
enum class RowActivation { softmax, log_softmax };

struct Epilogue {
  std::variant<Activation, RowActivation> activation = Activation::linear;
  std::vector<float> parameters = {};  ///< In the order of the activation's row.
};

/// The name of the activation's row.
std::string_view name(const Epilogue& epilogue);

/// The activation that a node computes of its only input, which has `rank` dimensions (0: not known); nothing where it
/// is none, its parameters are inputs, or the elements it takes together are not those of a row.
std::optional<Epilogue> epilogue_of(const graph::Node& node, std::size_t rank = 0);

/// Why the kernels cannot serve its parameters; null where they can.
const char* refusal(const Epilogue& epilogue);

/// That of a Dense. @throws Error invalid_model where it names none.
Epilogue epilogue_in(const graph::Node& dense);

/// Writes it into a node's attributes, as Dense reads it.
void set_epilogue(graph::Node& node, const Epilogue& epilogue);

}  // namespace ranvier::operators
