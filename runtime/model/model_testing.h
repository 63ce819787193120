// Models from ONNX messages, in tests.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ranvier/ranvier.h"
#include "runtime/loader/testing.h"

namespace ranvier::testing {

inline Model parse(const onnx::ModelProto& proto, const ModelOptions& options = {}) {
  const std::string bytes = loader::serialize(proto);
  return Model::parse(std::as_bytes(std::span(bytes)), options);
}

inline std::vector<float> floats(const Tensor& tensor) {
  const auto values = tensor.values<float>();
  return {values.begin(), values.end()};
}

/// product = x * [[1, 2], [3, 4]], sum = product + [10, -20], y = max(sum, 0); all float[?, 2].
inline onnx::ModelProto dense_model() {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto* graph = model.mutable_graph();
  loader::testing::declare(graph->add_input(), "x", {-1, 2});
  loader::testing::declare(graph->add_output(), "y", {-1, 2});
  loader::testing::set_floats(graph->add_initializer(), "weights", {2, 2}, {1, 2, 3, 4});
  loader::testing::set_floats(graph->add_initializer(), "bias", {2}, {10, -20});
  loader::testing::add_node(graph, "MatMul", {"x", "weights"}, {"product"}, "matmul");
  loader::testing::add_node(graph, "Add", {"product", "bias"}, {"sum"}, "add");
  loader::testing::add_node(graph, "Relu", {"sum"}, {"y"}, "relu");
  return model;
}

}  // namespace ranvier::testing
