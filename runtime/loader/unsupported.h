// What of a graph Ranvier does not do.
#pragma once

#include <string>
#include <vector>

#include "operators/custom.h"
#include "runtime/graph/graph.h"

namespace ranvier::loader {

/// One line for each operator that neither the table of operators nor `registered` has at the node's version, in the
/// order of the graph, subgraphs included: "Foo (opset 17): not supported; nodes 'a', 'b' and 3 more". Of another
/// domain than ONNX', it says how the user can register it.
std::vector<std::string> unsupported_operators(const graph::Graph& graph,
                                               const operators::CustomOperators& registered = {});

/// One line for each input and output that is no tensor: "input 's' is of kind sequence: only tensors are supported".
std::vector<std::string> unsupported_ports(const graph::Graph& graph);

}  // namespace ranvier::loader
