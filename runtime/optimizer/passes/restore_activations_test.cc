#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using testing::describe;
using testing::Dialect;
using testing::graph_of;

/// The graph after the passes up to this one, with the rows whose operators are not there as well.
Graph restored(Graph graph, const Options& options = {}) {
  const Spellings all(activation_spellings());
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& find : {remove_no_ops, fold_constants, restore_choices}) {
      const std::vector<graph::Patch> patches = find(graph, options);
      changed = changed || !patches.empty();
      graph = graph::apply(graph, graph::merge(patches, graph.values.size()));
    }
    const std::vector<graph::Patch> patches = all.find(graph, options.strict_onnx).patches;
    changed = changed || !patches.empty();
    graph = graph::apply(graph, graph::merge(patches, graph.values.size()));
  }
  return graph;
}

std::string restored(std::string_view text, const Dialect& dialect = {}, const Options& options = {}) {
  return describe(restored(graph_of(text, dialect), options));
}

struct Case {
  const char* node;
  std::string text;
};

/// c * a + (1 - c) * b, the way tf2onnx writes where(c, a, b); `n` makes its names unique.
std::string blend(const std::string& y, const std::string& c, const std::string& a, const std::string& b) {
  const std::string n = y + "_";
  return n + "1=Not(" + c + ");" + n + "2=Cast{to=1}(" + n + "1);" + n + "3=Cast{to=1}(" + c + ");" + n + "4=Mul(" + n +
         "3, " + a + ");" + n + "5=Mul(" + b + ", " + n + "2);" + y + "=Add(" + n + "4, " + n + "5)";
}

const std::string zeros = "s=Shape(x); zeros=ConstantOfShape(s);";

// Copied from exported files.
const Case cases[] = {
    {"Celu{alpha=1}", "t1=Min(x, 0); t2=Expm1(t1); t3=Max(x, 0); y=Add(t3, t2)"},
    {"Celu{alpha=1}", "t1=Min(x, 0); t2=Mul(t1, 1); t3=Expm1(t2); t4=Mul(1, t3); t5=Max(x, 0); y=Add(t5, t4)"},
    {"Celu{alpha=1}", "t1=Min(x, 0); t2=Max(x, 0); t3=Exp(t1); t4=Sub(t3, 1); y=Add(t2, t4)"},
    {"Celu{alpha=0.6}",
     "t1=Min(x, 0); t2=Max(x, 0); t3=Mul(t1, 1.66666663); t4=Expm1(t3); t5=Mul(0.600000024, t4);"
     "y=Add(t2, t5)"},
    {"Celu{alpha=0.6}",
     "t1=Min(x, 0); t2=Max(x, 0); t3=Mul(t1, 1.66666663); t4=Exp(t3); t5=Sub(t4, 1);"
     "t6=Mul(0.600000024, t5); y=Add(t2, t6)"},
    {"Elu{alpha=0.5}", "c=Greater(x, 0); e=Elu(x); t=Mul(0.5, e);" + blend("y", "c", "e", "t")},
    {"Elu{alpha=0.5}", "c=Greater(x, 0); e=Elu(x); t=Mul(0.5, e); y=Where(c, x, t)"},
    {"Elu{alpha=0.5}", "c=Greater(x, 0); e=Expm1(x); t=Mul(0.5, e); y=Where(c, x, t)"},
    {"Elu{alpha=0.5}", "c=Greater(x, 0); e=Exp(x); u=Sub(e, 1); t=Mul(0.5, u); y=Where(c, x, t)"},
    {"Elu{alpha=0.7}", "t1=Mul(x, 1); t2=Elu{alpha=0.7}(t1); y=Mul(t2, 1)"},
    {"Gelu", "t1=Mul(0.5, x); t2=Neg(x); t3=Mul(t2, 0.707106769); t4=Erfc(t3); y=Mul(t1, t4)"},
    {"Gelu", "t1=Mul(0.5, x); t2=Neg(x); t3=Mul(t2, 0.707106769); t4=Erf(t3); t5=Sub(1, t4); y=Mul(t1, t5)"},
    {"Gelu", "t1=Mul(0.5, x); t2=Mul(x, 0.707106769); t3=Erf(t2); t4=Add(1, t3); y=Mul(t1, t4)"},
    {"Gelu", "t1=Div(x, 1.41421354); t2=Erf(t1); t3=Add(t2, 1); t4=Mul(0.5, t3); y=Mul(x, t4)"},
    {"Gelu", "t1=Mul(x, 0.5); t2=Div(x, 1.41421354); t3=Erf(t2); t4=Add(t3, 1); y=Mul(t1, t4)"},
    {"Gelu{approximate=tanh}",
     "t1=Mul(0.5, x); t2=Pow(x, 3); t3=Mul(0.0447149985, t2); t4=Add(x, t3);"
     "t5=Mul(0.797884583, t4); t6=Tanh(t5); t7=Add(1, t6); y=Mul(t1, t7)"},
    {"Gelu{approximate=tanh}",
     "t1=Mul(x, x); t2=Mul(x, t1); t3=Mul(t2, 0.0447149985); t4=Add(t3, x);"
     "t5=Mul(t4, 0.797884583); t6=Tanh(t5); t7=Add(t6, 1); t8=Mul(0.5, t7); y=Mul(t8, x)"},
    {"ranvier::Glu{axis=-1}", "t1,t2=Split{axis=-1}(x); t3=Sigmoid(t2); y=Mul(t1, t3)"},
    {"ranvier::Glu{axis=0}", "t1,t2=Split(x, [20,20]); t3=Sigmoid(t2); y=Mul(t1, t3)"},
    {"ranvier::HardShrink{lambd=0.5}", zeros + "t=Abs(x); c=Greater(t, 0.5);" + blend("y", "c", "x", "zeros")},
    {"ranvier::HardShrink{lambd=0.5}",
     "t1=Greater(x, 0.5); t2=Less(x, -0.5); t3=Cast{to=9}(t1); t4=Cast{to=9}(t2);"
     "t5=Or(t3, t4); y=Where(t5, x, 0)"},
    {"HardSigmoid{alpha=0.16666667, beta=0.5}", "t1=Add(x, 3); t2=Clip(t1, 0, 6); y=Mul(t2, 0.166666672)"},
    {"HardSigmoid{alpha=0.16666667, beta=0.5}", "t1=Mul(x, 0.166666672); t2=Add(t1, 0.5); y=Clip(t2, 0, 1)"},
    {"HardSwish", "t1=Add(x, 3); t2=Clip(t1, 0, 6); t3=Mul(t2, 0.166666672); y=Mul(x, t3)"},
    {"HardSwish", "t1=Add(x, 3); t2=Relu(t1); t3=Min(t2, 6); t4=Mul(t3, x); y=Div(t4, 6)"},
    {"HardSwish", "t=HardSigmoid{alpha=0.16666667}(x); y=Mul(x, t)"},
    {"ranvier::HardTanh", "t1=Min(x, 1); y=Max(t1, -1)"},
    {"ranvier::HardTanh", "y=Clip(x, -1, 1)"},
    {"Clip{max=6, min=0}", "y=Clip(x, 0, 6)"},
    {"Clip{max=1.5, min=0}", "t1=Relu(x); t2=Min(t1, 1.5); y=Max(t2, 0)"},
    {"Clip{max=1.5, min=0}", "t1=Relu(x); y=Clip(t1, 0, 1.5)"},
    {"LeakyRelu{alpha=0.25}", "t1=Relu(x); t2=Neg(x); t3=Relu(t2); t4=Mul(t3, -0.25); y=Add(t4, t1)"},
    {"LeakyRelu{alpha=0.25}", "t1=Mul(x, 0.25); t2=Greater(x, 0); y=Where(t2, x, t1)"},
    {"ranvier::LogSigmoid", "t1=Neg(x); t2=Softplus(t1); y=Neg(t2)"},
    {"ranvier::LogSigmoid", "t1=Sigmoid(x); y=Log(t1)"},
    {"Mish", "t1=Softplus(x); t2=Tanh(t1); y=Mul(x, t2)"},
    {"Mish", "t1=Softplus(x); t2=Greater(x, 20); t3=Where(t2, x, t1); t4=Tanh(t3); y=Mul(x, t4)"},
    {"PRelu", "t1=Relu(x); t2=Neg(x); t3=Relu(t2); t4=Mul(t3, W[6]); y=Add(t1, t4)"},
    {"PRelu", "t1=Relu(x); t2=Neg(x); t3=Relu(t2); t4=Mul(W[1,6], t3); y=Add(t1, t4)"},
    {"PRelu", "t1=Relu(x); t2=Min(x, 0); t3=Mul(t2, W[6]); y=Add(t1, t3)"},
    {"PRelu", "t1=Relu(x); t2=Min(x, 0); t3=Mul(t2, 1.7); t4=Mul(t3, W[6]); y=Add(t1, t4)"},
    {"Relu", "y=Max(0, x)"},
    {"ranvier::Relu{max_value=2, negative_slope=0.1}",
     "t1=Relu(x); t2=Min(t1, 2); t3=Max(t2, 0); t4=Neg(x); t5=Relu(t4); t6=Mul(0.100000001, t5); y=Sub(t3, t6)"},
    {"ranvier::Relu{max_value=2, negative_slope=0.1}",
     "t1=Neg(x); t2=Relu(t1); t3=Relu(x); t4=Clip(t3, 0, 2); t5=Mul(t2, 0.100000001); y=Sub(t4, t5)"},
    {"ranvier::Relu{negative_slope=0.1, threshold=0.3}",
     "t1=Neg(x); t2=Add(t1, 0.300000012); t3=Relu(t2); t4=Mul(0.100000001, t3); c=Greater(x, 0.300000012);" +
         blend("w", "c", "x", "0") + "; y=Sub(w, t4)"},
    {"ranvier::Relu{max_value=6, negative_slope=0.1, threshold=0.2}",
     "t1=Neg(x); t2=Add(t1, 0.200000003); t3=Relu(t2); t4=Mul(0.100000001, t3); c=Greater(x, 0.200000003);" +
         blend("w", "c", "x", "0") + "; t12=Min(w, 6); t13=Max(t12, 0); y=Sub(t13, t4)"},
    {"ranvier::Relu{max_value=6, negative_slope=0.1, threshold=0.2}",
     "t1=Neg(x); t2=Add(t1, 0.200000003); t3=Relu(t2); t4=Greater(x, 0.200000003); t5=Cast{to=9}(t4);"
     "t6=Cast{to=9}(t5); t7=Where(t6, x, 0); t8=Clip(t7, 0, 6); t9=Mul(t3, 0.100000001); y=Sub(t8, t9)"},
    {"ranvier::Relu{max_value=6, threshold=0.2}",
     "c=Greater(x, 0.2);" + blend("w", "c", "x", "0") + "; y=Clip(w, 0, 6)"},
    {"Selu", "t1=Elu{alpha=1.6732632}(x); y=Mul(t1, 1.0507010)"},
    {"Sigmoid", "t1=Neg(x); t2=Exp(t1); t3=Add(1, t2); y=Reciprocal(t3)"},
    {"ranvier::SoftShrink{lambd=0.5}", zeros + "t1=Sub(x, 0.5); t2=Add(x, 0.5); c1=Less(x, -0.5); c2=Greater(x, 0.5);" +
                                           blend("inner", "c1", "t2", "zeros") + ";" + blend("y", "c2", "t1", "inner")},
    {"ranvier::SoftShrink{lambd=0.5}",
     "t1=Greater(x, 0.5); t2=Sub(x, 0.5); t3=Where(t1, t2, 0); t4=Less(x, -0.5);"
     "t5=Add(x, 0.5); t6=Where(t4, t5, 0); y=Add(t3, t6)"},
    {"Softplus", "t1=Exp(x); t2=Add(t1, 1); y=Log(t2)"},
    {"Softplus", "t1=Softplus(x); t2=Greater(x, 20); y=Where(t2, x, t1)"},
    {"Softsign", "t1=Abs(x); t2=Add(t1, 1); y=Div(x, t2)"},
    {"ranvier::SparsePlus", zeros +
                                "t1=Add(x, 1); t2=Pow(t1, 2); t3=Mul(0.25, t2); c1=LessOrEqual(x, -1); c2=Less(x, 1);" +
                                blend("inner", "c2", "t3", "x") + ";" + blend("y", "c1", "zeros", "inner")},
    {"ranvier::SparsePlus",
     "t1=LessOrEqual(x, -1); t2=Shape(x); t3=ConstantOfShape(t2); t4=Less(x, 1); t5=Add(x, 1);"
     "t6=Pow(t5, 2); t7=Mul(t6, 0.25); t8=Where(t4, t7, x); y=Where(t1, t3, t8)"},
    {"ranvier::SparseSigmoid", "t1=Add(x, 1); t2=Mul(0.5, t1); c1=LessOrEqual(x, -1); c2=GreaterOrEqual(x, 1);" +
                                   blend("inner", "c2", "1", "t2") + ";" + blend("y", "c1", "0", "inner")},
    {"ranvier::SparseSigmoid",
     "t1=LessOrEqual(x, -1); t2=GreaterOrEqual(x, 1); t3=Add(x, 1); t4=Mul(t3, 0.5);"
     "t5=Where(t2, 1, t4); y=Where(t1, 0, t5)"},
    {"ranvier::SquarePlus{b=4}", "t1=Mul(x, x); t2=Add(t1, 4); t3=Sqrt(t2); t4=Add(x, t3); y=Mul(t4, 0.5)"},
    {"ranvier::SquarePlus{b=4}", "t1=Pow(x, 2); t2=Add(t1, 4); t3=Sqrt(t2); t4=Add(x, t3); y=Div(t4, 2)"},
    {"Swish{alpha=1}", "t1=Sigmoid(x); y=Mul(x, t1)"},
    {"Swish{alpha=1}", "t1=Mul(1, x); t2=Sigmoid(t1); y=Mul(x, t2)"},
    {"Swish{alpha=1.5}", "t1=Mul(1.5, x); t2=Sigmoid(t1); y=Mul(x, t2)"},
    {"Swish{alpha=1}", "t1=Neg(x); t2=Exp(t1); t3=Add(t2, 1); y=Div(x, t3)"},
    {"ranvier::TanhShrink", "t1=Tanh(x); y=Sub(x, t1)"},
    {"ThresholdedRelu{alpha=0.4}", "c=Greater(x, 0.400000006);" + blend("y", "c", "x", "0")},
    {"ThresholdedRelu{alpha=0.4}", "t1=Greater(x, 0.400000006); y=Where(t1, x, 0)"},
    {"ranvier::Threshold{alpha=0.3, value=-0.7}", "c=Greater(x, 0.300000012);" + blend("y", "c", "x", "-0.699999988")},
};

TEST(RestoreActivations, AsExportersWriteThem) {
  for (const auto& [node, text] : cases) EXPECT_EQ(restored(text), node) << text;
}

bool known(const Graph& graph) {
  return std::all_of(graph.nodes.begin(), graph.nodes.end(), [](const graph::Node& node) {
    return operators::find_operator(node.domain, node.op_type, node.version) != nullptr;
  });
}

/// Numbers of every size and sign in front, then the common ones.
std::vector<float> numbers(std::size_t count) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> result = {0,    infinity, 1e-40f, 1e-30f, 1e30f, std::numeric_limits<float>::max(),
                               0.2f, 0.3f,     0.4f,   0.5f,   1,     2,
                               3,    6,        20,     40};
  for (std::size_t i = 0, all = result.size(); i < all; ++i) result.push_back(-result[i]);
  result.push_back(std::numeric_limits<float>::quiet_NaN());
  std::minstd_rand random(1);
  std::normal_distribution<float> normal(0, 4);
  while (result.size() < count) result.push_back(normal(random));
  return result;
}

TEST(RestoreActivations, MeanWhatTheFileMeans) {
  const Tensor x = Tensor::of<float>({40, 6}, numbers(240));
  const auto in = x.values<float>();
  int compared = 0;
  for (const auto& [node, text] : cases) {
    const Graph graph = graph_of(text);
    const Graph one_node = restored(graph);
    const Tensor expected = testing::evaluated(graph, x);
    if (!known(one_node) || expected.shape() != x.shape()) continue;  // Glu halves
    const Tensor got = testing::evaluated(one_node, x);
    ASSERT_EQ(got.shape(), expected.shape()) << text;
    for (std::size_t i = 0; i < in.size(); ++i) {
      const float want = expected.values<float>()[i];
      const float have = got.values<float>()[i];
      // Where the file's own steps meet infinities, the function wins, and it has no NaN of its own.
      if (std::isnan(in[i])) {
        EXPECT_TRUE(std::isnan(have)) << node << " of " << in[i] << ": " << text;
      } else if (std::isnan(want) || (std::isinf(want) && std::abs(in[i]) > 80)) {
        EXPECT_FALSE(std::isnan(have)) << node << " of " << in[i] << ": " << text;
      } else {
        EXPECT_TRUE(have == want || std::abs(have - want) <= 1e-6f + 1e-5f * std::abs(want))
            << node << " of " << in[i] << " is " << have << ", " << want << " by " << text;
      }
    }
    ++compared;
  }
  EXPECT_GE(compared, 30);
}

TEST(RestoreActivations, GluMeansWhatTheFileMeans) {
  std::vector<float> inputs(240);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = 0.125f * static_cast<float>(i * 37 % 240) - 15;
  const Tensor x = Tensor::of<float>({40, 6}, inputs);
  for (const auto& [node, text] : cases) {
    if (!std::string_view(node).starts_with("ranvier::Glu")) continue;
    const Graph graph = graph_of(text);
    const Graph one_node = optimize(graph).graph;
    EXPECT_EQ(describe(one_node), node) << text;
    const Tensor expected = testing::evaluated(graph, x);
    const Tensor got = testing::evaluated(one_node, x);
    ASSERT_EQ(got.shape(), expected.shape()) << text;
    for (std::size_t i = 0; i < 120; ++i)
      EXPECT_NEAR(got.values<float>()[i], expected.values<float>()[i], 1e-6 * std::abs(expected.values<float>()[i]));
  }
}

/// All graphs that differ from this one in one number, one operator or the order of one node's operands.
std::vector<Graph> near_misses(const Graph& graph) {
  std::vector<Graph> result;
  for (graph::ValueId id = 0; id < graph.values.size(); ++id) {
    const Tensor* constant = graph.constant(id);
    if (constant == nullptr || constant->type() != DataType::float32) continue;
    Tensor other = constant->copy();
    for (const float factor : {1.02f, -1.0f}) {
      other.mutable_values<float>()[0] = constant->values<float>()[0] * factor + 0.01f;
      result.push_back(graph);
      result.back().values[id].constant = other.copy();
    }
  }
  const std::vector<std::vector<std::string>> alike = {{"Add", "Sub", "Mul", "Div", "Max", "Min"},
                                                       {"Greater", "Less", "GreaterOrEqual", "LessOrEqual"},
                                                       {"Sigmoid", "Tanh", "Softplus", "Elu", "Exp", "Erf", "Neg"}};
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const graph::Node& node = graph.nodes[n];
    if (node.inputs.size() >= 2 && node.op_type != "Clip" && node.op_type != "Split") {
      result.push_back(graph);
      std::swap(result.back().nodes[n].inputs.end()[-1], result.back().nodes[n].inputs.end()[-2]);
    }
    for (const std::vector<std::string>& group : alike) {
      if (std::count(group.begin(), group.end(), node.op_type) == 0) continue;
      for (const std::string& other : group) {
        result.push_back(graph);
        result.back().nodes[n].op_type = other;
        if (other != "Elu") result.back().nodes[n].attributes.clear();
      }
    }
  }
  return result;
}

TEST(RestoreActivations, NearMissesMeanWhatTheyMeant) {
  std::vector<float> inputs(240);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = 0.0625f * (static_cast<float>(i) - 119.5f);
  const Tensor x = Tensor::of<float>({40, 6}, inputs);
  int compared = 0;
  for (const auto& [node, text] : cases) {
    for (const Graph& graph : near_misses(graph_of(text))) {
      const Graph after = restored(graph);
      if (!known(after)) continue;
      const Tensor expected = testing::evaluated(graph, x);
      const Tensor got = testing::evaluated(after, x);
      ASSERT_EQ(got.shape(), expected.shape()) << text;
      for (std::size_t i = 0; i < expected.values<float>().size(); ++i) {
        const float want = expected.values<float>()[i];
        const float have = got.values<float>()[i];
        if (!std::isfinite(want)) continue;
        EXPECT_LE(std::abs(have - want), 2e-5f + 2e-5f * std::abs(want))
            << describe(after) << " of " << inputs[i] << " is " << have << " instead of " << want << ": "
            << graph::to_text(graph);
      }
      ++compared;
    }
  }
  EXPECT_GE(compared, 500);
}

TEST(RestoreActivations, StrictOnnxKeepsWhatGivesAnotherResult) {
  for (const char* text : {"t1=Sigmoid(x); y=Mul(x, t1)", "t1=Greater(x, 0.4); y=Where(t1, x, 0)",
                           "t1=Softplus(x); t2=Tanh(t1); y=Mul(x, t2)",
                           "t1=Relu(x); t2=Min(x, 0); t3=Mul(t2, 1.7); t4=Mul(t3, W[6]); y=Add(t1, t4)"})
    EXPECT_NE(restored(text, {}, {.strict_onnx = true}).find(' '), std::string::npos) << text;
  for (const auto& [node, text] : cases) {
    const Graph graph = graph_of(text);
    const Graph strict = restored(graph, {.strict_onnx = true});
    if (!known(strict)) continue;
    const Tensor x = Tensor::of<float>({40, 6}, numbers(240));
    const Tensor expected = testing::evaluated(graph, x);
    const Tensor got = testing::evaluated(strict, x);
    for (std::size_t i = 0; i < expected.values<float>().size(); ++i) {
      const float want = expected.values<float>()[i];
      const float have = got.values<float>()[i];
      EXPECT_TRUE(have == want || (std::isnan(have) && std::isnan(want)) ||
                  std::abs(have - want) <= 1e-6f + 1e-5f * std::abs(want))
          << node << " is " << have << ", " << want << " by " << text;
    }
  }
}

TEST(RestoreActivations, WhatIsNeededElsewhereStays) {
  const std::string gelu = "t1=Mul(0.5, x); t2=Mul(x, 0.70710677); t3=Erf(t2); t4=Add(1, t3); y=Mul(t1, t4)";
  const std::string same = "Mul Mul Erf Add Mul";
  for (const char* inner : {"t1", "t2", "t3", "t4"}) {
    EXPECT_EQ(restored(gelu + " -> y, " + inner), same) << inner;
    EXPECT_EQ(restored(gelu + "; z=Neg(" + inner + ") -> y, z"), same + " Neg") << inner;
  }
  EXPECT_EQ(restored(gelu + "; z=Neg(y) -> y, z"), "Gelu Neg") << "what it computes may be read by everybody";
  EXPECT_EQ(restored("t1=Mul(1.5, x); t2=Sigmoid(t1); y=Mul(t1, t2) -> y, t1"), "Mul Swish{alpha=1}")
      << "a smaller region may be free";
}

TEST(RestoreActivations, TellsWhyNot) {
  const auto refusals_of = [](std::string_view text) { return refusals(graph_of(text)); };
  EXPECT_EQ(
      refusals_of("t1=Sigmoid(x); y=Mul(x, t1) -> y, t1"),
      std::vector<std::string>{"'t1', 'y' would be Swish@24(alpha = a): x * sigmoid(a * x); but 't1' in between is a "
                               "graph output"});
  EXPECT_EQ(refusals_of("t1=Softplus(x); t2=Tanh(t1); y=Mul(x, t2); z=Neg(t1) -> y, z"),
            std::vector<std::string>{
                "'t1', 't2', 'y' would be Mish@18: x * tanh(softplus(x)); but 't1' in between is read by "
                "another node, too"});
  EXPECT_EQ(
      refusals_of("t1=Mul(0.5, x); t2=Mul(x, 0.7); t3=Erf(t2); t4=Add(1, t3); y=Mul(t1, t4)"),
      std::vector<std::string>{"'t1', 't2', 't3', 't4', 'y' would be Gelu@20: 0.5 * x * (1 + erf(0.70710677 * x)); but "
                               "0.699999988079071 stands where 0.70710677 is expected"});
  EXPECT_EQ(refusals_of("t1=Sigmoid(x); y=Mul(x, t1)"), std::vector<std::string>{}) << "it is replaced";
  EXPECT_EQ(
      refusals(graph_of("t1=Sigmoid(x); y=Mul(x, t1)"), {.strict_onnx = true}),
      std::vector<std::string>{"'t1', 'y' would be Swish@24(alpha = a): x * sigmoid(a * x); but strict_onnx keeps "
                               "what the file gives at NaN, infinities and where steps overflow"});
  EXPECT_EQ(
      refusals(graph_of("t1=Elu(x); t2=Mul(t1, 0.6); c=Greater(x, 0); y=Where(c, x, t2)", {.type = DataType::float64})),
      std::vector<std::string>{"'t1', 't2', 'c', 'y' would be Elu@6(alpha = a): where(x > 0, x, a * elu(x)); but "
                               "alpha = 0.6 is not a float, as attributes are"});
}

TEST(RestoreActivations, OfEveryTypeOfRealNumbersAndNoOther) {
  const std::string tanh_gelu =
      "t1=Mul(0.5, x); t2=Pow(x, 3); t3=Mul(0.044715, t2); t4=Add(x, t3); t5=Mul(0.79788456, t4); t6=Tanh(t5);"
      "t7=Add(1, t6); y=Mul(t1, t7)";
  const std::string hard_swish = "t1=Add(x, 3); t2=Clip(t1, 0, 6); t3=Mul(t2, 0.16666667); y=Mul(x, t3)";
  for (const DataType type : {DataType::float32, DataType::float64, DataType::float16, DataType::bfloat16}) {
    EXPECT_EQ(restored(tanh_gelu, {.type = type}), "Gelu{approximate=tanh}") << name(type);
    EXPECT_EQ(restored(hard_swish, {.type = type}), "HardSwish") << name(type);
  }
  EXPECT_EQ(restored("y=Max(x, 0)", {.type = DataType::int32}), "Max");
  EXPECT_EQ(restored("y=Clip(x, 0, 6)", {.type = DataType::int64}), "Clip");
  // An attribute is a float: of doubles, only what a float holds can be one.
  EXPECT_EQ(restored("t1=Elu(x); t2=Mul(t1, 0.5); c=Greater(x, 0); y=Where(c, x, t2)", {.type = DataType::float64}),
            "Elu{alpha=0.5}");
  EXPECT_EQ(restored("t1=Elu(x); t2=Mul(t1, 0.6); c=Greater(x, 0); y=Where(c, x, t2)", {.type = DataType::float64}),
            "Elu Mul Greater Where");
}

TEST(RestoreActivations, ConstantsMayHaveShapesThatChangeNothing) {
  const auto swish = [](const std::string& one, const std::vector<std::int64_t>& shape) {
    return restored("t1=Mul(x, " + one + "); t2=Sigmoid(t1); y=Mul(x, t2)", {.shape = shape});
  };
  // W[1] is 0.125, [1,1] and so on have that one element, too.
  EXPECT_EQ(swish("W[1]", {40, 6}), "Swish{alpha=0.125}");
  EXPECT_EQ(swish("W[1,1]", {40, 6}), "Swish{alpha=0.125}");
  EXPECT_EQ(swish("W[1,1]", {6}), "Mul Sigmoid Mul") << "t1 has a dimension more than x";
  EXPECT_EQ(swish("W[1]", {}), "Mul Sigmoid Mul") << "t1 has a dimension more than x";
  EXPECT_EQ(swish("W[6]", {40, 6}), "Mul Sigmoid Mul") << "its elements differ";
}

TEST(RestoreActivations, CeluDoesNotGrowBelowZero) {
  const auto celu = [](const std::string& alpha) {
    return restored("t1=Min(x, 0); t2=Div(t1, " + alpha + "); t3=Expm1(t2); t4=Mul(t3, " + alpha +
                    "); t5=Max(x, 0); y=Add(t4, t5)");
  };
  EXPECT_EQ(celu("0.25"), "Celu{alpha=0.25}");
  EXPECT_EQ(celu("-0.25"), "Min Div Expm1 Mul Relu Add") << "which may overflow on the way";
}

TEST(RestoreActivations, SlopesOfPReluKeepTheShapeOfTheInput) {
  const auto prelu = [](const std::string& slope, const std::vector<std::int64_t>& shape) {
    return restored("t1=Relu(x); t2=Neg(x); t3=Relu(t2); t4=Mul(" + slope + ", t3); y=Add(t1, t4)", {.shape = shape});
  };
  const std::string same = "Relu Neg Relu Mul Add";
  EXPECT_EQ(prelu("W[40,6]", {40, 6}), "PRelu");
  EXPECT_EQ(prelu("W[40,1]", {40, 6}), "PRelu");
  EXPECT_EQ(prelu("W[6]", {-1, 6}), "PRelu");
  EXPECT_EQ(prelu("W[6]", {40, 1}), same);
  EXPECT_EQ(prelu("W[6]", {40, -1}), same) << "it may be 1";
  EXPECT_EQ(prelu("W[3,40,6]", {40, 6}), same);
}

TEST(RestoreActivations, ClipOfEveryVersion) {
  EXPECT_EQ(restored("y=Clip{min=0.0, max=6.0}(x)", {.version = 6}), "Clip{max=6, min=0}");
  EXPECT_EQ(restored("t=Relu(x); y=Clip{min=-1.0, max=6.0}(t)", {.version = 6}), "Clip{max=6, min=0}");
  EXPECT_EQ(restored("y=Clip(x, 0, 6)", {.version = 11}), "Clip{max=6, min=0}");
  EXPECT_EQ(restored("y=Clip(x, 0)", {.version = 13}), "Relu");
  EXPECT_EQ(restored("y=Clip(x, _, 6)", {.version = 13}), "Clip") << "no activation";
  EXPECT_EQ(restored("y=Clip{min=0.0}(x)", {.version = 6}), "Clip{min=0}") << "infinity becomes the largest float";
}

TEST(RestoreActivations, OperatorsThatDoNotBroadcastAreNotRead) {
  EXPECT_EQ(restored("t1=Sigmoid(x); y=Mul(x, t1)", {.version = 7}), "Swish{alpha=1}");
  EXPECT_EQ(restored("t1=Sigmoid(x); y=Mul(x, t1)", {.version = 6}), "Sigmoid Mul");
}

TEST(RestoreActivations, HalvesOfGluAreEqual) {
  const std::string glu = "t1,t2=Split{axis=-1, num_outputs=2}(x); t3=Sigmoid(t2); y=Mul(t1, t3)";
  EXPECT_EQ(restored(glu, {.version = 18}), "ranvier::Glu{axis=-1}");
  EXPECT_EQ(restored(glu, {.version = 18, .shape = {40, 3}}), "Split{axis=-1, num_outputs=2} Sigmoid Mul");
  EXPECT_EQ(restored(glu, {.version = 18, .shape = {40, -1}}), "Split{axis=-1, num_outputs=2} Sigmoid Mul");
  EXPECT_EQ(restored("t1,t2=Split(x, [30,10]); t3=Sigmoid(t2); y=Mul(t1, t3)"), "Split Sigmoid Mul");
  EXPECT_EQ(restored("t1,t2=Split(x); t3=Sigmoid(t1); y=Mul(t1, t3)"), "Split Swish{alpha=1}");
}

TEST(RestoreActivations, KeepsTheNamesOfOutputsAndNodes) {
  const Result result = optimize(graph_of("t1=Sigmoid(x); y=Mul(x, t1)"));
  ASSERT_EQ(result.graph.nodes.size(), 1u);
  EXPECT_EQ(result.graph.nodes[0].name, "y");
  EXPECT_EQ(result.graph.nodes[0].version, 24);
  EXPECT_EQ(result.graph.values[result.graph.outputs[0]].name, "y");
  ASSERT_EQ(result.rewrites.size(), 1u);
  EXPECT_EQ(result.rewrites[0].pass, "restore_activations");
  EXPECT_EQ(result.rewrites[0].reason, "'t1', 'y' spelled Swish@24(alpha = a): x * sigmoid(a * x)");
}

TEST(RestoreActivations, NoOperatorIsRestoredThatIsNotThere) {
  for (const auto& [node, text] : cases) EXPECT_TRUE(known(optimize(graph_of(text)).graph)) << text;
}

}  // namespace
}  // namespace ranvier::optimizer
