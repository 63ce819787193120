#include "runtime/optimizer/spelling.h"

#include <gtest/gtest.h>

#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using graph::testing::error_of;
using testing::describe;
using testing::graph_of;

TEST(ParseNode, ReadsWhatATableSays) {
  const NodeTemplate elu = parse_node("Elu@6(alpha = 1 / a, word = tanh)");
  EXPECT_EQ(describe(elu.node), "Elu{word=tanh}");
  EXPECT_EQ(elu.node.version, 6);
  ASSERT_EQ(elu.numbers.size(), 1u);
  EXPECT_EQ(elu.numbers[0].first, "alpha");
  EXPECT_EQ(elu.numbers[0].second, (Number{1, {{'a', -1}}}));
  EXPECT_TRUE(elu.operands.empty());
  const NodeTemplate own = parse_node("ranvier::Affine@1(-w, row(v), row(2 * a), k = 1)");
  EXPECT_EQ(describe(own.node), "ranvier::Affine");
  EXPECT_EQ(own.operands,
            (std::vector<Operand>{{0, Number{-1}}, {1, Number{1}, true}, {{}, Number{2, {{'a', 1}}}, true}}));
}

TEST(ParseNode, RefusesWhatIsNone) {
  EXPECT_EQ(error_of([] { parse_node("Elu"); }), "internal: 'Elu' names no version");
  EXPECT_EQ(error_of([] { parse_node("Elu@6(alpha = x)"); }), "internal: 'Elu@6(alpha = x)': x is no number");
  EXPECT_EQ(error_of([] { parse_node("PRelu@7(x)"); }),
            "internal: 'x' is neither a number nor a multiple of a constant tensor");
}

/// The graph with what one table finds in it.
std::string found(std::span<const Spelling> table, std::string_view text) {
  const graph::Graph graph = graph_of(text);
  const Spellings spellings(table);
  return describe(graph::apply(graph, graph::merge(spellings.find(graph, false).patches, graph.values.size())));
}

TEST(Spellings, TheOneThatEndsLastCounts) {
  const Spelling table[] = {{"Half@1", "exp(tanh(x))"}, {"Whole@1", "log(exp(tanh(x)))"}};
  EXPECT_EQ(found(table, "t1=Tanh(x); t2=Exp(t1); y=Log(t2)"), "Whole");
  EXPECT_EQ(found(table, "t1=Tanh(x); y=Exp(t1)"), "Half");
  EXPECT_EQ(found(table, "t1=Tanh(x); t2=Exp(t1); y=Log(t2) -> y, t2"), "Half Log");
}

TEST(Spellings, TheLargestCounts) {
  const Spelling table[] = {{"Outer@1", "exp(x)"}, {"Both@1", "exp(exp(x))"}};
  EXPECT_EQ(found(table, "t1=Exp(x); y=Exp(t1)"), "Both");
  EXPECT_EQ(found(table, "t1=Exp(x); t2=Exp(t1); y=Exp(t2)"), "Outer Both");
}

TEST(Spellings, TheEarliestRowThatFitsCounts) {
  const Spelling table[] = {{"One@1", "tanh(2 * x)"}, {"Any@1(k = a)", "tanh(a * x)"}, {"Never@1", "tanh(a * x)"}};
  EXPECT_EQ(found(table, "t1=Mul(x, 2); y=Tanh(t1)"), "One");
  EXPECT_EQ(found(table, "t1=Mul(x, 3); y=Tanh(t1)"), "Any{k=3}");
}

TEST(Spellings, OneAfterTheOther) {
  const Spelling table[] = {{"Both@1", "exp(tanh(x))"}};
  EXPECT_EQ(found(table, "t1=Tanh(x); t2=Exp(t1); t3=Tanh(t2); y=Exp(t3)"), "Both Both");
  EXPECT_EQ(found(table, "t1=Tanh(x); t2=Exp(t1); t3=Tanh(t1); y=Add(t2, t3)"), "Tanh Exp Tanh Add")
      << "t1 has two readers";
}

TEST(Spellings, TellTheTypeOfWhatTheyMake) {
  const Spelling table[] = {{"Inner@1", "exp(tanh(x))"}};
  const graph::Graph graph = graph_of("t1=Tanh(x); t2=Exp(t1); y=Log(t2)");
  const Spellings spellings(table);
  const graph::Graph after = graph::apply(graph, spellings.find(graph, false).patches.at(0));
  EXPECT_EQ(after.values[after.nodes[0].outputs[0]].type, DataType::float32) << "so that what reads it can be read";
}

TEST(Spellings, ConstantTensorsBecomeInputs) {
  const Spelling table[] = {{"Scaled@1(a * w)", "tanh(a * w * x)"}};
  const graph::Graph graph = graph_of("t1=Mul(x, W[6]); t2=Mul(-2, t1); y=Tanh(t2)");
  const auto patches = Spellings(table).find(graph, false).patches;
  ASSERT_EQ(patches.size(), 1u);
  const graph::Graph after = graph::apply(graph, patches[0]);
  EXPECT_EQ(describe(after), "Scaled");
  const Tensor* scale = after.constant(after.nodes[0].inputs[1]);
  ASSERT_NE(scale, nullptr);
  EXPECT_EQ(scale->values<float>()[5], -1.5f);
  EXPECT_EQ(found(table, "t1=Mul(x, W[6]); t2=Mul(W[6], t1); y=Tanh(t2)"), "Mul Scaled") << "only one of two";
}

TEST(Spellings, RowsHaveOneElementForEachColumn) {
  const Spelling table[] = {{"Affine@1(row(w), row(v))", "w * tanh(x) + v"},
                            {"Affine@1(row(a), row(w))", "a * tanh(x) + w"}};
  const auto rows = [&](std::string_view text) {
    const graph::Graph graph = graph_of(text);
    const auto patches = Spellings(table).find(graph, false).patches;
    if (patches.empty()) return std::string();
    const graph::Graph after = graph::apply(graph, patches[0]);
    std::string result;
    for (std::size_t i = 1; i < 3; ++i) {
      const Tensor& row = *after.constant(after.nodes[0].inputs[i]);
      result += fmt::format("{} {} ", to_string(row.shape()), row.values<float>()[5]);
    }
    return result;
  };
  EXPECT_EQ(rows("t1=Tanh(x); t2=Mul(t1, W[1,6]); y=Add(B[6], t2)"), "[6] 0.75 [6] 0.75 ");
  EXPECT_EQ(rows("t1=Tanh(x); t2=Mul(t1, 3); y=Add(B[6], t2)"), "[6] 3 [6] 0.75 ");
  EXPECT_EQ(rows("t1=Tanh(x); t2=Mul(t1, W[40,6]); y=Add(B[6], t2)"), "");
  EXPECT_EQ(rows("t1=Tanh(x); t2=Mul(t1, W[40,1]); y=Add(B[6], t2)"), "");
}

TEST(Spellings, WhatIsNoFormulaIsLeft) {
  const Spelling table[] = {{"Half@1", "exp(tanh(x))"}};
  for (const char* text : {"t1=Tanh(x); t2=Transpose(t1); y=Exp(t2)",
                           "t1=Add(x, 1000); t2=Sub(t1, 1000); t3=Tanh(t2); t4=Div(t3, x); t5=Mul(t4, x); y=Exp(t5)",
                           "t1=Tanh{alpha=1.0}(x); y=Exp(t1)", "t1=Tanh(x); t2=Add(t1, x); y=Exp(t2)", "y=Exp(x, x)",
                           "t=Identity(x); y=Exp(_)"})
    EXPECT_EQ(found(table, text).find("Half"), std::string::npos) << text;
}

TEST(Spellings, FormulasDoNotGrowWithoutBounds) {
  const Spelling table[] = {{"Both@1", "exp(tanh(x))"}};
  std::string text = "t0=Tanh(x)";
  for (int i = 1; i <= 200; ++i) {
    const std::string last = "t" + std::to_string(i - 1);
    text += "; t" + std::to_string(i) + (i % 2 == 0 ? "=Add(" : "=Div(") + last + ", " + last + ")";
  }
  EXPECT_EQ(found(table, text + "; t=Tanh(t200); y=Exp(t)").substr(0, 16), "Tanh Div Add Div");
}

TEST(Spellings, AttributesOfAnotherKindAreLeftToTheRun) {
  const Spelling table[] = {{"Scaled@1", "elu(x, a)"}};
  EXPECT_EQ(found(table, "y=Elu{alpha=1}(x)"), "Elu{alpha=1}");
  EXPECT_EQ(found(table, "y=Elu{alpha=1.0}(x)"), "Scaled");
}

}  // namespace
}  // namespace ranvier::optimizer
