#include <gtest/gtest.h>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

graph::Graph after(std::string_view text, const Dialect& dialect) {
  graph::Graph graph = graph_of(text, dialect);
  for (;;) {
    const std::vector<graph::Patch> patches = merge_movements(graph, {});
    if (patches.empty()) return graph;
    graph = graph::apply(graph, graph::merge(patches, graph.values.size()));
  }
}

/// Expects so many nodes, which move the elements as the file's nodes do.
void expect_nodes(std::size_t count, std::string_view text, Dialect dialect = {.shape = {-1, 3, 4}}) {
  const graph::Graph merged = after(text, dialect);
  EXPECT_EQ(merged.nodes.size(), count) << text;
  if (dialect.shape[0] < 0) dialect.shape[0] = 2;
  std::vector<float> x(static_cast<std::size_t>(Shape(dialect.shape).elements()));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
  const Tensor input = Tensor::of<float>(Shape(dialect.shape), x);
  const Tensor expected = testing::evaluated(graph_of(text, dialect), input);
  const Tensor got = testing::evaluated(merged, input);
  ASSERT_EQ(got.shape(), expected.shape()) << text;
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(got.values<float>()[i], expected.values<float>()[i]) << text;
}

TEST(MergeMovements, Transposes) {
  expect_nodes(1, "t=Transpose{perm=[1,2,0]}(x); y=Transpose{perm=[1,0,2]}(t)");
  expect_nodes(1, "t=Transpose(x); y=Transpose{perm=[0,2,1]}(t)");
  expect_nodes(1, "t=Transpose{perm=[0,2,1]}(x); u=Transpose(t); y=Transpose{perm=[1,0,2]}(u)");
  expect_nodes(3, "t=Transpose{perm=[1,2,0]}(x); y=Transpose{perm=[1,0,2]}(t); b=Neg(t) -> y, b");
  expect_nodes(2, "t=Transpose{perm=[1,2,0]}(x); y=Transpose{perm=[1,0,2]}(t) -> y, t");
}

TEST(MergeMovements, Reshapes) {
  expect_nodes(1, "t=Reshape(x, [-1,12]); y=Reshape(t, [-1,6,2])");
  expect_nodes(1, "t=Flatten(x); y=Reshape(t, [-1,6,2])");
  expect_nodes(1, "t=Unsqueeze(x, [1]); u=Squeeze(t, [1]); y=Reshape(u, [-1,6,2])");
  expect_nodes(2, "t=Reshape(x, [-1,12]); y=Reshape(t, [0,6,2])");
  expect_nodes(2, "t=Reshape(x, [-1,12]); y=Reshape(t, [-1,6,2]) -> y, t");
  expect_nodes(2, "t=Transpose{perm=[0,2,1]}(x); y=Reshape(t, [-1,6,2])");
}

TEST(MergeMovements, SaysWhyNot) {
  const auto why = [](std::string_view text, const Dialect& dialect = {.shape = {-1, 3, 4}}) {
    return fmt::format("{}", fmt::join(refused_movements(after(text, dialect), {}), "\n"));
  };
  const std::string transposes =
      "node 'y' (Transpose, opset 17) and node 't' (Transpose, opset 17) before it stay two: ";
  const std::string reshapes = "node 'y' (Reshape, opset 17) and node 't' (Reshape, opset 17) before it stay two: ";
  EXPECT_EQ(why("t=Transpose{perm=[1,2,0]}(x); y=Transpose{perm=[1,0,2]}(t) -> y, t"),
            transposes + "'t' in between is needed elsewhere, too");
  EXPECT_EQ(why("t=Reshape(x, [-1,12]); y=Reshape(t, [-1,6,2]) -> y, t"),
            reshapes + "'t' in between is needed elsewhere, too");
  EXPECT_EQ(why("t=Reshape(x, [-1,12]); y=Reshape(t, [0,6,2])"),
            reshapes + "a 0 among the sizes of the second stands for one of the first");
  EXPECT_EQ(why("t=Reshape(x, [-1,12]); s=Shape(x); y=Reshape(t, s)"),
            reshapes + "the sizes of the second are not known before a run");
  EXPECT_EQ(why("t=Transpose{perm=[0,2,1]}(x); y=Reshape(t, [-1,6,2])"), "") << "two different movements";
}

TEST(MergeMovements, SaysWhereTheRankIsNotKnown) {
  graph::Graph graph = graph_of("t=Transpose(x); y=Transpose{perm=[1,0,2]}(t)", {.shape = {-1, 3, 4}});
  graph.values[graph.inputs[0]].shape = std::nullopt;
  const std::vector<std::string> refusals = refused_movements(graph, {});
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0],
            "node 'y' (Transpose, opset 17) and node 't' (Transpose, opset 17) before it stay two: how many dimensions "
            "they order is not known");
}

}  // namespace
}  // namespace ranvier::optimizer
