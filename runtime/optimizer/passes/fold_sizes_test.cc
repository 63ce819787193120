#include <gtest/gtest.h>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

/// The graph after the pass, as text.
std::string folded(std::string_view text, const Dialect& dialect = {}) {
  const graph::Graph graph = graph_of(text, dialect);
  return testing::describe(graph::apply(graph, graph::merge(fold_sizes(graph, {}), graph.values.size())));
}

/// The sizes that stand where the graph picked them.
std::vector<std::int64_t> sizes(std::string_view text, const Dialect& dialect = {}) {
  const graph::Graph graph = graph_of(text, dialect);
  const std::vector<graph::Patch> patches = fold_sizes(graph, {});
  if (patches.size() != 1) return {};
  const Tensor& picked = *patches[0].values[0].constant;
  Tensor result(DataType::int64, picked.shape());
  convert(picked.type(), picked.data(), DataType::int64, result.mutable_data(), picked.elements());
  return {result.values<std::int64_t>().begin(), result.values<std::int64_t>().end()};
}

const Dialect batch = {.shape = {-1, 7, 6}};

TEST(FoldSizes, ThatAreKnown) {
  EXPECT_EQ(sizes("s=Shape(x); t=Gather(s, -1i); y=Neg(t)", batch), (std::vector<std::int64_t>{6}));
  EXPECT_EQ(sizes("s=Shape(x); t=Gather(s, [2,1]); y=Neg(t)", batch), (std::vector<std::int64_t>{6, 7}));
  EXPECT_EQ(sizes("s=Shape(x); t=Slice(s, [-1], [2147483647], [0]); y=Neg(t)", batch), (std::vector<std::int64_t>{6}));
  EXPECT_EQ(sizes("s=Shape(x); c=Cast{to=6}(s); t=Slice(c, [1], [3]); y=Neg(t)", batch),
            (std::vector<std::int64_t>{7, 6}));
  EXPECT_EQ(folded("s=Shape(x); c=Cast{to=6}(s); t=Slice(c, [1], [3]); y=Neg(t)", batch), "Neg");
}

TEST(FoldSizes, OfWhatAReshapeIsGiven) {
  const auto target = [](std::string_view text, const Dialect& dialect) -> std::string {
    graph::Graph graph = graph_of(text, dialect);
    graph = graph::apply(graph, graph::merge(fold_sizes(graph, {}), graph.values.size()));
    const Tensor* shape = graph.constant(graph.nodes.back().inputs[1]);
    return shape == nullptr ? "computed" : fmt::format("{}", fmt::join(shape->values<std::int64_t>(), " "));
  };
  const Dialect open = {.shape = {-1, -1, 6}};
  const std::string begin = "s=Shape(x); b=Gather(s, [0]); t=Gather(s, [1]);";
  EXPECT_EQ(target(begin + "c=Concat{axis=0}(b, [7], [3], [2]); y=Reshape(x, c)", batch), "-1 7 3 2");
  EXPECT_EQ(target(begin + "c=Concat{axis=0}(b, [-1]); y=Reshape(x, c)", batch), "-1 42");
  EXPECT_EQ(target(begin + "p=Mul(b, t); c=Concat{axis=0}(p, [6]); y=Reshape(x, c)", open), "-1 6");
  EXPECT_EQ(target(begin + "c=Concat{axis=0}(b, t, [3], [2]); y=Reshape(x, c)", open), "0 0 3 2");
  EXPECT_EQ(target(begin + "c=Concat{axis=0}(b, [3], [2], t); y=Reshape(x, c)", open), "0 3 2 -1");
  EXPECT_EQ(target(begin + "c=Concat{axis=0}(t, b, [6]); y=Reshape(x, c)", open), "computed") << "two sizes are open";
}

TEST(FoldSizes, AndNoOthers) {
  const std::string same = "Shape Gather Neg";
  EXPECT_EQ(folded("s=Shape(x); t=Gather(s, 0i); y=Neg(t)", batch), same) << "the batch is not known";
  EXPECT_EQ(folded("s=Shape(x); t=Gather(s, [0,1]); y=Neg(t)", batch), same);
  EXPECT_EQ(folded("s=Shape(x); t=Gather(s, 3i); y=Neg(t)", batch), same) << "there is no such axis";
  EXPECT_EQ(folded("s=Shape{start=1}(x); t=Gather(s, 1i); y=Neg(t)", batch), "Shape{start=1} Gather Neg");
  EXPECT_EQ(folded("s=Shape(x); t=Gather(s, 1i)", batch), "Shape Gather") << "a graph output keeps its node";
  EXPECT_EQ(folded("s=Shape(x); f=Cast{to=1}(s); t=Gather(f, 1i); y=Neg(t)", batch), "Shape Cast{to=1} Gather Neg");
  EXPECT_EQ(folded("s=NonZero(x); u=Shape(s); t=Gather(u, 0i); y=Neg(t)", batch), "NonZero Shape Gather Neg");
}

}  // namespace
}  // namespace ranvier::optimizer
