// What a loaded model keeps in memory.
#include <gtest/gtest.h>

#include <cmath>

#include "ranvier/ranvier.h"
#include "runtime/loader/testing.h"
#include "tests/allocation/counted_malloc.h"

namespace ranvier {
namespace {

/// Three layers of 512 to 512 with relu, 3 MB.
std::string model_bytes() {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto* graph = model.mutable_graph();
  loader::testing::declare(graph->add_input(), "h0", {-1, 512});
  loader::testing::declare(graph->add_output(), "h3", {-1, 512});
  for (int i = 0; i < 3; ++i) {
    const std::string n = std::to_string(i), next = std::to_string(i + 1);
    std::vector<float> weights(512 * 512);
    for (std::size_t k = 0; k < weights.size(); ++k) weights[k] = std::sin(static_cast<float>(k * (i + 1)));
    onnx::TensorProto* tensor = graph->add_initializer();
    tensor->set_name("w" + n);
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    for (int axis = 0; axis < 2; ++axis) tensor->add_dims(512);
    tensor->set_raw_data(weights.data(), weights.size() * sizeof(float));
    loader::testing::add_node(graph, "MatMul", {"h" + n, "w" + n}, {"product" + n}, "product" + n);
    loader::testing::add_node(graph, "Relu", {"product" + n}, {"h" + next}, "relu" + n);
  }
  return loader::serialize(model);
}

TEST(Weights, AreInMemoryOnce) {
  const std::string bytes = model_bytes();
  const Tensor x(DataType::float32, {1, 512}), more(DataType::float32, {3, 512});
  const allocation::Counter counter;
  const Session session(Model::parse(std::as_bytes(std::span(bytes))), {.threads = 1});
  session.run({x});
  session.run({more});
  const double weights = 3 * 512 * 512 * sizeof(float);
  EXPECT_GT(static_cast<double>(counter.bytes()), weights);
  EXPECT_LT(static_cast<double>(counter.bytes()), 1.1 * weights);
}

}  // namespace
}  // namespace ranvier
