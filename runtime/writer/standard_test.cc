#include "runtime/writer/standard.h"

#include <gtest/gtest.h>

#include "runtime/writer/testing.h"

namespace ranvier::writer {
namespace {

using graph::Node;
using graph::ValueId;
using operators::testing::elements;
using testing::Builder;
using testing::error_of;
using testing::Names;
using testing::operators_of;

using Attributes = Builder::Attributes;

/// y = op(x) of floats.
graph::Graph single(const std::string& op_type, std::int64_t version, const Attributes& attributes = {},
                    const std::string& domain = "", DataType type = DataType::float32) {
  Builder builder;
  const ValueId y = builder.node(op_type, {builder.input("x", type)}, attributes, version);
  builder.graph().nodes[0].domain = domain;
  return builder.finish({y});
}

Names names_of(const std::vector<Function>& functions) {
  Names names;
  for (const Function& function : functions) names.push_back(function.name);
  return names;
}

TEST(Standard, NodesOfTheFileStayAsTheyAre) {
  for (const std::int64_t opset : {1, 7, 12, 13, 27, 40}) {
    const Standard standard = standardize(single("Softmax", opset), opset);
    EXPECT_EQ(standard.opset, opset);
    EXPECT_EQ(standard.graph.nodes[0].op_type, "Softmax");
    EXPECT_EQ(standard.graph.nodes[0].version, opset);
    EXPECT_TRUE(standard.functions.empty());
  }
}

TEST(Standard, VersionsThatMeanTheSameAreOne) {
  for (const auto& [op, version] : {std::pair("Relu", 14), {"Elu", 6}, {"Sigmoid", 6}, {"LeakyRelu", 6}}) {
    const Standard standard = standardize(single(op, version), 11);
    EXPECT_EQ(standard.opset, 11) << op;
    EXPECT_EQ(standard.graph.nodes[0].version, 11) << op;
    EXPECT_EQ(standard.graph.nodes[0].domain, "") << op;
  }
}

TEST(Standard, WhatTheOpsetLacksIsAFunction) {
  for (const std::int64_t opset : {13, 17, 19}) {
    const Standard standard = standardize(single("Gelu", 20), opset);
    EXPECT_EQ(standard.opset, opset);
    EXPECT_EQ(standard.graph.nodes[0].domain, "ranvier");
    EXPECT_EQ(standard.graph.nodes[0].op_type, "Gelu");
    EXPECT_EQ(standard.graph.nodes[0].version, 1);
    EXPECT_EQ(names_of(standard.functions), Names{"Gelu"});
  }
  EXPECT_TRUE(standardize(single("Gelu", 20), 20).functions.empty());
  EXPECT_TRUE(standardize(single("Gelu", 20), 25).functions.empty());
}

TEST(Standard, WhatNoOpsetHasIsAFunctionInAll) {
  for (const char* op : {"Erfc", "Expm1"})
    for (const std::int64_t opset : {9, 17, 27})
      EXPECT_EQ(names_of(standardize(single(op, opset), opset).functions), Names{op}) << opset;
  EXPECT_EQ(names_of(standardize(single("Swish", 24), 24).functions), Names{"Swish"});
}

TEST(Standard, CallsHaveAllAttributesThatTheFunctionHas) {
  const Node call = standardize(single("Relu", 1, {{"max_value", 6.0f}}, "ranvier"), 17).graph.nodes[0];
  EXPECT_EQ(call.required<float>("max_value"), 6);
  EXPECT_EQ(call.required<float>("negative_slope"), 0);
  EXPECT_EQ(call.required<float>("threshold"), 0);
  // What the operator does not have is not handed on: who reads the file would refuse it.
  EXPECT_TRUE(standardize(single("Erfc", 17, {{"T", std::int64_t{1}}}), 17).graph.nodes[0].attributes.empty());
}

TEST(Standard, AttributesThatDecideOnTheBodyAreInTheName) {
  EXPECT_EQ(names_of(standardize(single("Gelu", 20, {{"approximate", std::string("tanh")}}), 17).functions),
            Names{"Gelu_tanh"});
  EXPECT_EQ(names_of(standardize(single("Gelu", 20, {{"approximate", std::string("none")}}), 17).functions),
            Names{"Gelu"});
  EXPECT_EQ(names_of(standardize(single("Swish", 24, {{"alpha", -2.0f}}), 17).functions), Names{"Swish_falling"});
}

TEST(Standard, EachTypeHasAFunctionOfItsOwn) {
  Builder builder;
  std::vector<ValueId> outputs;
  for (const DataType type : {DataType::float16, DataType::float32, DataType::float16, DataType::float32})
    outputs.push_back(builder.node("Mish", {builder.input(fmt::format("x{}", outputs.size()), type)}, {}, 18));
  const Standard standard = standardize(builder.finish(outputs), 17);
  EXPECT_EQ(names_of(standard.functions), (Names{"Mish", "Mish_float"}));
  EXPECT_EQ(standard.functions[0].type, DataType::float16);
  EXPECT_EQ(operators_of(standard.graph), (Names{"Mish", "Mish_float", "Mish", "Mish_float"}));
}

TEST(Standard, CeluIsOnnxForFloatsOnly) {
  EXPECT_EQ(names_of(standardize(single("Celu", 12), 17).functions), Names{});
  EXPECT_EQ(names_of(standardize(single("Celu", 12, {}, "", DataType::float64), 17).functions), Names{"Celu"});
}

TEST(Standard, NormalizationsOverSeveralAxes) {
  const auto normalization = [](std::int64_t axis, const graph::DeclaredShape& shape) {
    Builder builder;
    const ValueId x = builder.input("x", DataType::float32, shape), scale = builder.input("scale");
    return builder.finish({builder.node("LayerNormalization", {x, scale}, {{"axis", axis}}, 17)});
  };
  const graph::DeclaredShape cube = {{{-1, ""}, {4, ""}, {2, ""}}};
  const Standard last = standardize(normalization(2, cube), 15);
  EXPECT_EQ(names_of(last.functions), Names{"LayerNormalization_without_bias"});
  EXPECT_EQ(last.functions[0].axes, (std::vector<std::int64_t>{-1}));
  EXPECT_EQ(last.graph.nodes[0].required<std::int64_t>("axis"), 2);
  const Standard two = standardize(normalization(-2, std::nullopt), 15);
  EXPECT_EQ(names_of(two.functions), Names{"LayerNormalization_axes_2_without_bias"});
  EXPECT_EQ(two.functions[0].axes, (std::vector<std::int64_t>{-2, -1}));
  // An axis that is counted from the front, of a tensor of any rank, needs the operator.
  EXPECT_EQ(standardize(normalization(1, std::nullopt), 15).opset, 17);
}

TEST(Standard, ANormalizationWithABiasIsAnotherFunction) {
  Builder builder;
  const ValueId x = builder.input("x"), scale = builder.input("scale"), bias = builder.input("bias");
  const ValueId y = builder.node("LayerNormalization", {x, scale}, {}, 17);
  const Standard standard = standardize(builder.finish({builder.node("LayerNormalization", {y, scale, bias})}), 15);
  EXPECT_EQ(names_of(standard.functions), (Names{"LayerNormalization_without_bias", "LayerNormalization"}));
}

TEST(Standard, ClipHasItsBoundsWhereTheOpsetHasThem) {
  const graph::Graph graph = single("Clip", 6, {{"min", -1.0f}, {"max", 2.5f}}, "", DataType::float64);
  const Standard old = standardize(graph, 10);
  EXPECT_EQ(old.graph.nodes[0].required<float>("max"), 2.5f);
  const Standard since = standardize(graph, 11);
  const Node& clip = since.graph.nodes[0];
  EXPECT_TRUE(clip.attributes.empty());
  ASSERT_EQ(clip.inputs.size(), 3u);
  EXPECT_EQ(elements<double>(*since.graph.constant(clip.inputs[1])), std::vector<double>{-1});
  EXPECT_EQ(elements<double>(*since.graph.constant(clip.inputs[2])), std::vector<double>{2.5});
  const Standard half = standardize(single("Clip", 6, {{"max", 2.5f}}), 11);
  EXPECT_EQ(half.graph.nodes[0].inputs[1], graph::none);
}

TEST(Standard, ANewerOpsetWhereTheFilesHasNoForm) {
  EXPECT_EQ(standardize(single("ThresholdedRelu", 10), 7).opset, 10);
  EXPECT_EQ(standardize(single("Mish", 18), 7).opset, 8);
  EXPECT_EQ(standardize(single("Threshold", 1, {}, "ranvier"), 9).opset, 12);
}

TEST(Standard, NodesThatMeanSomethingElseInNewerOpsetsAreReported) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId flat = builder.node("Softmax", {x}, {}, 9);
  const ValueId y = builder.node("Sparsemax", {flat}, {}, 1);
  builder.graph().nodes[1].domain = "ranvier";
  const graph::Graph graph = builder.finish({y});
  EXPECT_EQ(error_of([&] { standardize(graph, 9); }),
            "unsupported: node 'Sparsemax_1' (ranvier::Sparsemax, opset 1) cannot be written in opset 9; node "
            "'Softmax_0' (Softmax, opset 9) cannot be written in opset 26");
}

TEST(Standard, ASoftmaxOfTheLastAxisIsTheSameInAllOpsets) {
  const auto softmax = [](std::int64_t version, const Attributes& attributes, std::int64_t opset) {
    Builder builder;
    const ValueId x = builder.input("x", DataType::float32, {{{-1, ""}, {4, ""}, {2, ""}}});
    return standardize(builder.finish({builder.node("Softmax", {x}, attributes, version)}), opset);
  };
  const auto axis = [](std::int64_t number) { return Attributes{{"axis", number}}; };
  for (const Standard& standard : {softmax(13, axis(-1), 11), softmax(13, {}, 12), softmax(1, axis(2), 13)}) {
    EXPECT_EQ(standard.graph.nodes[0].op_type, "Softmax");
    EXPECT_EQ(standard.graph.nodes[0].domain, "");
    EXPECT_EQ(standard.graph.nodes[0].required<std::int64_t>("axis"), -1);
  }
  // Several axes are one before 13, and one among others is there only from then on.
  EXPECT_EQ(names_of(softmax(1, {}, 17).functions), Names{"Softmax_axes_2"});
  EXPECT_EQ(softmax(1, {}, 17).graph.nodes[0].required<std::int64_t>("axis"), 1);
  EXPECT_TRUE(softmax(1, {}, 12).functions.empty());
  EXPECT_EQ(softmax(13, axis(1), 12).opset, 13);
}

TEST(Standard, UnknownOperatorsKeepTheOpsetOfTheFile) {
  EXPECT_EQ(standardize(single("NoSuchOperator", 8), 8).graph.nodes[0].op_type, "NoSuchOperator");
  const Standard other = standardize(single("Gelu", 1, {}, "com.microsoft"), 8);
  EXPECT_EQ(other.graph.nodes[0].domain, "com.microsoft");
  EXPECT_EQ(other.graph.nodes[0].version, 1);
  Builder builder;
  const ValueId x = builder.node("NoSuchOperator", {builder.input("x")}, {}, 8);
  const graph::Graph both = builder.finish({builder.node("ThresholdedRelu", {x}, {}, 10)});
  EXPECT_EQ(error_of([&] { standardize(both, 8); }),
            "unsupported: node 'ThresholdedRelu_1' (ThresholdedRelu, opset 10) cannot be written in opset 8; node "
            "'NoSuchOperator_0' (NoSuchOperator, opset 8) cannot be written in opset 26");
}

TEST(Standard, AttributesOfTheWrongKindAreSaidWithTheNode) {
  EXPECT_EQ(error_of([] {
              standardize(single("Swish", 24, {{"alpha", std::int64_t{1}}}), 17);
            }),
            "invalid_model: node 'Swish_0' (Swish, opset 24): attribute 'alpha' is of kind int, expected float");
}

TEST(Standard, ASubgraphKnowsTheTypesOfItsCaptures) {
  Builder body;
  const ValueId inner = body.input("inner", DataType::undefined);
  graph::Graph branch = body.finish({body.node("Erfc", {inner})});
  branch.inputs.clear();
  Builder builder;
  const ValueId x = builder.input("x", DataType::float64), condition = builder.input("condition", DataType::boolean);
  const graph::Subgraph subgraph{std::make_shared<const graph::Graph>(branch), {{x, inner}}};
  const ValueId y = builder.node("If", {condition}, {{"then_branch", subgraph}, {"else_branch", subgraph}});
  const Standard standard = standardize(builder.finish({y}), 17);
  EXPECT_EQ(names_of(standard.functions), Names{"Erfc"});
  EXPECT_EQ(standard.functions[0].type, DataType::float64);
  const auto& then = standard.graph.nodes[0].required<graph::Subgraph>("then_branch");
  EXPECT_EQ(then.graph->nodes[0].domain, "ranvier");
}

}  // namespace
}  // namespace ranvier::writer
