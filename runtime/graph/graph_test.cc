#include "runtime/graph/graph.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"

namespace ranvier::graph {
namespace {

using testing::Builder;
using testing::error_of;
using testing::operators_of;

TEST(Node, ReadsAttributesOfTheRightKindOnly) {
  Node node{.name = "n",
            .op_type = "Softmax",
            .version = 13,
            .inputs = {},
            .outputs = {},
            .attributes = {{"axis", std::int64_t{2}}, {"alpha", 0.5f}}};
  EXPECT_EQ(node.get<std::int64_t>("axis", -1), 2);
  EXPECT_EQ(node.get<std::int64_t>("keepdims", 1), 1);
  EXPECT_EQ(node.find<std::string>("mode"), nullptr);
  EXPECT_EQ(error_of([&] { (void)node.get<std::int64_t>("alpha", 0); }),
            "invalid_model: attribute 'alpha' is of kind float, expected int");
  EXPECT_EQ(error_of([&] { (void)node.required<std::string>("mode"); }), "invalid_model: attribute 'mode' is missing");
  EXPECT_EQ(node.describe(), "node 'n' (Softmax, opset 13)");
}

TEST(SortTopologically, PutsProducersFirstAndKeepsAnOrderThatIsOne) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId a = builder.node("A", {x});
  const ValueId b = builder.node("B", {a});
  const ValueId c = builder.node("C", {x});
  Graph graph = builder.finish({b, c});
  sort_topologically(graph);
  EXPECT_EQ(operators_of(graph), (std::vector<std::string>{"A", "B", "C"}));
  std::swap(graph.nodes[0], graph.nodes[1]);
  sort_topologically(graph);
  EXPECT_EQ(operators_of(graph), (std::vector<std::string>{"A", "B", "C"}));
}

TEST(SortTopologically, NamesACycle) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId a = builder.node("A", {x});
  const ValueId b = builder.node("B", {a});
  builder.graph().nodes[0].inputs[0] = b;
  Graph graph = builder.finish({b});
  EXPECT_EQ(
      error_of([&] { sort_topologically(graph); }),
      "invalid_model: the graph has a cycle through or before node 'A_0' (A, opset 17), node 'B_1' (B, opset 17)");
}

TEST(Verify, FindsWhatNothingMakesAndWhatIsMadeTwice) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId a = builder.node("A", {x});
  Graph graph = builder.finish({a});
  EXPECT_EQ(error_of([&] { verify(graph); }), "");
  Graph twice = graph;
  twice.nodes.push_back(twice.nodes[0]);
  EXPECT_EQ(error_of([&] { verify(twice); }), "internal: node 'A_0' (A, opset 17) makes 'v1', which exists already");
  Graph unmade = graph;
  unmade.nodes.clear();
  EXPECT_EQ(error_of([&] { verify(unmade); }), "internal: nothing makes the graph output 'v1'");
  Graph outside = graph;
  outside.nodes[0].inputs[0] = 77;
  EXPECT_EQ(error_of([&] { verify(outside); }), "internal: node 'A_0' (A, opset 17) reads value 77 of 2");
}

TEST(UseCounts, CountReadersCapturesAndOutputs) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId a = builder.node("A", {x, x}, {{"body", Subgraph{std::make_shared<Graph>(), {{x, 0}}}}});
  const Graph graph = builder.finish({a, a});
  EXPECT_EQ(use_counts(graph)[x], 3u);
  EXPECT_EQ(use_counts(graph)[a], 2u);
}

TEST(ToText, ShowsNodesAndAttributes) {
  Builder builder;
  const ValueId x = builder.input("x", DataType::float32, std::vector<Dimension>{{-1, "batch"}, {4, ""}, {-1, ""}});
  const ValueId y =
      builder.node("Clip", {x, none}, {{"axes", std::vector<std::int64_t>{1, 2}}, {"mode", std::string("m")}});
  EXPECT_EQ(to_text(builder.finish({y})),
            "input 'x': float [batch, 4, ?]\n"
            "'v1' = Clip{axes=[1, 2], mode=\"m\"}('x', -)\n"
            "output 'v1'\n");
}

}  // namespace
}  // namespace ranvier::graph
