// What of a graph Ranvier does not do.
#pragma once

#include <string>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::loader {

/// One line for each operator that the table of operators does not have at the node's version, in the order of the
/// graph, subgraphs included: "Foo (domain com.example, opset 3): not supported; nodes 'a', 'b' and 3 more".
std::vector<std::string> unsupported_operators(const graph::Graph& graph);

/// One line for each input and output that is no tensor: "input 's' is of kind sequence: only tensors are supported".
std::vector<std::string> unsupported_ports(const graph::Graph& graph);

}  // namespace ranvier::loader
