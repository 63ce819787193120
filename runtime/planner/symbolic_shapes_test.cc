#include "runtime/planner/symbolic_shapes.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"

namespace ranvier::planner {
namespace {

using graph::Dimension;
using graph::ValueId;
using graph::testing::Builder;

std::string shape_of(const graph::Graph& graph, ValueId id) { return to_string(symbolic_shapes(graph, {})[id].shape); }

ValueId batched(Builder& builder, const std::string& name, const std::string& symbol) {
  return builder.input(name, DataType::float32, std::vector<Dimension>{{-1, symbol}, {4, ""}});
}

TEST(SymbolicShapes, FollowTheUnknownSizesOfInputs) {
  Builder builder;
  const ValueId x = batched(builder, "x", "batch");
  const ValueId condition = builder.constant(Tensor::of<bool>({}, {true}));
  const ValueId same = builder.node("Where", {condition, x, x});
  const ValueId flat = builder.node("Reshape", {x, builder.constant(Tensor::of<std::int64_t>({1}, {-1}))});
  const ValueId halves = builder.node("Reshape", {x, builder.constant(Tensor::of<std::int64_t>({2}, {-1, 2}))});
  const ValueId shape = builder.node("Shape", {x});
  const graph::Graph graph = builder.finish({same, flat, halves, shape});
  EXPECT_EQ(shape_of(graph, x), "[batch, 4]");
  EXPECT_EQ(shape_of(graph, same), "[batch, 4]");
  EXPECT_EQ(shape_of(graph, flat), "[4*batch]");
  EXPECT_EQ(shape_of(graph, halves), "[2*batch, 2]");
  EXPECT_EQ(shape_of(graph, shape), "[2]");
}

TEST(SymbolicShapes, SizesThatHaveToAgreeMoveTogether) {
  Builder builder;
  const ValueId x = batched(builder, "x", "unk__1");
  const ValueId y = batched(builder, "y", "unk__2");
  const ValueId both = builder.node("Where", {builder.constant(Tensor::of<bool>({}, {true})), x, y});
  EXPECT_EQ(shape_of(builder.finish({both}), both), "[unk__1, 4]");
}

TEST(SymbolicShapes, LeaveOpenWhatOnlyARunTells) {
  Builder builder;
  const ValueId x = batched(builder, "x", "");
  const ValueId dims = builder.input("dims", DataType::int64, std::vector<Dimension>{{2, ""}});
  const ValueId y = builder.node("Reshape", {x, dims});
  const graph::Graph graph = builder.finish({y});
  EXPECT_EQ(shape_of(graph, x), "[?, 4]");
  EXPECT_EQ(shape_of(graph, y), "unknown rank");
}

}  // namespace
}  // namespace ranvier::planner
