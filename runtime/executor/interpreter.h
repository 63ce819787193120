// The reference interpreter.
#pragma once

#include <stop_token>
#include <vector>

#include "operators/operator.h"
#include "runtime/graph/graph.h"

namespace ranvier::executor {

/// Computes a graph node by node with the references, each into tensors of its own. `inputs` are those of the graph,
/// in order; an undefined one takes its default. @throws Error that names the node, or cancelled where a stop is
/// requested.
std::vector<Tensor> interpret(const graph::Graph& graph, const std::vector<Tensor>& inputs,
                              const operators::Settings& settings, const std::stop_token& stop = {});

}  // namespace ranvier::executor
