// From graph::Graph to the format's graphs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/graph/graph.h"
#include "runtime/loader/messages.h"

namespace ranvier::writer {

/// Sets name, type and value of an attribute that holds no graph.
void write(const std::string& name, const graph::Attribute& attribute, onnx::AttributeProto& to);

/// The file beside a model that the elements of large tensors go to.
struct ExternalFile {
  struct Piece {
    std::size_t offset = 0;
    Tensor tensor;
  };

  std::string name;           ///< Relative to the model's folder; empty: all elements stand in the model.
  std::vector<Piece> pieces;  ///< By offset, which are whole pages: such files are mapped.
  std::size_t size = 0;
};

/// Writes a model's graph: every value that nodes need, with a name of its own. Inputs and outputs are declared as
/// those of `declared` are, which correspond to the graph's. @throws Error unsupported for one that is no tensor.
void write(const graph::Graph& graph, const graph::Graph& declared, ExternalFile& external, onnx::GraphProto& to);

}  // namespace ranvier::writer
