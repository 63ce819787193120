#include "tools/keras_layers.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"

namespace ranvier::tools {
namespace {

using Names = std::vector<std::string>;

Names names_of(const Names& nodes) {
  graph::testing::Builder builder;
  graph::ValueId x = builder.input("x");
  for (const std::string& name : nodes) {
    x = builder.node("Neg", {x});
    builder.graph().nodes.back().name = name;
  }
  return layer_names(builder.finish({x}));
}

TEST(LayerNames, LoseTheNumbersOfTheSecondCall) {
  EXPECT_EQ(names_of({"sequential_1/dense_1/MatMul", "sequential_1/dense_1_2/BiasAdd", "sequential_1/out_1/Softmax"}),
            (Names{"dense", "dense_1", "out"}));
  EXPECT_EQ(names_of({"StatefulPartitionedCall/functional_1/block_1_1/add"}), Names{"block_1"});
}

TEST(LayerNames, KeepNumbersThatAreKerasOwn) {
  EXPECT_EQ(names_of({"model/dense_1/MatMul", "model/dense/BiasAdd"}), (Names{"dense_1", "dense"}));
  EXPECT_EQ(names_of({"model_1/dense_1/MatMul", "model_1/flat/Reshape"}), (Names{"dense_1", "flat"})) << "one has none";
  EXPECT_EQ(names_of({"model_1/dense_1/MatMul", "model_1/dense_2/MatMul"}), (Names{"dense_1", "dense_2"}))
      << "they would be the same";
}

TEST(LayerNames, AreEmptyWhereTheExporterLeftNone) {
  EXPECT_EQ(names_of({"", "MatMul_3", "/MatMul", "/_wrapped/Add", "a/b", "a//c"}), Names(6));
}

Layer step(const std::string& op, std::int64_t parameters, std::int64_t flops) {
  Layer layer;
  layer.name = "step " + op;
  layer.op = op;
  layer.parameters = parameters;
  layer.bytes = 4 * parameters;
  layer.flops = flops;
  return layer;
}

TEST(ByLayer, PutsTheStepsOfALayerTogether) {
  const auto rows =
      by_layer({step("MatMul", 6, 12), step("MatMul", 8, 16), step("Add", 2, 2), step("Relu", 0, INT64_MAX)},
               {"a", "b", "a", "a"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].layer.name, "a");
  EXPECT_EQ(rows[0].layer.op, "MatMul + Add + Relu");
  EXPECT_EQ(rows[0].layer.parameters, 8);
  EXPECT_EQ(rows[0].layer.bytes, 32);
  EXPECT_EQ(rows[0].layer.flops, INT64_MAX);
  EXPECT_EQ(rows[1].layer.name, "b");
  EXPECT_EQ(rows[1].operators, Names{"MatMul"});
}

TEST(ByLayer, StepsWithoutALayerBelongToTheLayerAroundThem) {
  const Layer each = step("Cast", 0, 0);
  const auto rows = by_layer({each, each, each, each, each}, {"", "a", "", "a", ""});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].layer.name, "step Cast");
  EXPECT_EQ(rows[1].layer.op, "Cast + Cast + Cast");
  EXPECT_EQ(rows[2].layer.name, "step Cast");
  EXPECT_EQ(by_layer({each, each, each, each}, {"a", "a", "a", "a"})[0].layer.op, "Cast ... Cast, 4 steps");
}

}  // namespace
}  // namespace ranvier::tools
