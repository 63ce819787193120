#include <gtest/gtest.h>

#include <cmath>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::describe;
using testing::graph_of;

graph::Graph after(const graph::Graph& graph) {
  return graph::apply(graph, graph::merge(take_in_activations(graph, {}), graph.values.size()));
}

TEST(TakeInActivations, Normalizations) {
  const std::string layer = "n=LayerNormalization(x, W[6], B[6]);";
  EXPECT_EQ(describe(after(graph_of(layer + "y=Relu(n)"))), "ranvier::LayerNormalization{activation=relu}");
  EXPECT_EQ(describe(after(graph_of(layer + "y=Softmax(n)"))), "ranvier::LayerNormalization{activation=softmax}");
  EXPECT_EQ(describe(after(graph_of("n=RMSNormalization{epsilon=0.5}(x, W[6]); y=Tanh(n)", {.version = 23}))),
            "ranvier::RMSNormalization{activation=tanh, epsilon=0.5}");
  const Tensor x = Tensor::of<float>({1, 6}, {-2, -1, 0, 1, 2, 3});
  const graph::Graph graph = graph_of(layer + "y=Tanh(n)", {.shape = {1, 6}});
  const Tensor expected = testing::evaluated(graph, x), got = testing::evaluated(after(graph), x);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(got.values<float>()[i], expected.values<float>()[i], 1e-6);
}

TEST(TakeInActivations, Convolutions) {
  const testing::Dialect images = {.version = 20, .shape = {1, 2, 3, 3}};
  const std::string conv = "c=Conv{pads=[1,1,1,1]}(x, W[4,2,3,3], B[4]);";
  EXPECT_EQ(describe(after(graph_of(conv + "y=Tanh(c)", images))), "ranvier::Conv{activation=tanh, pads=}");
  EXPECT_EQ(describe(after(graph_of(conv + "y=Softmax(c)", images))), "Conv{pads=} Softmax")
      << "its rows are no channels";
  EXPECT_EQ(describe(after(graph_of(conv + "y=Tanh(c) -> y, c", images))), "Conv{pads=} Tanh");
  EXPECT_TRUE(refused_to_take_in(graph_of(conv + "y=Softmax(c)", images), {}).empty());
  std::vector<float> numbers(18);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = 0.01f * static_cast<float>(i) - 0.1f;
  const Tensor x = Tensor::of<float>({1, 2, 3, 3}, numbers);
  const graph::Graph graph = graph_of(conv + "y=Tanh(c)", images);
  const Tensor expected = testing::evaluated(graph, x), got = testing::evaluated(after(graph), x);
  for (std::size_t i = 0; i < 36; ++i) EXPECT_NEAR(got.values<float>()[i], expected.values<float>()[i], 1e-6);
}

TEST(TakeInActivations, OnlyWhatOneNodeReads) {
  const std::string layer = "n=LayerNormalization(x, W[6], B[6]);";
  for (const std::string end : {"y=Relu(n) -> y, n", "y=Relu(n); z=Add(y, n)", "y=Softmax{axis=0}(n)", "y=Neg(n)"})
    EXPECT_EQ(describe(after(graph_of(layer + end))).find("activation"), std::string::npos) << end;
  EXPECT_EQ(describe(after(graph_of("n,m,d=LayerNormalization(x, W[6], B[6]); y=Relu(n) -> y, m"))).find("activation"),
            std::string::npos);
  const auto refusals = refused_to_take_in(graph_of(layer + "y=Relu(n) -> y, n"), {});
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0], "node 'y' (Relu, opset 17) is a step of its own: 'n' in between is needed elsewhere, too");
}

}  // namespace
}  // namespace ranvier::optimizer
