// A graph in which every node is a standard operator, or calls a function that is made of them.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/graph/graph.h"
#include "runtime/writer/body.h"

namespace ranvier::writer {

struct Standard {
  graph::Graph graph;
  std::int64_t opset = 0;  ///< Of ONNX' own operators: what every node is of.
  std::vector<Function> functions;
};

/// Writes the nodes of a graph anew, each so that it means the same in one opset: that of the file, or where some node
/// cannot be written in that, the least above it in which all can. Nodes that nobody here knows stay as they are, in
/// the file's opset. @throws Error unsupported where no opset serves all nodes.
Standard standardize(const graph::Graph& graph, std::int64_t opset);

}  // namespace ranvier::writer
