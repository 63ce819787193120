// Writing graphs and reading them again in tests.
#pragma once

#include <numeric>
#include <string>

#include "operators/table.h"
#include "ranvier/session.h"
#include "runtime/graph/testing.h"
#include "runtime/loader/testing.h"
#include "runtime/writer/writer.h"

namespace ranvier::writer::testing {

using graph::testing::Builder;
using graph::testing::operators_of;
using loader::testing::error_of;
using Names = std::vector<std::string>;

/// 0, 1, 2, ...
inline Tensor counting(const Shape& shape) {
  Tensor tensor(DataType::float32, shape);
  std::iota(tensor.mutable_values<float>().begin(), tensor.mutable_values<float>().end(), 0.0f);
  return tensor;
}

/// What the reference of a node's operator makes of the inputs.
inline Tensor evaluated(const graph::Node& node, const std::vector<Tensor>& inputs) {
  std::vector<const Tensor*> pointers;
  for (const Tensor& input : inputs) pointers.push_back(&input);
  return operators::evaluate(*operators::find_operator(node.domain, node.op_type, node.version), node, pointers)[0];
}

/// A file that holds the graph.
inline loader::LoadedModel file_of(graph::Graph graph, std::int64_t opset = 17, std::int64_t ir_version = 8) {
  loader::LoadedModel file;
  file.graph = std::move(graph);
  file.ir_version = ir_version;
  file.opsets = {{"", opset}};
  return file;
}

inline std::string bytes_of(const Document& document) {
  std::string bytes;
  document.write([&](std::string_view more) { bytes += more; });
  return bytes;
}

inline onnx::ModelProto proto_of(const Document& document) {
  onnx::ModelProto proto;
  if (!proto.ParseFromString(bytes_of(document))) throw std::runtime_error("what was written is no model");
  return proto;
}

/// What the loader reads of a document.
inline loader::LoadedModel read_again(const Document& document) { return loader::testing::load(bytes_of(document)); }

/// The model with its functions as those of a domain that nobody knows: who reads it computes what they spell out.
inline onnx::ModelProto spelled_out(onnx::ModelProto model) {
  const std::string domain = "spelled";
  const auto rename = [&](auto& nodes) {
    for (onnx::NodeProto& node : nodes)
      if (node.domain() == "ranvier") node.set_domain(domain);
  };
  rename(*model.mutable_graph()->mutable_node());
  for (onnx::FunctionProto& function : *model.mutable_functions()) function.set_domain(domain);
  model.add_opset_import()->set_domain(domain);
  model.mutable_opset_import()->rbegin()->set_version(1);
  return model;
}

inline Model parsed(const std::string& bytes, const ModelOptions& options = {}) {
  return Model::parse(std::as_bytes(std::span(bytes)), options);
}

}  // namespace ranvier::writer::testing
