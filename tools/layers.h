// The layers of a model in numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::tools {

/// One node as a summary shows it.
struct Layer {
  std::string name;  ///< That of the node, or of its first output.
  std::string op;    ///< With its domain where that is not ONNX' own.
  DataType type = DataType::undefined;
  graph::DeclaredShape shape;   ///< Of the first output.
  std::int64_t parameters = 0;  ///< Elements of the weights it is the first to use, subgraphs included.
  std::int64_t bytes = 0;       ///< Theirs.
  std::int64_t flops = 0;       ///< Additions and multiplications, an unknown size counted as 1; 0 for data movement.
};

/// The layers of a graph, in order. Weights are constants with at least one dimension, int64, bool and strings
/// aside: those are shapes, axes and flags. Shapes are `shapes` by value where those are known, else as the file
/// declares.
std::vector<Layer> layers(const graph::Graph& graph, const std::vector<graph::DeclaredShape>& shapes);

}  // namespace ranvier::tools
