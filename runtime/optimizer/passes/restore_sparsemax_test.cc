#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

std::string optimized(std::string_view text, const Dialect& dialect = {}, const Options& options = {}) {
  return testing::describe(optimize(graph_of(text, dialect), options).graph);
}

// Copied from exported files.
const std::string tf2onnx =
    "t1=Shape(x); t2=Cast{to=6}(t1); t3=Slice(t2, [-1], [2147483647], [0]); t4=Squeeze(t3, [0]); e=Cast{to=7}(t4);"
    "t5=Add(e, 1i); t6=Cast{to=1}(t5); t7=Range(1, t6, 1); t8=Reshape(t7, [1,-1]); t9=Cast{to=7}(t4);"
    "t10=Unsqueeze(t9, [0]); t11,t12=TopK{sorted=1}(x, t10); t13=CumSum{exclusive=0, reverse=0}(t11, -1i);"
    "t14=Sub(t13, 1); t15=Div(t14, t8); t16=Sub(t11, t15); t17=Greater(t16, 0); t18=Not(t17); t19=Cast{to=1}(t18);"
    "t20=Mul(0, t19); t21=Cast{to=1}(t17); t22=Cast{to=1}(t17);"
    "t23=ReduceSum{keepdims=1, noop_with_empty_axes=1}(t22, [-1]); t24=Mul(t21, t13); t25=Add(t24, t20);"
    "t26=ReduceSum{keepdims=1, noop_with_empty_axes=1}(t25, [-1]); t27=Sub(t26, 1); t28=Div(t27, t23);"
    "t29=Sub(x, t28); y=Max(t29, 0)";
const std::string torch =
    "t1=Shape(x); t2=Gather(t1, [-1]); t3,t4=TopK{axis=-1, largest=1}(x, t2); t5=CumSum(t3, -1i); t6=Shape(x);"
    "t7=Slice(t6, [-1], [9223372036854775807], [0]); t8=Squeeze(t7, [0]); t9=Add(t8, 1i); t10=Range(1i, t9, 1i);"
    "t11=Reshape{allowzero=0}(t10, [1,-1]); f=Cast{to=1}(t11); t12=Sub(t5, 1); t13=Div(t12, f); t14=Sub(t3, t13);"
    "t15=Greater(t14, 0); t16=Cast{to=7}(t15); t17=ReduceSum{keepdims=1}(t16, [-1]); t18=Where(t15, t5, 0);"
    "t19=ReduceSum{keepdims=1}(t18, [-1]); t20=Sub(t19, 1); n=Cast{to=1}(t17); t21=Div(t20, n); t22=Sub(x, t21);"
    "y=Clip(t22, 0, _)";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(RestoreSparsemax, AsExportersWriteIt) {
  for (const std::string& text : {tf2onnx, torch}) {
    EXPECT_EQ(optimized(text), "ranvier::Sparsemax{axis=-1}") << text;
    EXPECT_EQ(optimized(text, {.shape = {-1, 6}}), "ranvier::Sparsemax{axis=-1}") << text;
    EXPECT_EQ(optimized(text, {.shape = {2, -1, 1}}), "ranvier::Sparsemax{axis=-1}") << text;
  }
  EXPECT_EQ(optimized(replaced(tf2onnx, "y=Max(t29, 0)", "y=Relu(t29)")), "ranvier::Sparsemax{axis=-1}");
  EXPECT_EQ(optimized(replaced(tf2onnx, "y=Max(t29, 0)", "y=Max(0, t29)")), "ranvier::Sparsemax{axis=-1}");
}

TEST(RestoreSparsemax, MeansWhatTheFileMeans) {
  std::minstd_rand random(1);
  std::normal_distribution<float> normal(0, 0.5);
  std::vector<float> numbers(240);
  for (float& number : numbers) number = normal(random);
  const Tensor x = Tensor::of<float>({40, 6}, numbers);
  for (const std::string& text : {tf2onnx, torch}) {
    const graph::Graph graph = graph_of(text);
    const Tensor expected = testing::evaluated(graph, x);
    const Tensor got = testing::evaluated(optimize(graph).graph, x);
    ASSERT_EQ(got.shape(), expected.shape());
    for (std::size_t i = 0; i < numbers.size(); ++i)
      EXPECT_NEAR(got.values<float>()[i], expected.values<float>()[i], 2e-6f) << i;
  }
}

TEST(RestoreSparsemax, NothingElse) {
  const std::pair<const char*, const char*> changes[] = {
      {"keepdims=1}(t16, [-1])", "keepdims=0}(t16, [-1])"},
      {"(t18, [-1])", "(t18, [0])"},
      {"largest=1", "largest=0"},
      {"axis=-1", "axis=0"},
      {"TopK{axis=-1, largest=1}(x, t2)", "TopK{axis=-1, largest=1, sorted=0}(x, t2)"},
      {"CumSum(t3, -1i)", "CumSum{exclusive=1}(t3, -1i)"},
      {"CumSum(t3, -1i)", "CumSum(t3, 0i)"},
      {"Add(t8, 1i)", "Add(t8, 0i)"},
      {"Range(1i, t9, 1i)", "Range(2i, t9, 1i)"},
      {"Sub(t5, 1)", "Sub(t5, 2)"},
      {"Greater(t14, 0)", "Less(t14, 0)"},
      {"Sub(t3, t13)", "Sub(t13, t3)"},
      {"Where(t15, t5, 0)", "Where(t15, t3, 0)"},
      {"Div(t20, n)", "Div(n, t20)"},
      {"Clip(t22, 0, _)", "Clip(t22, 0, 1)"},
      {"Clip(t22, 0, _)", "Clip(t22, 1, _)"},
  };
  for (const auto& [from, to] : changes)
    EXPECT_EQ(optimized(replaced(torch, from, to)).find("Sparsemax"), std::string::npos) << to;
  EXPECT_EQ(optimized(torch, {.shape = {2, -1}}).find("Sparsemax"), std::string::npos) << "of unknown size";
  EXPECT_EQ(optimized(torch, {.shape = {6}}).find("Sparsemax"), std::string::npos) << "the result has another rank";
  EXPECT_EQ(optimized(torch, {}, {.strict_onnx = true}).find("Sparsemax"), std::string::npos);
}

TEST(RestoreSparsemax, NotAcrossValuesThatAreNeeded) {
  for (const char* value : {"t3", "t4", "t5", "t15", "t21"}) {
    EXPECT_EQ(optimized(torch + " -> y, " + value).find("Sparsemax"), std::string::npos) << value;
    EXPECT_EQ(optimized(torch + "; z=Identity(" + value + "); w=Shape(z) -> y, w").find("Sparsemax"), std::string::npos)
        << value;
  }
  EXPECT_NE(optimized(torch + "; z=Neg(y) -> y, z").find("Sparsemax"), std::string::npos);
}

}  // namespace
}  // namespace ranvier::optimizer
