#include <gtest/gtest.h>

#include <cmath>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

graph::Graph after(graph::Graph graph, const Options& options = {}) {
  for (;;) {
    std::vector<graph::Patch> patches = make_dense(graph, options);
    if (patches.empty()) patches = take_in_activations(graph, options);
    if (patches.empty()) patches = fold_affine(graph, options);
    if (patches.empty()) return graph;
    graph = graph::apply(graph, graph::merge(patches, graph.values.size()));
  }
}

graph::Graph after(std::string_view text, const Dialect& dialect, const Options& options = {}) {
  return after(graph_of(text, dialect), options);
}

/// The graph after the pass, as text; what it computes must stay the same.
std::string folded(std::string_view text, const Dialect& dialect = {.shape = {4, 6}}) {
  const graph::Graph graph = after(text, dialect);
  std::vector<float> x(static_cast<std::size_t>(Shape(dialect.shape).elements()));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
  const Tensor input = Tensor::of<float>(Shape(dialect.shape), x);
  const Tensor expected = testing::evaluated(graph_of(text, dialect), input);
  const Tensor got = testing::evaluated(graph, input);
  EXPECT_EQ(got.shape(), expected.shape()) << text;
  for (std::int64_t i = 0; i < got.elements(); ++i) {
    const float want = expected.values<float>()[static_cast<std::size_t>(i)];
    // The weights are rounded once more.
    EXPECT_NEAR(got.values<float>()[static_cast<std::size_t>(i)], want, 1e-5f * (1 + std::abs(want))) << text;
  }
  return testing::describe(graph);
}

const std::string dense = "p=MatMul(x, W[6,3]); d=Add(p, B[3]);";

TEST(FoldAffine, WhatFollows) {
  EXPECT_EQ(folded(dense + "y=Mul(d, S[3])"), "ranvier::Dense");
  EXPECT_EQ(folded(dense + "y=Mul(0.5, d)"), "ranvier::Dense");
  EXPECT_EQ(folded(dense + "y=Div(d, S[1,3])"), "ranvier::Dense");
  EXPECT_EQ(folded(dense + "y=Sub(d, S[3])"), "ranvier::Dense");
  EXPECT_EQ(folded(dense + "y=Sub(S[3], d)"), "ranvier::Dense");
  EXPECT_EQ(folded(dense + "e=Add(d, S[3]); f=Mul(e, 2); y=Relu(f)"), "ranvier::Dense{activation=relu}");
  EXPECT_EQ(folded("d=Gemm{transB=1}(x, W[3,6], B[3]); y=Mul(d, S[3])"), "ranvier::Dense{transB=1}");
  EXPECT_EQ(folded(dense + "y=BatchNormalization(d, S[3], C[3], M[3], V[3])"), "ranvier::Dense");
}

TEST(FoldAffine, WhatPrecedes) {
  EXPECT_EQ(folded("a=Mul(x, S[6]); y=MatMul(a, W[6,3])"), "ranvier::Dense");
  EXPECT_EQ(folded("a=Sub(x, M[6]); b=Div(a, S[6]); p=MatMul(b, W[6,3]); y=Add(p, B[3])"), "ranvier::Dense");
  EXPECT_EQ(folded("a=Mul(x, S[6]); p=MatMul(a, W[6,3]); y=Tanh(p)"), "ranvier::Dense{activation=tanh}");
  EXPECT_EQ(folded("a=Mul(x, S[6]); b=MatMul(a, W[6,3]); c=MatMul(a, V[6,2]); y=Concat{axis=1}(b, c)"),
            "ranvier::Dense ranvier::Dense Concat{axis=1}")
      << "for each of its readers";
  EXPECT_EQ(folded("p=MatMul(x, W[6,3]); m=Mul(p, S[3]); y=MatMul(m, V[3,2])"), "ranvier::Dense ranvier::Dense")
      << "between two layers it goes into one of them";
  EXPECT_EQ(folded("p=MatMul(x, W[6,3]); m=Mul(p, S[3]); q=MatMul(m, V[3,3]); y=Add(m, q)"),
            "ranvier::Dense ranvier::Dense Add")
      << "into the one before it, where there are other readers: that layer is not needed twice";
}

TEST(FoldAffine, LeavesWhatIsNone) {
  EXPECT_EQ(folded(dense + "y=Mul(d, d)"), "ranvier::Dense Mul");
  EXPECT_EQ(folded(dense + "y=Mul(d, S[4,1])"), "ranvier::Dense Mul") << "a factor for each row";
  EXPECT_EQ(folded(dense + "y=Mul(d, S[2,1,3])"), "ranvier::Dense Mul") << "one more dimension";
  EXPECT_EQ(folded(dense + "y=Div(S[3], d)"), "ranvier::Dense Div");
  EXPECT_EQ(folded(dense + "r=Relu(d); y=Mul(r, S[3])"), "ranvier::Dense{activation=relu} Mul");
  EXPECT_EQ(folded(dense + "y=Mul(d, S[3]); z=Exp(d) -> y, z"), "ranvier::Dense Mul Exp") << "another reader";
  EXPECT_EQ(folded("a=Mul(x, S[4,1]); y=MatMul(a, W[6,3])"), "Mul ranvier::Dense");
  EXPECT_EQ(folded("a=Mul(x, S[6]); y=MatMul(a, W[6,3])", {.shape = {4, 1}}), "Mul ranvier::Dense")
      << "the input has one column, stretched to six";
  EXPECT_EQ(testing::describe(after(dense + "y=Mul(d, 1e39)", {.shape = {4, 6}})), "ranvier::Dense Mul")
      << "beyond the floats";
}

TEST(FoldAffine, NotWhereAnOpenSizeMayHaveBeenStretched) {
  graph::Graph graph = graph_of("a=Mul(x, S[6]); y=MatMul(a, W[6,3])", {.shape = {4, -1}});
  graph.values[graph.nodes[0].outputs[0]].shape = {{{4, ""}, {-1, ""}}};  // as files declare what they leave open
  EXPECT_EQ(testing::describe(after(graph)), "Mul ranvier::Dense");
}

/// What the pass says of the graph that it leaves.
std::string why(std::string_view text, const Dialect& dialect = {.shape = {4, 6}}, const Options& options = {}) {
  return fmt::format("{}", fmt::join(refused_affine(after(text, dialect, options), options), "\n"));
}

TEST(FoldAffine, SaysWhyNot) {
  const std::string into_p = " does not go into the weights of node 'p' (ranvier::Dense, opset 1): ";
  EXPECT_EQ(why(dense + "y=Mul(d, S[4,1])"),
            "node 'y' (Mul, opset 17)" + into_p + "'v5' is neither one number nor one for each of 3 columns");
  EXPECT_EQ(why(dense + "y=Mul(d, S[1,1,3])"),
            "node 'y' (Mul, opset 17)" + into_p + "'v5' has dimensions that 'd' is not known to have");
  EXPECT_EQ(why("p=MatMul(x, W[6,3]); d=Relu(p); y=Mul(d, S[3])"),
            "node 'y' (Mul, opset 17)" + into_p + "its activation comes in between");
  EXPECT_EQ(why(dense + "y=Mul(d, S[3]) -> y, d"),
            "node 'y' (Mul, opset 17)" + into_p + "'d' in between is needed elsewhere, too");
  EXPECT_EQ(why(dense + "y=Mul(d, S[3])", {.type = DataType::float64, .shape = {4, 6}}),
            "node 'y' (Mul, opset 17)" + into_p + "'v5' is double, expected float");
  EXPECT_EQ(why(dense + "y=Mul(d, 1e39)"),
            "node 'y' (Mul, opset 17)" + into_p + "it takes a column to no finite number");
  EXPECT_EQ(why(dense + "y=Mul(d, 3e38)"), "node 'y' (Mul, opset 17)" + into_p + "a weight would be beyond the floats");
  EXPECT_EQ(why(dense + "y=Mul(d, S[3])", {.shape = {4, 6}}, {.strict_onnx = true}),
            "node 'y' (Mul, opset 17)" + into_p + "strict_onnx keeps the order of the file's arithmetic");
  EXPECT_EQ(why("p=MatMul(x, W[6,3]); y=BatchNormalization(p, S[2], C[2], M[2], V[2])", {.shape = {4, 2, 6}}),
            "node 'y' (BatchNormalization, opset 17) does not go into the weights of node 'p' (ranvier::Dense, opset "
            "1): that its channels are the columns is not known");
  const std::string into_y = " does not go into the weights of node 'y' (ranvier::Dense, opset 1): ";
  EXPECT_EQ(why("a=Mul(x, S[4,1]); y=MatMul(a, W[6,3])"),
            "node 'a' (Mul, opset 17)" + into_y + "'v1' is neither one number nor one for each of 6 columns");
  EXPECT_EQ(why("a=Mul(x, S[6]); y=MatMul(a, W[6,3])", {.shape = {4, 1}}),
            "node 'a' (Mul, opset 17)" + into_y + "that 'x' has 6 columns is not known");
}

TEST(FoldAffine, SaysNothingOfWhatIsFarFromIt) {
  EXPECT_EQ(why(dense + "y=Mul(d, S[3])"), "");
  EXPECT_EQ(why(dense + "y=Mul(d, d)"), "");
  EXPECT_EQ(why(dense + "y=Neg(d)"), "");
  EXPECT_EQ(why("a=Exp(x); y=MatMul(a, W[6,3])"), "");
  EXPECT_EQ(why("p=MatMul(x, W[6,3]); y=Add(p, B[4,1])"), "") << "make_dense tells of biases";
}

TEST(FoldAffine, NotWhereTheFilesArithmeticIsWanted) {
  EXPECT_EQ(testing::describe(after(dense + "y=Mul(d, S[3])", {.shape = {4, 6}}, {.strict_onnx = true})),
            "ranvier::Dense Mul");
}

}  // namespace
}  // namespace ranvier::optimizer
