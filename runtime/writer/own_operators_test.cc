#include "runtime/writer/own_operators.h"

#include <gtest/gtest.h>

#include "operators/activation/activation.h"
#include "operators/table.h"
#include "runtime/writer/testing.h"

namespace ranvier::writer {
namespace {

using graph::Node;
using graph::ValueId;
using operators::testing::elements;
using testing::Builder;
using testing::counting;
using testing::evaluated;
using testing::Names;
using testing::operators_of;

using Attributes = Builder::Attributes;

/// A Dense of float[..., 2], with weights 0 to 5 and bias 0 to 2.
graph::Graph dense(const graph::DeclaredShape& shape, const Attributes& attributes, bool bias = true) {
  Builder builder;
  const graph::ValueId x = builder.input("x", DataType::float32, shape);
  const bool transposed = attributes.contains("transB");
  std::vector<graph::ValueId> inputs = {x, builder.constant(counting(transposed ? Shape{3, 2} : Shape{2, 3}))};
  if (bias) inputs.push_back(builder.constant(counting({3})));
  const graph::ValueId y = builder.node("Dense", inputs, attributes, 1);
  builder.graph().nodes[0].domain = "ranvier";
  builder.rename(y, "y");
  return builder.finish({y});
}

const graph::DeclaredShape matrix = {{{-1, "rows"}, {2, ""}}};
const graph::DeclaredShape cube = {{{-1, "rows"}, {4, ""}, {2, ""}}};

TEST(OwnOperators, DenseIsGemmForMatricesAndMatMulElsewhere) {
  EXPECT_EQ(operators_of(without_own_operators(dense(matrix, {}))), Names{"Gemm"});
  EXPECT_EQ(operators_of(without_own_operators(dense(cube, {}))), (Names{"MatMul", "Add"}));
  EXPECT_EQ(operators_of(without_own_operators(dense(std::nullopt, {}))), (Names{"MatMul", "Add"}));
  EXPECT_EQ(operators_of(without_own_operators(dense(matrix, {}, false))), Names{"MatMul"});
}

TEST(OwnOperators, OnlyGemmTakesTransposedWeights) {
  const Attributes transposed = {{"transB", std::int64_t{1}}};
  const graph::Graph gemm = without_own_operators(dense(matrix, transposed));
  EXPECT_EQ(gemm.nodes[0].required<std::int64_t>("transB"), 1);
  const graph::Graph product = without_own_operators(dense(cube, transposed));
  EXPECT_EQ(elements<float>(*product.constant(product.nodes[0].inputs[1])), (std::vector<float>{0, 2, 4, 1, 3, 5}));
}

TEST(OwnOperators, AnActivationIsANodeOfItsOwn) {
  const graph::Graph graph = without_own_operators(
      dense(matrix, {{"activation", std::string("selu")}, {"activation_parameters", std::vector<float>{1.5f}}}));
  EXPECT_EQ(operators_of(graph), (Names{"Gemm", "Selu"}));
  EXPECT_EQ(graph.nodes[1].version, 6);  // before it has other defaults
  EXPECT_EQ(graph.nodes[1].required<float>("alpha"), 1.5f);
  EXPECT_EQ(graph.nodes[1].required<float>("gamma"), 1.050701f);
  EXPECT_EQ(graph.values[graph.outputs[0]].name, "y");
  EXPECT_EQ(graph.nodes[1].outputs, graph.outputs);
}

TEST(OwnOperators, ASoftmaxIsThatOfTheRows) {
  const graph::Graph graph = without_own_operators(dense(cube, {{"activation", std::string("softmax")}}));
  EXPECT_EQ(operators_of(graph), (Names{"MatMul", "Add", "Softmax"}));
  EXPECT_EQ(graph.nodes[2].version, 13);
  EXPECT_EQ(graph.nodes[2].required<std::int64_t>("axis"), -1);
}

TEST(OwnOperators, NormalizationsAreFollowedByTheirActivation) {
  for (const auto& [op, version] : {std::pair("LayerNormalization", 17), {"RMSNormalization", 23}}) {
    for (const bool has_activation : {false, true}) {
      Builder builder;
      Attributes attributes = {{"epsilon", 0.5f}};
      if (has_activation) attributes["activation"] = std::string("swish");
      const ValueId y = builder.node(op, {builder.input("x"), builder.input("scale")}, attributes, 1);
      builder.graph().nodes[0].domain = "ranvier";
      const graph::Graph graph = without_own_operators(builder.finish({y}));
      EXPECT_EQ(operators_of(graph), has_activation ? (Names{op, "Swish"}) : Names{op});
      EXPECT_EQ(graph.nodes[0].domain, "");
      EXPECT_EQ(graph.nodes[0].version, version);
      EXPECT_EQ(graph.nodes[0].attributes.size(), 1u);
      EXPECT_EQ(graph.nodes.back().outputs, graph.outputs);
    }
  }
}

TEST(OwnOperators, ConvolutionsKeepTheirAttributes) {
  Builder builder;
  const Attributes attributes = {{"activation", std::string("leaky_relu")},
                                 {"activation_parameters", std::vector<float>{0.25f}},
                                 {"group", std::int64_t{2}}};
  const ValueId y = builder.node("Conv", {builder.input("x"), builder.input("weights")}, attributes, 1);
  builder.graph().nodes[0].domain = "ranvier";
  const graph::Graph graph = without_own_operators(builder.finish({y}));
  EXPECT_EQ(operators_of(graph), (Names{"Conv", "LeakyRelu"}));
  EXPECT_EQ(graph.nodes[0].domain, "");
  EXPECT_EQ(graph.nodes[0].attributes.size(), 1u);
  EXPECT_EQ(graph.nodes[0].required<std::int64_t>("group"), 2);
  EXPECT_EQ(graph.nodes[1].required<float>("alpha"), 0.25f);
}

TEST(OwnOperators, EveryActivationOfADenseIsSomeNode) {
  for (const operators::ActivationRow& row : operators::activations()) {
    const graph::Graph graph = without_own_operators(dense(matrix, {{"activation", std::string(row.name)}}));
    if (row.name == "linear") {
      EXPECT_EQ(graph.nodes.size(), 1u);
      continue;
    }
    ASSERT_EQ(graph.nodes.size(), 2u) << row.name;
    const Node& node = graph.nodes[1];
    EXPECT_NE(operators::find_operator(node.domain, node.op_type, node.version), nullptr) << row.name;
  }
}

TEST(OwnOperators, ThoseThatOnnxCallsOtherwise) {
  struct Row {
    std::string own;
    std::string onnx;
    Attributes attributes;
  };
  const Row table[] = {
      {"HardShrink", "Shrink", {{"lambd", 0.25f}, {"bias", 0.0f}}},
      {"HardTanh", "Clip", {{"min", -1.0f}, {"max", 1.0f}}},
      {"Linear", "Identity", {}},
      {"Relu6", "Clip", {{"min", 0.0f}, {"max", 6.0f}}},
      {"SoftShrink", "Shrink", {{"lambd", 0.25f}, {"bias", 0.25f}}},
      {"SparseSigmoid", "HardSigmoid", {{"alpha", 0.5f}, {"beta", 0.5f}}},
  };
  const Tensor x = operators::testing::row<float>({-7, -1, -0.5, -0.25, -0.125, 0, 0.125, 0.25, 0.5, 1, 7});
  for (const Row& row : table) {
    const Attributes given = row.onnx == "Shrink" ? Attributes{{"lambd", 0.25f}} : Attributes{};
    Builder builder;
    const graph::ValueId y = builder.node(row.own, {builder.input("x")}, given, 1);
    builder.graph().nodes[0].domain = "ranvier";
    const Node node = without_own_operators(builder.finish({y})).nodes[0];
    EXPECT_EQ(node.op_type, row.onnx);
    EXPECT_EQ(node.domain, "");
    ASSERT_EQ(node.attributes.size(), row.attributes.size()) << row.own;
    for (const auto& [name, value] : row.attributes)
      EXPECT_EQ(node.required<float>(name), std::get<float>(value)) << row.own << " " << name;
    EXPECT_EQ(elements<float>(evaluated(node, {x})), elements<float>(evaluated(builder.graph().nodes[0], {x})))
        << row.own;
  }
}

TEST(OwnOperators, WhatIsWrongWithThemIsSaidWithTheNode) {
  const auto error = [](const Attributes& attributes, const std::vector<ValueId>& inputs = {0, 1, 2}) {
    graph::Graph graph = dense(cube, attributes);
    graph.nodes[0].inputs = inputs;
    return testing::error_of([&] { without_own_operators(graph); });
  };
  const std::string node = "node 'Dense_0' (ranvier::Dense, opset 1): ";
  EXPECT_EQ(error({{"activation", std::string("glue")}}),
            "invalid_model: " + node + "attribute 'activation' is 'glue', which is none");
  EXPECT_EQ(error({{"activation", 1.0f}}),
            "invalid_model: " + node + "attribute 'activation' is of kind float, expected string");
  EXPECT_EQ(error({}, {0}), "invalid_model: " + node + "it needs two inputs and an output");
  EXPECT_EQ(error({{"transB", std::int64_t{1}}}, {0, 0, 2}),
            "unsupported: " + node + "its weights are transposed, and not constant");
}

TEST(OwnOperators, OfSubgraphsToo) {
  Builder body;
  const graph::ValueId inner = body.input("inner");
  graph::Graph branch = body.finish({body.node("HardTanh", {inner}, {}, 1)});
  branch.nodes[0].domain = "ranvier";
  branch.inputs.clear();
  Builder builder;
  const graph::ValueId x = builder.input("x"), condition = builder.input("condition", DataType::boolean);
  const graph::Subgraph subgraph{std::make_shared<const graph::Graph>(branch), {{x, inner}}};
  const graph::ValueId y = builder.node("If", {condition}, {{"then_branch", subgraph}, {"else_branch", subgraph}});
  const graph::Graph graph = without_own_operators(builder.finish({y}));
  EXPECT_EQ(operators_of(*graph.nodes[0].required<graph::Subgraph>("then_branch").graph), Names{"Clip"});
  EXPECT_EQ(operators_of(branch), Names{"HardTanh"});
}

}  // namespace
}  // namespace ranvier::writer
