#include "runtime/writer/definitions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "operators/activation/activation.h"
#include "operators/testing.h"
#include "runtime/core/convert.h"
#include "runtime/writer/standard.h"
#include "runtime/writer/testing.h"
#include "tools/golden/golden.h"

namespace ranvier::writer {
namespace {

using operators::testing::Attributes;
using operators::testing::Call;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Tensor numbers(DataType type, const Shape& shape, const std::vector<double>& values) {
  Tensor tensor(type, shape);
  convert(DataType::float64, values.data(), type, tensor.mutable_data(), shape.elements());
  return tensor;
}

struct Inputs {
  Shape shape;
  std::vector<double> values;
};

const Inputs points = {
    {30}, {-infinity, -1e30, -1000, -100, -30, -12, -5.5, -3,  -1.5, -1, -0.75, -0.5, -0.1, -1e-3,    -1e-6,
           -0.0,      0.0,   1e-6,  1e-3, 0.1, 0.5, 1,    1.5, 2.5,  6,  20,    100,  1e30, infinity, nan}};

/// Pairs of halves along the last axis, and along the axis before it.
const Inputs halves = {
    {2, 2, 8}, {-infinity, -2,   0.5, 1, 3, 10,  -infinity, nan,  0,   1,    -1, -infinity, 2, -300, infinity, 1,
                infinity,  -500, 1,   0, 7, 0.1, infinity,  -200, 0.5, 0.25, 3,  8,         1, 2,    3,        -4}};

const Inputs rows = {{5, 4}, {1, 2, 3, 4, 0.5, 0.25, 0.5, -1, 3, -2, 0.1, 0.7, -5, 5, 5, 5, 0, 0, 0, 0}};

const Inputs rows_with_infinities = {
    {4, 3}, {infinity, 1, -infinity, -infinity, -infinity, -infinity, infinity, infinity, 2, 0.3, -infinity, 0.2}};

/// An operator with attributes; how exact its body is in floats.
struct Case {
  Call call;
  std::vector<Inputs> inputs;
  golden::Tolerance tolerance = {1e-6, 1e-7};
};

const Inputs scale = {{4}, {1, -2, 0.5, 3}};
const Inputs bias = {{4}, {0.5, 1, -1, 0}};

Call own(const std::string& op_type, const Attributes& attributes = {}) {
  return {.op_type = op_type, .version = 1, .attributes = attributes, .domain = "ranvier"};
}

Call of_onnx(const std::string& op_type, std::int64_t version, const Attributes& attributes = {}) {
  return {.op_type = op_type, .version = version, .attributes = attributes};
}

// Where exact numbers are many orders smaller than what they are computed from, the difference is absolute.
const Case cases[] = {
    {of_onnx("Celu", 12, {{"alpha", 0.3f}}), {points}},
    {of_onnx("Erfc", 1), {points}, {2e-5, 1e-45}},
    {of_onnx("Expm1", 1), {points}, {1e-6, 1e-12}},
    {of_onnx("Gelu", 20), {points}, {1e-6, 5e-7}},
    {of_onnx("Gelu", 20, {{"approximate", std::string("none")}}), {points}, {1e-6, 5e-7}},
    {of_onnx("Gelu", 20, {{"approximate", std::string("tanh")}}), {points}, {2e-6, 1e-7}},
    {own("Glu"), {halves}},
    {own("Glu", {{"axis", std::int64_t{1}}}), {halves}},
    {of_onnx("HardSwish", 14), {points}},
    {of_onnx("LayerNormalization", 17), {rows, scale}, {2e-6, 1e-6}},
    {of_onnx("LayerNormalization", 17, {{"epsilon", 0.5f}}), {rows, scale, bias}, {2e-6, 1e-6}},
    {of_onnx("LayerNormalization", 17, {{"axis", std::int64_t{0}}}), {rows, scale, bias}, {2e-6, 1e-6}},
    {own("LogSigmoid"), {points}},
    {of_onnx("Mish", 18), {points}},
    {of_onnx("RMSNormalization", 23), {rows, scale}, {2e-6, 1e-6}},
    {own("Relu", {{"max_value", 6.0f}}), {points}},
    {own("Relu", {{"max_value", 5.0f}, {"negative_slope", 0.2f}, {"threshold", 0.5f}}), {points}},
    {own("Relu", {{"threshold", -0.5f}}), {points}},
    {of_onnx("Softmax", 1, {{"axis", std::int64_t{0}}}), {rows}},
    {own("Sparsemax"), {rows}},
    {own("Sparsemax", {{"axis", std::int64_t{0}}}), {rows}},
    {own("Sparsemax"), {rows_with_infinities}},
    {own("SparsePlus"), {points}},
    {own("SquarePlus"), {points}},
    {own("SquarePlus", {{"b", 0.25f}}), {points}},
    {of_onnx("Swish", 24), {points}, {2e-6, 1e-7}},
    {of_onnx("Swish", 24, {{"alpha", 0.01f}}), {points}, {2e-6, 1e-7}},
    {of_onnx("Swish", 24, {{"alpha", -1.5f}}), {points}, {2e-6, 1e-7}},
    {own("TanhShrink"), {points}},
    {own("Threshold", {{"alpha", 0.1f}, {"value", -7.0f}}), {points}},
};

/// The model that consists of one node.
graph::Graph graph_of(const Call& call, const std::vector<Tensor>& inputs) {
  testing::Builder builder;
  std::vector<graph::ValueId> ids;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    graph::DeclaredShape shape(std::in_place);
    for (const std::int64_t dim : inputs[i].shape()) shape->push_back({dim, ""});
    ids.push_back(builder.input(fmt::format("x{}", i), inputs[i].type(), shape));
  }
  const graph::ValueId y = builder.node(call.op_type, ids, call.attributes, call.version);
  builder.graph().nodes[0].domain = call.domain;
  return builder.finish({y});
}

golden::Tolerance tolerance_of(const Case& each, DataType type) {
  if (type == DataType::float16) return {4e-3, 4e-3};
  if (type == DataType::float64) return {1e-7, 1e-7};  // a constant in Erfc has the digits of a float
  return each.tolerance;
}

TEST(Definitions, EachBodyIsItsOperatorInEveryOpset) {
  std::set<const Definition*> seen;
  for (const Case& each : cases) {
    for (const DataType type : {DataType::float32, DataType::float64, DataType::float16}) {
      if (type == DataType::float32 && each.call.op_type == "Celu") continue;  // ONNX' own
      std::vector<Tensor> inputs;
      for (const auto& [shape, values] : each.inputs) inputs.push_back(numbers(type, shape, values));
      const graph::Graph graph = graph_of(each.call, inputs);
      const Tensor want = testing::evaluated(graph.nodes[0], inputs);
      for (std::int64_t opset = 9; opset <= 27; ++opset) {
        const std::vector<Function> functions = standardize(graph, opset).functions;
        if (functions.empty()) continue;
        seen.insert(functions[0].definition);
        const Document document(testing::file_of(graph, opset), graph);
        const std::string bytes = loader::serialize(testing::spelled_out(testing::proto_of(document)));
        const Session session(testing::parsed(bytes, {.optimize = false}), {.threads = 1, .reference = true});
        const auto how = golden::difference(session.run(inputs)[0], want, tolerance_of(each, type));
        EXPECT_EQ(how, std::nullopt) << functions[0].name << " of " << name(type) << " in opset " << opset << ": "
                                     << *how;
      }
    }
  }
  for (const Definition& row : definitions()) EXPECT_TRUE(seen.contains(&row)) << row.signature << " is not tested";
}

TEST(Definitions, AttributesAreThoseOfTheActivations) {
  for (const operators::ActivationRow& row : operators::activations()) {
    const std::string name(row.onnx.substr(row.onnx.find('.') + 1));
    const Definition* definition = find_definition(name, 1, 17);
    if (definition == nullptr || row.onnx == "Gelu" || row.onnx == "Relu") continue;
    const Signature signature = parse_signature(definition->signature);
    ASSERT_EQ(signature.attributes.size(), row.parameters.size()) << name;
    for (std::size_t i = 0; i < row.parameters.size(); ++i) {
      EXPECT_EQ(signature.attributes[i].first, row.parameters[i].name) << name;
      EXPECT_EQ(std::get<float>(signature.attributes[i].second), static_cast<float>(row.parameters[i].otherwise));
    }
  }
}

TEST(Definitions, TheNewestThatTheOpsetHas) {
  EXPECT_EQ(find_definition("Glu", 1, 10), nullptr);
  EXPECT_EQ(find_definition("Glu", 1, 17)->since, 11);
  EXPECT_EQ(find_definition("Glu", 1, 99)->since, 18);
  EXPECT_EQ(find_definition("Glu", 2, 17), nullptr);
  EXPECT_NE(find_definition("LayerNormalization", 2, 16), find_definition("LayerNormalization", 3, 16));
  EXPECT_EQ(find_definition("Gelu_", 1, 17), nullptr);
}

TEST(Definitions, Signatures) {
  const Signature signature = parse_signature("F(x, w; axis = -1, bound = inf, small = 1e-05, word = none)");
  EXPECT_EQ(signature.name, "F");
  EXPECT_EQ(signature.inputs, (testing::Names{"x", "w"}));
  ASSERT_EQ(signature.attributes.size(), 4u);
  EXPECT_EQ(std::get<std::int64_t>(signature.attributes[0].second), -1);
  EXPECT_EQ(std::get<float>(signature.attributes[1].second), std::numeric_limits<float>::infinity());
  EXPECT_EQ(std::get<float>(signature.attributes[2].second), 1e-5f);
  EXPECT_EQ(std::get<std::string>(signature.attributes[3].second), "none");
  EXPECT_EQ(testing::error_of([] { parse_signature("F"); }), "internal: 'F' is no signature");
  EXPECT_EQ(testing::error_of([] { parse_signature("F(x; a)"); }), "internal: 'F(x; a)': a has no default");
}

}  // namespace
}  // namespace ranvier::writer
