#include <gtest/gtest.h>

#include <cmath>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

graph::Graph after(std::string_view text, const Dialect& dialect = {}, const Options& options = {}) {
  const graph::Graph graph = graph::sweep(graph_of(text, dialect));
  return graph::apply(graph, graph::merge(restore_normalizations(graph, options), graph.values.size()));
}

std::string restored(std::string_view text, const Dialect& dialect = {}) {
  return testing::describe(after(text, dialect));
}

/// What the passes say of a graph that they leave as it is.
std::string refusal(std::string_view text, const Dialect& dialect = {}, const Options& options = {}) {
  const graph::Graph graph = graph::sweep(graph_of(text, dialect));
  EXPECT_TRUE(restore_normalizations(graph, options).empty()) << text;
  const std::vector<std::string> all = refused_normalizations(graph, options);
  return all.empty() ? "" : all[0].substr(all[0].find("; but ") + 6);
}

/// Expects one node of that operator, which gives what the file's nodes give.
void expect_restored(const std::string& node, std::string_view text, Dialect dialect = {}) {
  EXPECT_EQ(restored(text, dialect), node) << text;
  dialect.shape[0] = 2;
  std::vector<float> x(static_cast<std::size_t>(Shape(dialect.shape).elements()));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
  const Tensor input = Tensor::of<float>(Shape(dialect.shape), x);
  const Tensor expected = testing::evaluated(graph_of(text, dialect), input);
  const Tensor got = testing::evaluated(after(text, dialect), input);
  ASSERT_EQ(got.shape(), expected.shape()) << text;
  // Rounded once instead of after every step, of which some cancel.
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(got.values<float>()[i], expected.values<float>()[i], 2e-6) << text;
}

/// x - mean(x) as d, and the factor of its rows as f.
const std::string moments =
    "m=ReduceMean{axes=[-1]}(x); d=Sub(x, m); d2=Mul(d, d); v=ReduceMean{axes=[-1]}(d2); e=Add(v, 0.001);"
    "s=Sqrt(e); f=Reciprocal(s);";
/// The end of what TensorFlow's layers become, for a factor called g.
const std::string shifted_mean = "n=Neg(m); a=Mul(x, g); b=Mul(n, g);";

TEST(RestoreNormalizations, LayerNormalization) {
  const std::string layer = "LayerNormalization{epsilon=0.001}";
  expect_restored(layer, moments + "g=Mul(f, W[6]);" + shifted_mean + "c=Add(b, B[1,6]); y=Add(a, c)");
  expect_restored(layer, moments + "g=Mul(f, W[1,6]);" + shifted_mean + "c=Add(W[6], b); y=Add(c, a)");
  expect_restored(layer, moments + "g=Mul(f, W[6]); k=Mul(m, g); c=Sub(B[6], k); a=Mul(x, g); y=Add(c, a)");
  expect_restored(layer, moments + "g=Mul(f, W[6]);" + shifted_mean + "y=Add(a, b)");
  expect_restored(layer, moments + "g=Mul(f, 1);" + shifted_mean + "c=Add(b, B[6]); y=Add(a, c)");
  expect_restored(layer, moments + "g=Mul(f, 0.5);" + shifted_mean + "c=Add(b, 0.25); y=Add(a, c)");
  expect_restored(layer, moments + "g=Mul(f, 1);" + shifted_mean + "y=Add(a, b)");
  expect_restored(layer, moments + "h=Mul(d, f); g=Mul(h, W[6]); y=Add(g, B[6])");
  expect_restored(layer, moments + "h=Div(d, s); g=Mul(W[6], h); y=Add(B[6], g)");
  expect_restored(layer, moments + "y=Div(d, s)");
  expect_restored(layer,
                  "m=ReduceMean{axes=[1]}(x); d=Sub(x, m); d2=Pow(d, 2); v=ReduceMean{axes=[1]}(d2);"
                  "e=Add(v, 0.001); s=Pow(e, 0.5); h=Div(d, s); g=Mul(h, W[6]); y=Add(g, B[6])");
}

TEST(RestoreNormalizations, OfThreeDimensionsWithPooling) {
  const Dialect dialect = {.shape = {-1, 3, 6}};
  expect_restored("LayerNormalization{epsilon=0.001}",
                  "m=GlobalAveragePool(x); n=Neg(m); d=Sub(x, m); d2=Mul(d, d); v=GlobalAveragePool(d2);"
                  "e=Add(v, 0.001); s=Sqrt(e); f=Reciprocal(s); g=Mul(f, W[1,1,6]); a=Mul(x, g); b=Mul(n, g);"
                  "c=Add(b, B[1,1,6]); y=Add(a, c)",
                  dialect);
  EXPECT_EQ(refusal("m=GlobalAveragePool(x); d=Sub(x, m); d2=Mul(d, d); v=GlobalAveragePool(d2); e=Add(v, 0.001);"
                    "s=Sqrt(e); y=Div(d, s)",
                    {.shape = {-1, 3, 6, 6}}),
            "")
      << "there the mean is of planes, not of rows";
}

TEST(RestoreNormalizations, WithTheAxesAsAnInput) {
  expect_restored("LayerNormalization{epsilon=0.001}",
                  "m=ReduceMean(x, [-1]); d=Sub(x, m); d2=Mul(d, d); v=ReduceMean(d2, [-1]); e=Add(v, 0.001);"
                  "s=Sqrt(e); y=Div(d, s)",
                  {.version = 18});
}

TEST(RestoreNormalizations, RootMeanSquare) {
  const std::string rms = "RMSNormalization{epsilon=1e-06}";
  const std::string root = "q=Mul(x, x); m=ReduceMean{axes=[-1]}(q); e=Add(m, 0.000001); s=Sqrt(e); f=Reciprocal(s);";
  expect_restored(rms, root + "g=Mul(f, W[6]); y=Mul(x, g)");
  expect_restored(rms, root + "h=Mul(x, f); y=Mul(h, W[1,6])");
  expect_restored(rms, root + "y=Mul(x, f)");
  expect_restored(rms, root + "g=Div(x, s); y=Mul(g, W[6])");
  expect_restored(rms, "q=Pow(x, 2); m=ReduceMean{axes=[-1]}(q); e=Add(m, 0.000001); s=Sqrt(e); y=Div(x, s)");
}

TEST(RestoreNormalizations, Softmax) {
  expect_restored("Softmax", "m=ReduceMax{axes=[-1]}(x); d=Sub(x, m); e=Exp(d); s=ReduceSum(e, [-1]); y=Div(e, s)");
  expect_restored("Softmax", "e=Exp(x); s=ReduceSum(e, [1]); y=Div(e, s)");
  expect_restored("LogSoftmax",
                  "m=ReduceMax{axes=[-1]}(x); d=Sub(x, m); e=Exp(d); s=ReduceSum(e, [-1]); l=Log(s); y=Sub(d, l)");
  const std::string keras =
      "n=IsNaN(m); i=IsInf(m); o=Or(i, n); f=Not(o); w=Where(f, m, 0); d=Sub(x, w); e=Exp(d); s=ReduceSum(e, [1,2]);"
      "l=Log(s); a=Add(l, w); b=Sub(x, a); y=Exp(b)";
  expect_restored("Softmax{axis=1}", "m=ReduceMax{axes=[1,2]}(x);" + keras, {.shape = {-1, 3, 4}});
  expect_restored("Softmax{axis=1}", "m=ReduceMax{axes=[-1,-2]}(x);" + keras, {.shape = {-1, 3, 4}});
  EXPECT_EQ(refusal("m=ReduceMax{axes=[0]}(x); d=Sub(x, m); e=Exp(d); s=ReduceSum(e, [0]); y=Div(e, s)"), "")
      << "columns";
  EXPECT_EQ(refusal("m=ReduceMax{axes=[2]}(x);" + keras, {.shape = {-1, 3, 4}}), "") << "of fewer axes";
  EXPECT_EQ(refusal("e=Exp(x); s=ReduceSum(e, [1]); y=Div(s, e)"), "") << "the other way round";
}

TEST(RestoreNormalizations, OnlyWhatItIs) {
  const auto layer = [](const std::string& mean, const std::string& end) {
    return "m=" + mean + "(x); d=Sub(x, m); d2=Mul(d, d); v=" + mean + "(d2); e=Add(v, 0.001); s=Sqrt(e);" + end;
  };
  const std::string rows = "ReduceMean{axes=[-1]}";
  EXPECT_EQ(refusal(layer("ReduceMean{axes=[0]}", "y=Div(d, s)")), "") << "columns";
  EXPECT_EQ(refusal(layer("ReduceMean{axes=[0,1]}", "y=Div(d, s)")), "") << "the whole";
  EXPECT_EQ(refusal(layer("ReduceMean{axes=[-1], keepdims=0}", "y=Div(d, s)"), {.shape = {6, 6}}), "");
  EXPECT_EQ(refusal(layer("ReduceSum{axes=[-1]}", "y=Div(d, s)")), "") << "sums";
  EXPECT_EQ(refusal(layer(rows, "y=Div(d, e)")), "") << "without the root";
  EXPECT_EQ(refusal(layer(rows, "y=Div(x, s)")), "") << "the mean stays in";
  EXPECT_EQ(refusal(layer(rows, "y=Div(d, s) -> y, v")), "'v' in between is a graph output");
  EXPECT_EQ(restored(layer(rows, "h=Div(d, s); z=Exp(m); y=Mul(h, z)")),
            "ReduceMean{axes=} Sub Exp RMSNormalization{epsilon=0.001} Mul")
      << "the mean is needed elsewhere, the rest is not";
  EXPECT_EQ(restored(layer(rows, "h=Div(d, s); y=Mul(h, W[40,6])")), "LayerNormalization{epsilon=0.001} Mul")
      << "a scale for each element is none for each column";
  EXPECT_EQ(refusal(layer(rows, "y=Div(d, s)"), {}, {.strict_onnx = true}),
            "strict_onnx keeps what the file gives at NaN, infinities and where steps overflow");
  EXPECT_EQ(refusal("m=ReduceMean{axes=[-1]}(x); d=Sub(x, m); d2=Mul(d, d); v=ReduceMean{axes=[-1]}(d2);"
                    "e=Add(v, -0.5); s=Sqrt(e); y=Div(d, s)"),
            "-0.5 is negative");
}

}  // namespace
}  // namespace ranvier::optimizer
