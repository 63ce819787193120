// Ranvier's own operators that ONNX has too, in other words.
#pragma once

#include "runtime/graph/graph.h"

namespace ranvier::writer {

/// The graph with ranvier.Dense as product, sum and activation, normalizations and their activation apart, and
/// operators that ONNX has under another name by that name; in subgraphs too. Each node has the oldest version of its
/// operator that means this.
graph::Graph without_own_operators(const graph::Graph& graph);

}  // namespace ranvier::writer
