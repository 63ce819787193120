// Computing a graph node by node.
#pragma once

#include <functional>
#include <vector>

#include "operators/operator.h"
#include "runtime/graph/graph.h"

namespace ranvier::random_graphs {

/// How a node is computed; absent operands are null.
using Evaluate = std::function<std::vector<Tensor>(const operators::Operator& op, const graph::Node& node,
                                                   const std::vector<const Tensor*>& operands)>;

/// By its reference.
std::vector<Tensor> by_reference(const operators::Operator& op, const graph::Node& node,
                                 const std::vector<const Tensor*>& operands);

/// All values of the graph. An undefined input, or a missing one at the end, is left at its default. @throws Error as
/// evaluating does.
std::vector<Tensor> values_of(const graph::Graph& graph, const std::vector<Tensor>& inputs,
                              const Evaluate& evaluate = by_reference);

}  // namespace ranvier::random_graphs
