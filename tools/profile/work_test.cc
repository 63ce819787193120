#include "tools/profile/work.h"

#include <gtest/gtest.h>

#include "runtime/executor/testing.h"
#include "runtime/graph/testing.h"

namespace ranvier::profile {
namespace {

using graph::Dimension;
using graph::ValueId;
using graph::testing::Builder;

/// A binding of the model to inputs of these shapes and types, all of zeros.
PlanWork work_of_graph(const graph::Graph& graph, std::vector<Tensor> inputs) {
  const Session session(testing::model_of(graph), {.threads = 1});
  std::vector<Tensor> outputs = session.run(inputs);
  return work_of(session.bind(inputs, outputs));
}

graph::DeclaredShape rows_of(std::int64_t columns) { return std::vector<Dimension>{{-1, "rows"}, {columns, ""}}; }

TEST(Work, CountsEachOperandOnce) {
  Builder builder;
  const ValueId x = builder.input("x", DataType::float32, rows_of(4));
  const ValueId z = builder.node("Gemm", {x, builder.constant(Tensor(DataType::float32, {4, 8})),
                                          builder.constant(Tensor(DataType::float32, {8}))});
  const ValueId y = builder.node("Mul", {z, z});
  builder.rename(y, "y");
  const PlanWork work = work_of_graph(builder.finish({y}), {Tensor(DataType::float32, {3, 4})});
  ASSERT_EQ(work.steps.size(), 2u);
  const Work& gemm = work.steps[0];
  EXPECT_EQ(gemm.name, "Gemm_0");
  EXPECT_EQ(gemm.op, "Gemm");
  EXPECT_FALSE(gemm.implementation.empty());
  EXPECT_EQ(operands_text(gemm.inputs), "float [3, 4], float [4, 8], float [8]");
  EXPECT_EQ(operands_text(gemm.outputs), "float [3, 8]");
  EXPECT_EQ(gemm.flops, 2 * 3 * 4 * 8);
  EXPECT_EQ(gemm.bytes, 4 * (3 * 4 + 4 * 8 + 8 + 3 * 8));
  const Work& multiply = work.steps[1];
  EXPECT_EQ(operands_text(multiply.inputs), "float [3, 8], float [3, 8]");
  EXPECT_EQ(multiply.flops, 3 * 8);
  EXPECT_EQ(multiply.bytes, 4 * (3 * 8 + 3 * 8));
}

TEST(Work, OfATableIsWhatIsReadOfIt) {
  Builder builder;
  const ValueId indices = builder.input("indices", DataType::int64, std::vector<Dimension>{{2, ""}});
  const ValueId y = builder.node("Gather", {builder.constant(Tensor(DataType::float32, {1000, 5})), indices});
  const PlanWork work = work_of_graph(builder.finish({y}), {Tensor(DataType::int64, {2})});
  EXPECT_EQ(work.steps[0].flops, 0);
  const std::int64_t expected = 2 * 8 + 2 * (2 * 5 * 4);
  EXPECT_EQ(work.steps[0].bytes, expected);
  EXPECT_EQ(work.footprint, expected);
}

TEST(Work, OfACopyIsReadingAndWriting) {
  Builder builder;
  const ValueId x = builder.input("x", DataType::float32, rows_of(2));
  const PlanWork work = work_of_graph(builder.finish({x}), {Tensor(DataType::float32, {3, 2})});
  ASSERT_EQ(work.steps.size(), 1u);
  EXPECT_EQ(work.steps[0].name, "x");
  EXPECT_EQ(work.steps[0].op, "copy");
  EXPECT_EQ(work.steps[0].flops, 0);
  EXPECT_EQ(work.steps[0].bytes, 2 * (3 * 2 * 4));
}

TEST(Work, WhatIsPlannedAwayIsNoStep) {
  Builder builder;
  const ValueId x = builder.input("x", DataType::float32, rows_of(6));
  const ValueId relu = builder.node("Relu", {x});
  const ValueId shape = builder.constant(Tensor::of<std::int64_t>({3}, {-1, 2, 3}));
  const ValueId y = builder.node("Tanh", {builder.node("Reshape", {relu, shape})});
  const PlanWork work = work_of_graph(builder.finish({y}), {Tensor(DataType::float32, {5, 6})});
  ASSERT_EQ(work.steps.size(), 2u);
  EXPECT_EQ(work.steps[1].op, "Tanh");
  EXPECT_EQ(operands_text(work.steps[1].inputs), "float [5, 2, 3]");
  // x and y; what lies between them has 120 bytes, which the arena rounds up to cache lines.
  EXPECT_EQ(work.footprint, 2 * (5 * 6 * 4) + 128);
}

}  // namespace
}  // namespace ranvier::profile
