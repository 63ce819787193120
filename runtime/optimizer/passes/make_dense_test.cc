#include <gtest/gtest.h>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

graph::Graph after(std::string_view text, const Dialect& dialect = {}) {
  graph::Graph graph = graph_of(text, dialect);
  for (;;) {
    std::vector<graph::Patch> patches = make_dense(graph, {});
    if (patches.empty()) patches = take_in_activations(graph, {});
    if (patches.empty()) return graph;
    graph = graph::apply(graph, graph::merge(patches, graph.values.size()));
  }
}

/// The graph after the pass, as text.
std::string made(std::string_view text, const Dialect& dialect = {}) { return testing::describe(after(text, dialect)); }

/// The pass must not change what is computed.
void expect_same(std::string_view text, const Dialect& dialect = {.shape = {2, 6}}) {
  std::vector<float> x(static_cast<std::size_t>(Shape(dialect.shape).elements()));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.3f * static_cast<float>(i) - 1;
  const Tensor input = Tensor::of<float>(Shape(dialect.shape), x);
  const Tensor expected = testing::evaluated(graph_of(text, dialect), input);
  const Tensor got = testing::evaluated(after(text, dialect), input);
  ASSERT_EQ(got.shape(), expected.shape()) << text;
  for (std::int64_t i = 0; i < got.elements(); ++i) {
    const float want = expected.values<float>()[static_cast<std::size_t>(i)];
    // Rounded once instead of after every step.
    EXPECT_NEAR(got.values<float>()[static_cast<std::size_t>(i)], want, 1e-5f * std::abs(want)) << text;
  }
}

TEST(MakeDense, OfProducts) {
  EXPECT_EQ(made("y=MatMul(x, W[6,3])"), "ranvier::Dense");
  EXPECT_EQ(made("y=Gemm(x, W[6,3])"), "ranvier::Dense");
  EXPECT_EQ(made("y=Gemm{transB=1}(x, W[3,6])"), "ranvier::Dense{transB=1}");
  expect_same("y=MatMul(x, W[6,3])");
  expect_same("y=MatMul(x, W[6,3])", {.shape = {2, 2, 6}});
  expect_same("y=MatMul(x, W[6,3])", {.shape = {6}});
  expect_same("y=Gemm{transB=1, alpha=0.5, beta=2.0}(x, W[3,6], B[3])");
  expect_same("y=Gemm{alpha=0.5}(x, W[6,3], B[1,3])");
}

TEST(MakeDense, WithTheBias) {
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Add(p, B[3])"), "ranvier::Dense");
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Add(B[3], p)"), "ranvier::Dense");
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Add(B[1,3], p)"), "ranvier::Dense");
  EXPECT_EQ(made("y=Gemm{transB=1}(x, W[3,6], B[3])"), "ranvier::Dense{transB=1}");
  expect_same("p=MatMul(x, W[6,3]); y=Add(p, B[1,3])");
  expect_same("p=MatMul(x, W[6,1]); y=Add(p, B[1])");
}

TEST(MakeDense, WithTheActivation) {
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); s=Add(p, B[3]); y=Relu(s)"), "ranvier::Dense{activation=relu}");
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Gelu{approximate=tanh}(p)", {.version = 20}),
            "ranvier::Dense{activation=gelu_tanh}");
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Softmax(p)"), "ranvier::Dense{activation=softmax}");
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=LogSoftmax{axis=1}(p)"), "ranvier::Dense{activation=log_softmax}");
  expect_same("p=MatMul(x, W[6,3]); s=Add(p, B[3]); y=LeakyRelu{alpha=0.3}(s)");
  expect_same("p=MatMul(x, W[6,3]); s=Add(p, B[3]); y=Softmax(s)", {.shape = {2, 2, 6}});
  expect_same("p=MatMul(x, W[6,3]); s=Add(p, B[3]); t=Tanh(s); q=MatMul(t, V[3,2]); y=Sigmoid(q)");
}

TEST(MakeDense, LeavesWhatIsNone) {
  EXPECT_EQ(made("y=MatMul(x, x)", {.shape = {6, 6}}), "MatMul") << "no constant weights";
  EXPECT_EQ(made("y=MatMul(W[3,40], x)"), "MatMul") << "constant on the other side";
  EXPECT_EQ(made("y=MatMul(x, W[2,6,3])", {.shape = {2, 4, 6}}), "MatMul") << "a stack of weights";
  EXPECT_EQ(made("y=Gemm{transA=1}(x, W[40,3])"), "Gemm{transA=1}");
  EXPECT_EQ(made("y=Gemm(x, W[6,3], B[40,1])"), "Gemm") << "an addend for each row";
  EXPECT_EQ(made("y=MatMul(x, W[6,3])", {.type = DataType::int32}), "MatMul") << "no real numbers";
}

TEST(MakeDense, SaysWhyNot) {
  const auto why = [](std::string_view text, const Dialect& dialect = {}) {
    std::string all;
    const graph::Graph graph = after(text, dialect);
    for (const auto& find : {refused_dense, refused_to_take_in})
      for (const std::string& refusal : find(graph, {})) all += refusal + "\n";
    return all;
  };
  const std::string end = " is no part of a Dense: ";
  EXPECT_EQ(why("y=MatMul(x, x)", {.shape = {6, 6}}),
            "node 'y' (MatMul, opset 17)" + end + "its weights 'x' are no constant\n");
  EXPECT_EQ(
      why("y=MatMul(x, W[2,6,3])", {.shape = {2, 4, 6}}),
      "node 'y' (MatMul, opset 17)" + end + "its weights are float [2, 6, 3], expected a matrix of real numbers\n");
  EXPECT_EQ(why("y=Gemm{transA=1}(x, W[40,3])"),
            "node 'y' (Gemm, opset 17)" + end + "it takes its rows from columns (transA)\n");
  EXPECT_EQ(why("p=MatMul(x, W[6,3]); y=Add(p, B[40,1])"),
            "node 'y' (Add, opset 17)" + end + "'v3' is not one row of addends\n");
  EXPECT_EQ(why("p=MatMul(x, W[6,3]); y=Relu(p) -> y, p"),
            "node 'y' (Relu, opset 17) is a step of its own: 'p' in between is needed elsewhere, too\n");
  EXPECT_EQ(
      why("p=MatMul(x, W[6,3]); t=Relu(p); y=Tanh(t)"),
      "node 'y' (Tanh, opset 17) is a step of its own: node 'p' (ranvier::Dense, opset 1) has an activation already\n");
  EXPECT_EQ(why("p=MatMul(x, W[6,3]); y=Relu(p)"), "");
}

TEST(MakeDense, LeavesBiasesThatAreNone) {
  const std::string apart = "ranvier::Dense Add";
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Add(p, p)"), apart);
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Add(p, B[40,1])"), apart);
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Add(p, B[2,1,3])"), apart) << "the output has one more dimension";
  EXPECT_EQ(made("p=MatMul(x, W[6,1]); y=Add(p, B[3])"), apart) << "the output has more columns";
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Add(p, B[3]) -> y, p"), apart) << "the product is an output";
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Add(p, B[3]); z=Mul(y, p)"), apart + " Mul") << "and has another reader";
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); s=Add(p, B[3]); y=Add(s, C[3])"), apart) << "one bias is enough";
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); t=Relu(p); y=Add(t, B[3])"), "ranvier::Dense{activation=relu} Add");
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Add{broadcast=1}(p, B[3])", {.version = 6}),
            "ranvier::Dense Add{broadcast=1}");
}

TEST(MakeDense, LeavesActivationsThatAreNone) {
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Softmax{axis=0}(p)"), "ranvier::Dense Softmax{axis=0}") << "of columns";
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Relu(p) -> y, p"), "ranvier::Dense Relu") << "the sum is an output";
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Sigmoid(p); z=Mul(y, p)"), "ranvier::Dense Sigmoid Mul");
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); t=Relu(p); y=Tanh(t)"), "ranvier::Dense{activation=relu} Tanh");
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Celu{alpha=-1.0}(p)"), "ranvier::Dense Celu{alpha=-1}")
      << "the kernel does not take these parameters";
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Gelu{approximate=sideways}(p)", {.version = 20}),
            "ranvier::Dense Gelu{approximate=sideways}")
      << "there is no such gelu";
  EXPECT_EQ(made("p=MatMul(x, W[6,3]); y=Elu{alpha=1}(p)"), "ranvier::Dense Elu{alpha=1}") << "alpha has to be a float";
  EXPECT_EQ(made("y=Gemm{alpha=1}(x, W[6,3])"), "Gemm{alpha=1}") << "here too";
}

}  // namespace
}  // namespace ranvier::optimizer
