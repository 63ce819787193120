#include <gtest/gtest.h>

#include <cmath>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

graph::Graph after(graph::Graph graph) {
  graph = graph::apply(graph, graph::merge(make_dense(graph, {}), graph.values.size()));
  for (;;) {
    std::vector<graph::Patch> patches = move_arithmetic(graph, {});
    if (patches.empty()) return graph;
    graph = graph::apply(graph, graph::merge(patches, graph.values.size()));
  }
}

/// The graph after the pass, as text; what it computes must stay the same, bit by bit.
std::string moved(std::string_view text, Dialect dialect = {.shape = {-1, 7, 6}}) {
  const graph::Graph before = graph_of(text, dialect);
  const graph::Graph graph = after(before);
  if (dialect.shape[0] < 0) dialect.shape[0] = 2;
  std::vector<float> x(static_cast<std::size_t>(Shape(dialect.shape).elements()));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
  const Tensor input = Tensor::of<float>(Shape(dialect.shape), x);
  const Tensor expected = testing::evaluated(before, input), got = testing::evaluated(graph, input);
  EXPECT_EQ(got.shape(), expected.shape()) << text;
  EXPECT_TRUE(std::ranges::equal(got.values<float>(), expected.values<float>())) << text;
  return testing::describe(graph);
}

const std::string heads = "p=MatMul(x, W[6,12]); r=Reshape(p, [-1,7,3,4]);";

TEST(MoveArithmetic, ToTheColumnsOfEachHead) {
  EXPECT_EQ(moved(heads + "y=Add(r, B[3,4])"), "ranvier::Dense Add Reshape");
  EXPECT_EQ(moved(heads + "y=Add(B[3,4], r)"), "ranvier::Dense Add Reshape");
  EXPECT_EQ(moved(heads + "y=Add(r, B[1,1,3,4])"), "ranvier::Dense Add Reshape");
  EXPECT_EQ(moved(heads + "y=Add(r, B[3,1])"), "ranvier::Dense Add Reshape") << "one number for a head";
  EXPECT_EQ(moved(heads + "y=Mul(r, B[4])"), "ranvier::Dense Mul Reshape") << "the same numbers for all heads";
  EXPECT_EQ(moved(heads + "y=Mul(r, 0.5)"), "ranvier::Dense Mul Reshape");
  EXPECT_EQ(moved(heads + "y=Sub(B[3,4], r)"), "ranvier::Dense Sub Reshape");
}

TEST(MoveArithmetic, OverSeveralMovements) {
  EXPECT_EQ(moved(heads + "t=Transpose{perm=[0,2,1,3]}(r); y=Add(t, B[3,1,4])"),
            "ranvier::Dense Add Reshape Transpose{perm=}");
  EXPECT_EQ(moved("p=MatMul(x, W[6,12]); r=Reshape(p, [-1,7,3,4,1]); s=Squeeze(r, [4]); y=Add(s, B[3,4])"),
            "ranvier::Dense Add Reshape Squeeze");
  EXPECT_EQ(moved("p=MatMul(x, W[6,12]); t=Transpose(p); y=Add(t, B[12,1,1])"), "ranvier::Dense Add Transpose");
  EXPECT_EQ(testing::describe(
                optimize(graph_of(heads + "a=Add(r, B[3,4]); t=Transpose{perm=[0,2,1,3]}(a); m=Mul(t, 0.5); y=Relu(m)",
                                  {.shape = {-1, 7, 6}}))
                    .graph),
            "ranvier::Dense{activation=relu} Reshape Transpose{perm=}")
      << "each into the layer before the next is moved";
}

TEST(MoveArithmetic, WhereTheSizesBeforeAreOpen) {
  EXPECT_EQ(moved("r=Reshape(x, [-1,6]); p=MatMul(r, W[6,12]); s=Shape(x); d=Gather(s, [0,1]);"
                  "t=Concat{axis=0}(d, [3,4]); q=Reshape(p, t); y=Add(q, B[3,4])"),
            "Reshape Shape Gather Concat{axis=0} ranvier::Dense Add Reshape");
  EXPECT_EQ(moved("r=Reshape(x, [-1,6]); p=Gemm{transB=1}(r, W[12,6]); s=Shape(x); d=Gather(s, [0,1]);"
                  "t=Concat{axis=0}(d, [3,4,1]); q=Reshape(p, t); z=Squeeze(q, [4]); y=Add(z, B[3,4])"),
            "Reshape Shape Gather Concat{axis=0} ranvier::Dense{transB=1} Add Reshape Squeeze");
}

/// A layer as Keras' exporter writes it for rows whose number is not known.
std::string flattened_layer(int number, const std::string& x, std::int64_t inner) {
  return fmt::format(
      "s{0}=Shape({1}); d{0}=Gather(s{0}, [0,1]); t{0}=Concat{{axis=0}}(d{0}, [12]); f{0}=Reshape({1}, [-1,{2}]);"
      "m{0}=MatMul(f{0}, W[{2},12]); r{0}=Reshape(m{0}, t{0}); a{0}=Add(r{0}, B[12]); e{0}=Tanh(a{0});",
      number, x, inner);
}

TEST(MoveArithmetic, NotBeforeFlatteningIsRemoved) {
  const std::string layers = flattened_layer(1, "x", 6) + flattened_layer(2, "e1", 12) + flattened_layer(3, "e2", 12);
  EXPECT_EQ(testing::describe(optimize(graph_of(layers + "y=Neg(e3)", {.shape = {-1, -1, 6}})).graph),
            "ranvier::Dense{activation=tanh} ranvier::Dense{activation=tanh} ranvier::Dense{activation=tanh} Neg");
}

TEST(MoveArithmetic, Activations) {
  EXPECT_EQ(moved(heads + "y=Relu(r)"), "ranvier::Dense Relu Reshape");
  EXPECT_EQ(moved(heads + "y=Softmax(r)"), "ranvier::Dense Reshape Softmax") << "of rows";
  EXPECT_EQ(moved("p=MatMul(x, W[6,12]); a=Relu(p); r=Reshape(a, [-1,7,3,4]); y=Relu(r)"),
            "ranvier::Dense Relu Reshape Relu")
      << "something is between the layer and the movement";
}

TEST(MoveArithmetic, ToTheChannelsOfAConvolution) {
  const Dialect images = {.shape = {2, 3, 5, 5}};
  const std::string conv = "c=Conv(x, W[4,3,2,2]); t=Transpose{perm=[0,2,3,1]}(c);";
  const std::string same = "Conv Transpose{perm=} Add";
  EXPECT_EQ(moved(conv + "y=Add(t, B[4])", images), "Conv Add Transpose{perm=}");
  EXPECT_EQ(moved(conv + "y=Mul(t, B[1,1,1,4])", images), "Conv Mul Transpose{perm=}");
  EXPECT_EQ(moved(conv + "y=Sub(2, t)", images), "Conv Sub Transpose{perm=}");
  EXPECT_EQ(moved(conv + "y=Relu(t)", images), "Conv Relu Transpose{perm=}");
  EXPECT_EQ(moved(conv + "y=Add(t, B[4,1])", images), same) << "a column has as many elements as there are channels";
  EXPECT_EQ(moved(conv + "y=Add(t, B[4,1,1])", images), same);
  EXPECT_EQ(moved("c=Conv(x, W[4,3,2,2]); r=Reshape(c, [2,4,16]); y=Add(r, B[4,1])", images), "Conv Add Reshape");
  EXPECT_EQ(moved("c=Conv(x, W[4,3,1,2]); s=Squeeze(c, [2]); y=Add(s, B[4,1])", {.shape = {2, 3, 1, 5}}),
            "Conv Add Squeeze")
      << "of one dimension, as exporters write it";
}

TEST(MoveArithmetic, LeavesWhatIsNoneOfColumns) {
  const std::string same = "ranvier::Dense Reshape Add";
  EXPECT_EQ(moved(heads + "y=Add(r, B[7,3,4])"), same) << "another number for each row";
  EXPECT_EQ(moved(heads + "y=Add(r, B[7,1,1])"), same);
  EXPECT_EQ(moved(heads + "y=Add(r, B[2,1,7,3,4])"), same) << "one more dimension";
  EXPECT_EQ(moved("p=MatMul(x, W[6,12]); r=Reshape(p, [-1,12,7]); y=Add(r, B[12,1])"), same) << "mixed with rows";
  EXPECT_EQ(moved("p=MatMul(x, W[6,12]); r=Reshape(p, [-1,14,6]); y=Add(r, B[6])"), same) << "half a row";
  EXPECT_EQ(moved("p=MatMul(x, W[6,1]); r=Reshape(p, [-1,7,1]); y=Add(r, B[4])"), same) << "it stretches the rows";
  EXPECT_EQ(moved(heads + "y=Add(r, B[3,4]) -> y, r"), same) << "what was moved is an output";
  EXPECT_EQ(moved(heads + "y=Add(r, B[3,4]) -> y, p"), same);
  EXPECT_EQ(moved(heads + "a=Add(r, B[3,4]); y=Mul(a, r)"), same + " Mul") << "another reader";
  EXPECT_EQ(moved("e=Exp(x); r=Reshape(e, [-1,42]); y=Add(r, B[42])"), "Exp Reshape Add") << "no layer";
}

TEST(MoveArithmetic, SaysWhyNot) {
  const auto why = [](std::string_view text) {
    return fmt::format("{}", fmt::join(refused_to_move(after(graph_of(text, {.shape = {-1, 7, 6}})), {}), "\n"));
  };
  const std::string stays =
      "node 'y' (Add, opset 17) does not go before node 'r' (Reshape, opset 17) to node 'p' (ranvier::Dense, opset "
      "1): ";
  EXPECT_EQ(why(heads + "y=Add(r, B[7,1,1])"), stays + "'v5' is neither one number nor one for each column there");
  EXPECT_EQ(why(heads + "y=Add(r, B[3,4]) -> y, r"), stays + "'r' in between is needed elsewhere, too");
  EXPECT_EQ(why(heads + "y=Add(r, B[3,4])"), "");
  EXPECT_EQ(why("e=Exp(x); r=Reshape(e, [-1,42]); y=Add(r, B[42])"), "");
}

}  // namespace
}  // namespace ranvier::optimizer
