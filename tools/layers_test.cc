#include "tools/layers.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"

namespace ranvier::tools {
namespace {

using graph::ValueId;
using graph::testing::Builder;

Tensor weights(const Shape& shape, DataType type = DataType::float32) { return Tensor(type, shape); }

std::int64_t parameters_of(const std::string& op_type, const std::vector<Tensor>& constants) {
  Builder builder;
  std::vector<ValueId> inputs = {builder.input("x")};
  for (const Tensor& tensor : constants) inputs.push_back(builder.constant(tensor));
  return layers(builder.finish({builder.node(op_type, inputs)}), {})[0].parameters;
}

TEST(Layers, CountWeightsAndNotShapes) {
  EXPECT_EQ(parameters_of("MatMul", {weights({4, 3})}), 12);
  EXPECT_EQ(parameters_of("Add", {weights({3})}), 3);
  EXPECT_EQ(parameters_of("Mul", {weights({})}), 0) << "a number in a formula";
  EXPECT_EQ(parameters_of("MatMulInteger", {weights({4, 3}, DataType::int8)}), 12);
  EXPECT_EQ(parameters_of("DequantizeLinear", {weights({3})}), 3);
  EXPECT_EQ(parameters_of("Reshape", {weights({2}, DataType::int64)}), 0);
  EXPECT_EQ(parameters_of("Gather", {weights({2}, DataType::int32)}), 0);
  EXPECT_EQ(parameters_of("Shape", {weights({4, 3})}), 0);
}

TEST(Layers, CountSharedWeightsOnce) {
  Builder builder;
  const ValueId w = builder.constant(weights({3, 3}));
  const ValueId y = builder.node("MatMul", {builder.node("MatMul", {builder.input("x"), w}), w});
  const std::vector<Layer> both = layers(builder.finish({y}), {});
  EXPECT_EQ(both[0].parameters, 9);
  EXPECT_EQ(both[1].parameters, 0);
}

TEST(Layers, CountWhatTheFileHasForThem) {
  Builder file;  // a Dense and the normalization behind it
  ValueId value = file.node("MatMul", {file.input("x"), file.constant(weights({4, 3}))});
  for (const char* op : {"Add", "Mul", "Add"}) value = file.node(op, {value, file.constant(weights({3}))});
  const graph::Graph given = file.finish({value});
  Builder optimized;
  const graph::Graph made = optimized.finish({optimized.node(
      "Gemm", {optimized.input("x"), optimized.constant(weights({4, 3})), optimized.constant(weights({3}))})});
  const std::vector<optimizer::Origin> origins = {{.nodes = {0, 1, 2, 3}, .folded = {}, .rewrites = {0}}};
  const Layer layer = layers(made, {}, Sources{given, origins})[0];
  EXPECT_EQ(layer.parameters, 12 + 3 + 3 + 3);
  EXPECT_EQ(layer.bytes, 4 * (12 + 3));
}

TEST(Layers, WhatHasNoWeightsAnyMoreHasNone) {
  Builder file;
  const ValueId x = file.input("x");
  const graph::Graph given = file.finish({file.node("Mul", {x, file.constant(weights({3}))})});
  Builder optimized;
  const graph::Graph made = optimized.finish({optimized.node("Relu", {optimized.input("x")})});
  const std::vector<optimizer::Origin> origins = {{.nodes = {0}, .folded = {}, .rewrites = {0}}};
  EXPECT_EQ(layers(made, {}, Sources{given, origins})[0].parameters, 0);
}

/// Of one node on inputs of these shapes.
std::int64_t flops_of(const std::string& op_type, const std::vector<Shape>& inputs,
                      Builder::Attributes attributes = {}) {
  Builder builder;
  std::vector<ValueId> ids;
  std::vector<graph::DeclaredShape> shapes;
  for (const Shape& shape : inputs) {
    ids.push_back(builder.input("x" + std::to_string(ids.size())));
    shapes.emplace_back(std::in_place);
    for (const std::int64_t dim : shape) shapes.back()->push_back({dim, ""});
  }
  const ValueId y = builder.node(op_type, ids, std::move(attributes));
  return layers(builder.finish({y}), shapes)[0].flops;
}

TEST(Layers, CountTheOperationsOfAnEinsum) {
  const auto flops = [](const std::string& equation, const std::vector<Shape>& inputs) {
    return flops_of("Einsum", inputs, {{"equation", equation}});
  };
  EXPECT_EQ(flops("abc,cd->abd", {{2, 3, 4}, {4, 5}}), 2 * (2 * 3 * 4 * 5));
  EXPECT_EQ(flops("i,j->ij", {{3}, {4}}), 3 * 4);
  EXPECT_EQ(flops("ij->ji", {{3, 4}}), 0);
  EXPECT_EQ(flops("ij->i", {{3, 4}}), 3 * 4);
  EXPECT_EQ(flops("a,a,a->", {{6}, {6}, {6}}), 3 * 6);
}

TEST(OperatorText, NamesDomainAndActivation) {
  EXPECT_EQ(operator_text({.op_type = "Relu"}), "Relu");
  EXPECT_EQ(operator_text({.domain = "ranvier", .op_type = "Relu"}), "ranvier.Relu");
  EXPECT_EQ(operator_text({.op_type = "Dense", .attributes = {{"activation", std::string("gelu")}}}), "Dense + gelu");
}

TEST(Grouped, SeparatesThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

}  // namespace
}  // namespace ranvier::tools
