#include "tools/health/activations.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"

namespace ranvier::health {
namespace {

using graph::testing::Builder;

/// The names that nodes of these names get.
std::vector<std::string> names(const std::vector<std::string>& nodes) {
  Builder builder;
  const graph::ValueId x = builder.input("x");
  for (const std::string& name : nodes) {
    builder.rename(builder.node("Relu", {x}), "made by " + name);
    builder.graph().nodes.back().name = name;
  }
  std::vector<std::string> result;
  for (const Activation& each : find_activations(builder.graph()).seen) result.push_back(each.name);
  return result;
}

using Names = std::vector<std::string>;

TEST(FindActivations, NamesKerasLayers) {
  EXPECT_EQ(names({"sequential_1/dense_1/Relu", "functional/sequential_2/hidden/Gelu/mul_2"}),
            (Names{"dense_1", "hidden"}));
}

TEST(FindActivations, KeepsNodeNamesThatHaveNoLayer) {
  EXPECT_EQ(names({"/Relu", "node_relu", "encoder/block/Relu", "", "sequential/Relu"}),
            (Names{"/Relu", "node_relu", "encoder/block/Relu", "made by ", "sequential/Relu"}));
}

TEST(FindActivations, KeepsNodeNamesWhereALayerHasSeveral) {
  EXPECT_EQ(names({"model/attention/Relu", "model/attention/Relu_1", "model/dense/Relu"}),
            (Names{"model/attention/Relu", "model/attention/Relu_1", "dense"}));
}

TEST(FindActivations, FindsThemInTheirOrderWithTheirValues) {
  Builder builder;
  const graph::ValueId x = builder.input("x");
  const graph::ValueId relu = builder.node("Relu", {x});
  const graph::ValueId sum = builder.node("Add", {relu, x});
  const graph::ValueId tanh = builder.node("Tanh", {sum});
  const FoundActivations found = find_activations(builder.finish({tanh}));
  ASSERT_EQ(found.seen.size(), 2u);
  EXPECT_EQ(found.seen[0].value, relu);
  EXPECT_EQ(found.seen[0].focus.gate, Gate::positive);
  EXPECT_EQ(found.seen[1].value, tanh);
  EXPECT_EQ(found.seen[1].function, "tanh");
  EXPECT_EQ(found.seen[1].focus.steep.high, 0.99);
}

TEST(FindActivations, LooksForUnitsAmongTheChannelsOfConvolutions) {
  Builder builder;
  const graph::ValueId x = builder.input("x");
  const graph::ValueId weights = builder.constant(Tensor::of<float>({1, 1, 1, 1}, {1}));
  const graph::ValueId convolved = builder.node("Conv", {x, weights});
  const graph::ValueId near = builder.node("Relu", {builder.node("Add", {weights, convolved})});
  const graph::ValueId moved = builder.node("Relu", {builder.node("Transpose", {near})});
  const FoundActivations found = find_activations(builder.finish({moved}));
  ASSERT_EQ(found.seen.size(), 2u);
  EXPECT_TRUE(found.seen[0].channels_first);
  EXPECT_EQ(found.seen[0].focus.units.index, 1);
  EXPECT_FALSE(found.seen[1].channels_first);
  EXPECT_EQ(found.seen[1].focus.units.index, -1);
}

TEST(FindActivations, KnowsTheAxisOfSoftmaxAtEveryOpset) {
  Builder builder;
  const graph::ValueId x = builder.input("x");
  builder.node("Softmax", {x}, {}, 11);
  builder.node("Softmax", {x}, {}, 13);
  builder.node("LogSoftmax", {x}, {{"axis", std::int64_t{2}}}, 13);
  const std::vector<Activation> seen = find_activations(builder.graph()).seen;
  EXPECT_EQ(seen[0].focus.lanes.index, 1);
  EXPECT_TRUE(seen[0].focus.lanes.with_rest);
  EXPECT_EQ(seen[1].focus.lanes.index, -1);
  EXPECT_FALSE(seen[1].focus.lanes.with_rest);
  EXPECT_EQ(seen[2].focus.lanes.index, 2);
}

TEST(FindActivations, ListsThoseInSubgraphsAsUnseen) {
  Builder body;
  body.rename(body.node("Relu", {body.input("x")}), "inner");
  body.graph().nodes[0].name = "";
  const auto inside = std::make_shared<const graph::Graph>(body.graph());
  Builder outer;
  outer.node("If", {outer.input("which")}, {{"then_branch", graph::Subgraph{inside, {}}}});
  const FoundActivations found = find_activations(outer.graph());
  EXPECT_TRUE(found.seen.empty());
  EXPECT_EQ(found.unseen, Names{"inner"});
}

}  // namespace
}  // namespace ranvier::health
