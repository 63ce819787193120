// What a graph says of its values before any input is known.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::optimizer {

/// What is certain of a value, whatever the inputs.
struct Fact {
  DataType type = DataType::undefined;  ///< undefined: not known.
  /// The sizes of the last dimensions, -1 for unknown ones.
  std::vector<std::int64_t> last = {};
  bool whole = false;  ///< There are no dimensions before those.
};

/// The facts of all values, by value: as declared, or as they follow from what the common operators read.
std::vector<Fact> facts_of(const graph::Graph& graph);

/// What the shape of a node's first output is.
enum class ShapeRule {
  of_first,   ///< That of the first input.
  broadcast,  ///< That which all inputs broadcast to.
  other,
};
ShapeRule shape_rule(const graph::Node& node);

/// Whether a tensor of that shape is certain to broadcast to the value without making it larger.
bool broadcasts_to(const Shape& shape, const Fact& fact);

}  // namespace ranvier::optimizer
