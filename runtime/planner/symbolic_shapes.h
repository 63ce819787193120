// The shapes of all values of a graph whose inputs have unknown sizes.
#pragma once

#include <vector>

#include "operators/operator.h"
#include "runtime/graph/graph.h"

namespace ranvier::planner {

/// What is known of a value before any input is.
struct SymbolicValue {
  DataType type = DataType::undefined;  ///< undefined: only a run tells.
  graph::DeclaredShape shape;           ///< No value: only a run tells.
};

/// Types and shapes of all values, by value, in terms of the unknown sizes of the inputs: a number, an input's symbol
/// ("batch"), a multiple of one ("16*batch"), or unknown. Found by analysing the graph for several sizes of each
/// unknown and watching which dimensions move; inputs without a rank count as unknown.
/// @throws Error as analyse does, where no choice of sizes suits the graph.
std::vector<SymbolicValue> symbolic_shapes(const graph::Graph& graph, const operators::Settings& settings);

}  // namespace ranvier::planner
