#include "runtime/model/weights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "operators/matmul/dense.h"
#include "runtime/core/forgotten.h"
#include "runtime/core/panels.h"
#include "runtime/executor/model_parts.h"
#include "runtime/graph/testing.h"
#include "runtime/model/model_testing.h"

namespace ranvier::model {
namespace {

using graph::Graph;
using graph::ValueId;
using graph::testing::Builder;
using loader::testing::error_of;
using testing::dense_model;
using testing::floats;
using testing::parse;

ValueId dense_of(Builder& builder, ValueId x, ValueId weights, Builder::Attributes attributes = {}) {
  const ValueId y = builder.node("Dense", {x, weights}, std::move(attributes), 1);
  builder.graph().nodes.back().domain = "ranvier";
  return y;
}

/// A matrix whose memory is known to be gone.
struct Watched {
  std::shared_ptr<std::vector<float>> memory = std::make_shared<std::vector<float>>(std::vector<float>{1, 2, 3, 4});
  std::weak_ptr<std::vector<float>> watch = memory;

  Tensor matrix() {
    float* const elements = memory->data();
    return Tensor::view(DataType::float32, elements, {2, 2}, std::exchange(memory, nullptr));
  }
};

const Tensor& constant_of(const Graph& graph, ValueId id) { return *graph.values[id].constant; }

TEST(PackWeights, LeavesOneCopyInMemory) {
  Builder builder;
  Watched watched;
  const ValueId weights = builder.constant(watched.matrix());
  Graph graph = builder.finish({dense_of(builder, builder.input("x"), weights)});
  builder = {};
  Graph file = graph;
  pack_weights(graph, file, {});
  EXPECT_TRUE(watched.watch.expired());
  EXPECT_NE(panels_of(constant_of(graph, weights)), nullptr);
  EXPECT_EQ(constant_of(graph, weights).data(), constant_of(file, weights).data());
  EXPECT_EQ(floats(constant_of(file, weights).copy()), (std::vector<float>{1, 2, 3, 4}));
}

TEST(PackWeights, LeavesItToPlanningToSayWhatIsWrong) {
  Builder builder;
  const ValueId x = builder.input("x"), weights = builder.constant(Tensor::of<float>({2, 2}, {1, 2, 3, 4}));
  Graph graph = builder.finish({dense_of(builder, x, weights, {{"activation", std::string("sofplus")}})});
  Graph file = graph;
  pack_weights(graph, file, {});
  EXPECT_TRUE(constant_of(graph, weights).dense());
}

TEST(PackWeights, SharesWhatSeveralLayersShare) {
  Builder builder;
  Watched watched;
  const Tensor matrix = watched.matrix();
  const ValueId weights = builder.constant(matrix), same = builder.constant(matrix);
  const ValueId y = dense_of(builder, dense_of(builder, builder.input("x"), weights), weights);
  Graph graph = builder.finish({dense_of(builder, y, same)});
  Graph file = graph;
  pack_weights(graph, file, {});
  EXPECT_NE(panels_of(constant_of(graph, weights)), nullptr);
  EXPECT_EQ(constant_of(graph, weights).data(), constant_of(graph, same).data());
  EXPECT_EQ(constant_of(file, weights).data(), constant_of(file, same).data());
}

TEST(PackWeights, LeavesAloneWhatOthersRead) {
  Builder builder;
  const auto matrix = [&] { return builder.constant(Tensor::of<float>({2, 2}, {1, 2, 3, 4})); };
  const ValueId x = builder.input("x"), added = matrix(), is_output = matrix(), both_ways = matrix(), given = matrix();
  const ValueId as_input = matrix(), doubles = builder.constant(Tensor::of<double>({2, 2}, {1, 2, 3, 4}));
  std::vector<ValueId> outputs = {is_output, builder.node("Add", {x, added})};
  for (const ValueId weights : {added, is_output, both_ways, given, doubles})
    outputs.push_back(dense_of(builder, x, weights));
  outputs.push_back(dense_of(builder, x, both_ways, {{"transB", std::int64_t{1}}}));
  outputs.push_back(dense_of(builder, as_input, as_input));
  Graph graph = builder.finish(outputs);
  graph.values[given].overridable = true;
  Graph file = graph;
  pack_weights(graph, file, {});
  for (const ValueId id : {added, is_output, both_ways, given, as_input, doubles})
    EXPECT_TRUE(constant_of(graph, id).dense()) << id;
}

TEST(PackWeights, FindsWhatWasPackedBefore) {
  Builder builder;
  const ValueId weights = builder.constant(Tensor::of<float>({2, 2}, {1, 2, 3, 4}));
  Graph graph = builder.finish({dense_of(builder, builder.input("x"), weights, {{"transB", std::int64_t{1}}})});
  Graph file = graph;
  pack_weights(graph, file, {});
  std::vector<Repacked> copies;
  Graph dense = with_dense_constants(graph, &copies);
  EXPECT_EQ(floats(constant_of(dense, weights)), (std::vector<float>{1, 2, 3, 4}));
  pack_weights(dense, file, copies);
  EXPECT_EQ(constant_of(dense, weights).data(), constant_of(graph, weights).data());
}

/// product = x * weights[128, 128], y = product * 2.
onnx::ModelProto scaled_model(float weight) {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto* graph = model.mutable_graph();
  loader::testing::declare(graph->add_input(), "x", {-1, 128});
  loader::testing::declare(graph->add_output(), "y", {-1, 128});
  loader::testing::set_floats(graph->add_initializer(), "weights", {128, 128}, std::vector<float>(128 * 128, weight));
  loader::testing::set_floats(graph->add_initializer(), "scale", {128}, std::vector<float>(128, 2));
  loader::testing::add_node(graph, "MatMul", {"x", "weights"}, {"product"}, "matmul");
  loader::testing::add_node(graph, "Mul", {"product", "scale"}, {"y"}, "mul");
  return model;
}

const Tensor& weights_in_file(const Model& model) {
  const Graph& graph = model.parts().loaded.graph;
  return *std::ranges::find(graph.values, "weights", &graph::Value::name)->constant;
}

TEST(ForgetWhatChanged, LeavesWeightsInMemoryOnceAndTapsReadThemAgain) {
  loader::testing::TemporaryFolder folder;
  const std::filesystem::path file = folder.write("m.onnx", loader::serialize(scaled_model(0.5f)));
  const Model model = Model::load(file);
  ASSERT_EQ(graph::testing::operators_of(model.parts().graph), (std::vector<std::string>{"Dense"}));
  EXPECT_TRUE(is_forgotten(weights_in_file(model)));
  const std::string tap[] = {"product"};
  const Tensor x = Tensor::of<float>({1, 128}, std::vector<float>(128, 1));
  const Model tapped = model.tapped(tap);
  const std::vector<Tensor> outputs = Session(tapped).run({x});
  EXPECT_EQ(floats(outputs[0])[0], 128);
  EXPECT_EQ(floats(outputs[1])[0], 64);
  EXPECT_FALSE(is_forgotten(weights_in_file(tapped))) << "which has use for them";
  folder.write("m.onnx", loader::serialize(scaled_model(0.25f)));
  EXPECT_EQ(error_of([&] { (void)model.tapped(tap); }),
            "io: taps need weights that are read again: " + file.string() +
                ": tensor 'weights' has changed since the model was loaded");
  std::filesystem::remove(file);
  EXPECT_EQ(error_of([&] { (void)model.tapped(tap); }), "io: taps need weights that are read again: " + file.string() +
                                                            ": cannot open the file: No such file or directory");
  EXPECT_EQ(floats(Session(model).run({x})[0])[0], 128) << "which needs no file";
}

TEST(ForgetWhatChanged, KeepsWhatCannotBeReadAgain) {
  const Model model = parse(scaled_model(0.5f));
  EXPECT_FALSE(is_forgotten(weights_in_file(model)));
  const Tensor x = Tensor::of<float>({1, 128}, std::vector<float>(128, 1));
  EXPECT_EQ(floats(Session(model.tapped(std::vector<std::string>{"product"})).run({x})[1])[0], 64);
}

TEST(PackWeights, IsDoneForModelsAndTheTappedOnesOfThem) {
  const Model model = parse(dense_model());
  const auto& weights = [](const Model& of) -> const Tensor& {
    const Graph& graph = of.parts().graph;
    return *graph.constant(graph.nodes[0].inputs[1]);
  };
  ASSERT_NE(panels_of(weights(model)), nullptr);
  const Model tapped = model.tapped(std::vector<std::string>{"sum"});
  EXPECT_EQ(weights(tapped).data(), weights(model).data()) << "shared";
  const Model with_weights = model.tapped(std::vector<std::string>{"weights"});
  const Tensor x = Tensor::of<float>({1, 2}, {1, 1});
  EXPECT_EQ(floats(Session(with_weights).run({x})[1]), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(floats(Session(model).run({x})[0]), floats(Session(model, {.reference = true}).run({x})[0]));
}

}  // namespace
}  // namespace ranvier::model
