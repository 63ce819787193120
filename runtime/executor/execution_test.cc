#include "runtime/executor/execution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "runtime/executor/binding_parts.h"
#include "runtime/executor/testing.h"
#include "runtime/graph/testing.h"

namespace ranvier {
namespace {

using graph::Dimension;
using graph::ValueId;
using graph::testing::Builder;

Tensor waves(const Shape& shape, float scale) {
  Tensor tensor(DataType::float32, shape);
  float i = 0;
  for (float& element : tensor.mutable_values<float>()) element = scale * std::sin(i++);
  return tensor;
}

class Network {
 public:
  ValueId input(const std::string& name, std::int64_t size) {
    return builder_.input(name, DataType::float32, std::vector<Dimension>{{-1, "batch"}, {size, ""}});
  }
  ValueId constant(const Shape& shape) { return builder_.constant(waves(shape, 0.3f)); }
  ValueId node(const std::string& op, std::vector<ValueId> inputs, Builder::Attributes attributes = {}) {
    return builder_.node(op, std::move(inputs), std::move(attributes));
  }
  ValueId dense(ValueId x, std::int64_t inner, std::int64_t columns, const std::string& activation) {
    const ValueId y = node("Dense", {x, constant({inner, columns}), constant({columns})}, {{"activation", activation}});
    builder_.graph().nodes.back().domain = "ranvier";
    builder_.graph().nodes.back().version = 1;
    return y;
  }
  Model finish(std::vector<ValueId> outputs) { return testing::model_of(builder_.finish(std::move(outputs))); }

 private:
  Builder builder_;
};

/// Two inputs side by side, a residual, a normalization, activations of their own; what is added to is an output, too.
Model residual() {
  Network network;
  const ValueId both =
      network.node("Concat", {network.input("x", 40), network.input("z", 24)}, {{"axis", std::int64_t{1}}});
  const ValueId sum = network.node("Add", {both, network.dense(both, 64, 64, "gelu")});
  const ValueId normal = network.node("LayerNormalization", {sum, network.constant({64}), network.constant({64})});
  const ValueId scaled = network.node("Mul", {network.node("Tanh", {normal}), network.constant({64})});
  return network.finish({network.dense(scaled, 64, 10, "softmax"), sum});
}

/// Rows so long that their kernel copies them.
Model long_rows() {
  Network network;
  return network.finish({network.dense(network.dense(network.input("x", 512), 512, 16, "relu"), 16, 512, "linear")});
}

std::vector<Tensor> inputs_of(const Model& model, std::int64_t rows) {
  std::vector<Tensor> inputs;
  for (const PortInfo& port : model.inputs()) inputs.push_back(waves({rows, port.dimensions[1].size}, 2));
  return inputs;
}

Tensor row_of(const Tensor& tensor, std::int64_t row) {
  const auto size = static_cast<std::size_t>(tensor.shape()[1]);
  return Tensor::view(tensor.values<float>().subspan(static_cast<std::size_t>(row) * size, size),
                      {1, tensor.shape()[1]});
}

void expect_rows_of_their_own(const Model& model, std::int64_t rows, std::size_t steps_in_blocks) {
  const std::vector<Tensor> inputs = inputs_of(model, rows);
  const Session alone(model, {.threads = 1});
  for (const int threads : {1, 2, 3}) {
    const Session session(model, {.threads = threads});
    std::vector<Tensor> outputs = session.run(inputs);
    const Binding binding = session.bind(inputs, outputs);
    std::size_t steps = 0;
    for (const planner::Blocks& blocks : binding.parts().execution.plan().blocks)
      steps += blocks.end_step - blocks.first_step;
    EXPECT_EQ(steps, steps_in_blocks) << threads << " threads";
    for (const std::int64_t row : {std::int64_t{0}, rows / 3, rows / 2, rows - 1}) {
      std::vector<Tensor> single;
      for (const Tensor& input : inputs) single.push_back(row_of(input, row));
      const std::vector<Tensor> expected = alone.run(single);
      for (std::size_t i = 0; i < outputs.size(); ++i)
        EXPECT_EQ(std::memcmp(row_of(outputs[i], row).data(), expected[i].data(), expected[i].bytes()), 0)
            << "row " << row << " of output " << i << ", " << threads << " threads";
    }
  }
}

TEST(Execution, RunsByBlocksWhatItRunsRowByRow) {
  expect_rows_of_their_own(residual(), 3001, 7);
  expect_rows_of_their_own(long_rows(), 1501, 2);
}

TEST(Execution, ThreadsShareOutTheColumnsOfFewRows) {
  Network network;
  const Model model = network.finish({network.dense(network.input("x", 512), 512, 5003, "tanh")});
  const Session alone(model, {.threads = 1}), shared(model, {.threads = 3});
  for (const std::int64_t rows : {1, 5, 64}) {
    const std::vector<Tensor> inputs = inputs_of(model, rows);
    const Tensor expected = alone.run(inputs)[0], made = shared.run(inputs)[0];
    EXPECT_EQ(std::memcmp(made.data(), expected.data(), expected.bytes()), 0) << rows << " rows";
  }
}

TEST(Execution, BlocksNeedNoMemoryForAllRows) {
  const Model model = residual();
  const Session session(model, {.threads = 1});
  const std::vector<Tensor> inputs = inputs_of(model, 100'000);
  std::vector<Tensor> outputs = {Tensor(DataType::float32, {100'000, 10}), Tensor(DataType::float32, {100'000, 64})};
  const Binding binding = session.bind(inputs, outputs);
  EXPECT_LT(binding.parts().execution.plan().arena_bytes, 1'000'000u);
}

TEST(Execution, ACallIsAStepOrBlocks) {
  const Model model = residual();
  const Session session(model, {.threads = 1});
  const std::vector<Tensor> few = inputs_of(model, 2), many = inputs_of(model, 3000);
  std::vector<Tensor> few_outputs = session.run(few), many_outputs = session.run(many);
  const Binding one_by_one = session.bind(few, few_outputs), together = session.bind(many, many_outputs);
  EXPECT_EQ(one_by_one.parts().execution.calls(), 7u);
  EXPECT_EQ(one_by_one.parts().execution.first_step(3), 3u);
  EXPECT_EQ(together.parts().execution.calls(), 1u);
  EXPECT_EQ(together.parts().execution.first_step(1), 7u);
}

}  // namespace
}  // namespace ranvier
