#include <gtest/gtest.h>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

/// The graph after the pass; Dense is made first.
graph::Graph after(std::string_view text, const Dialect& dialect) {
  graph::Graph graph = graph_of(text, dialect);
  for (const auto pass : {make_dense, remove_flattening})
    graph = graph::apply(graph, graph::merge(pass(graph, {}), graph.values.size()));
  return graph;
}

/// The same, as text.
std::string unfolded(std::string_view text, const Dialect& dialect) { return testing::describe(after(text, dialect)); }

const Dialect batch = {.shape = {-1, 7, 6}};
const Dialect open = {.shape = {-1, -1, 6}};
const std::string flat = "r=Reshape(x, [-1,6]); p=MatMul(r, W[6,3]);";

TEST(RemoveFlattening, RestoredByNumbers) {
  EXPECT_EQ(unfolded(flat + "y=Reshape(p, [-1,7,3])", batch), "ranvier::Dense");
  EXPECT_EQ(unfolded(flat + "y=Reshape(p, [5,7,3])", {.shape = {5, 7, 6}}), "ranvier::Dense");
  EXPECT_EQ(unfolded(flat + "y=Reshape(p, [5,7,-1])", {.shape = {5, 7, 6}}), "ranvier::Dense");
}

TEST(RemoveFlattening, RestoredFromTheShape) {
  EXPECT_EQ(unfolded(flat + "s=Shape(x); d=Gather(s, [0,1]); t=Concat{axis=0}(d, [3]); y=Reshape(p, t)", open),
            "ranvier::Dense");
  EXPECT_EQ(unfolded(flat + "s=Shape(x); c=Cast{to=6}(s); d=Slice(c, [0], [2]); e=Cast{to=7}(d);"
                            "t=Concat{axis=0}(e, [-1]); y=Reshape(p, t)",
                     open),
            "ranvier::Dense");
}

TEST(RemoveFlattening, LeavesOtherReshapes) {
  const std::string same = "Reshape ranvier::Dense Reshape";
  EXPECT_EQ(unfolded(flat + "y=Reshape(p, [7,-1,3])", batch), same) << "other dimensions";
  EXPECT_EQ(unfolded(flat + "y=Reshape(p, [-1,3])", batch), same) << "another rank";
  EXPECT_EQ(unfolded(flat + "y=Reshape(p, [-1,7,3])", open), same) << "one that is not known";
  EXPECT_EQ(unfolded(flat + "y=Reshape(p, [-1,-7,3])", batch), same);
  EXPECT_EQ(unfolded("r=Reshape(x, [-1,42]); p=MatMul(r, W[42,3]); y=Reshape(p, [-1,1,3])", batch), same)
      << "other rows";
  EXPECT_EQ(unfolded(flat + "y=Reshape(p, [-1,7,3]) -> y, p", batch), same) << "the product is an output";
  EXPECT_EQ(unfolded(flat + "s=Shape(x); d=Gather(s, [1,0]); t=Concat{axis=0}(d, [3]); y=Reshape(p, t)", open),
            "Reshape Shape Gather Concat{axis=0} ranvier::Dense Reshape")
      << "in another order";
  EXPECT_EQ(
      unfolded(
          flat +
              "e=Transpose{perm=[1,0,2]}(x); s=Shape(e); d=Gather(s, [0,1]); t=Concat{axis=0}(d, [3]); y=Reshape(p, t)",
          open),
      "Reshape Transpose{perm=} Shape Gather Concat{axis=0} ranvier::Dense Reshape")
      << "from another value";
}

TEST(RemoveFlattening, SaysWhyNot) {
  const auto why = [](std::string_view text, const Dialect& dialect) {
    return fmt::format("{}", fmt::join(refused_flattening(after(text, dialect), {}), "\n"));
  };
  const std::string stay =
      "node 'r' (Reshape, opset 17) and node 'y' (Reshape, opset 17) stay around node 'p' (ranvier::Dense, opset 1): ";
  EXPECT_EQ(why(flat + "y=Reshape(p, [-1,7,3]) -> y, p", batch), stay + "'p' in between is needed elsewhere, too");
  EXPECT_EQ(why(flat + "y=Reshape(p, [-1,7,3])", open),
            stay + "'y' is not known to have the dimensions of 'x' but for the columns");
  EXPECT_EQ(why(flat + "y=Reshape(p, [-1,7,3])", {.shape = {-1, 7, -1}}),
            stay + "'r' is not known to have rows as long as those of 'x'");
  EXPECT_EQ(why("r=Reshape(x, [-1,42]); p=MatMul(r, W[42,3]); y=Reshape(p, [-1,1,3])", batch), "")
      << "a layer that flattens";
  EXPECT_EQ(why(flat + "y=Reshape(p, [-1,7,3])", batch), "");
}

}  // namespace
}  // namespace ranvier::optimizer
