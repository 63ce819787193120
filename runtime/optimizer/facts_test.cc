#include "runtime/optimizer/facts.h"

#include <gtest/gtest.h>

#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

/// The fact of the first output as "float [..., ?, 6]", "[" alone where no dimension may be before.
std::string fact_of(std::string_view text, const Dialect& dialect = {}) {
  const graph::Graph graph = graph_of(text, dialect);
  const Fact fact = facts_of(graph)[graph.outputs[0]];
  std::string result = std::string(name(fact.type)) + (fact.whole ? " [" : " [...");
  for (const std::int64_t dim : fact.last)
    result += (result.ends_with('[') ? "" : ", ") + (dim < 0 ? "?" : std::to_string(dim));
  return result + "]";
}

TEST(Facts, FollowElementwiseOperators) {
  EXPECT_EQ(fact_of("y=Sigmoid(x)"), "float [40, 6]");
  EXPECT_EQ(fact_of("y=Sigmoid(x)", {.type = DataType::float16}), "float16 [40, 6]");
  EXPECT_EQ(fact_of("y=Add(x, W[3,1,6])"), "float [3, 40, 6]");
  EXPECT_EQ(fact_of("y=Add(x, W[6])", {.shape = {-1, -1}}), "float [?, 6]");
  EXPECT_EQ(fact_of("y=Add(x, W[1])", {.shape = {-1, -1}}), "float [?, ?]");
  EXPECT_EQ(fact_of("y=Add(x, W[1,1])", {.shape = {-1}}), "float [1, ?]");
  EXPECT_EQ(fact_of("y=Greater(x, 0)"), "bool [40, 6]");
  EXPECT_EQ(fact_of("c=Greater(x, 0); y=Where(c, x, 0)"), "float [40, 6]");
  EXPECT_EQ(fact_of("y=Cast{to=10}(x)"), "float16 [40, 6]");
  EXPECT_EQ(fact_of("y=Add(x, W[6])", {.version = 6}), "float [40, 6]");
}

TEST(Facts, FollowMatrixProductsAndShapes) {
  EXPECT_EQ(fact_of("y=MatMul(x, W[6,5])"), "float [40, 5]");
  EXPECT_EQ(fact_of("y=MatMul(x, W[6,5])", {.shape = {-1, 7, 6}}), "float [?, 7, 5]");
  EXPECT_EQ(fact_of("y=Gemm{transB=1}(x, W[5,6])", {.shape = {-1, 6}}), "float [?, 5]");
  EXPECT_EQ(fact_of("y=Gemm{transA=1}(x, W[40,5])"), "float [...]");
  EXPECT_EQ(fact_of("y=Reshape(x, [-1,8,3])"), "float [?, 8, 3]");
  EXPECT_EQ(fact_of("y=Shape(x)"), "int64 [?]");
  EXPECT_EQ(fact_of("s=Shape(x); y=Gather(s, [0,1])"), "int64 [2]");
  EXPECT_EQ(fact_of("s=Shape(x); g=Gather(s, [0,1]); c=Concat{axis=0}(g, [24]); t=Cast{to=7}(c); y=Reshape(x, t)"),
            "float [?, ?, ?]");
  EXPECT_EQ(fact_of("s=Shape(x); t=Reshape(x, s); m=MatMul(t, W[6,5]); y=Add(m, W[5])"), "float [..., 5]")
      << "the rank is unknown";
  EXPECT_EQ(fact_of("y,z=Split(x)"), "float [...]");
  EXPECT_EQ(fact_of("y=Flatten(x)", {.shape = {-1, 4, 6}}), "float [?, 24]");
  EXPECT_EQ(fact_of("y=Flatten{axis=-1}(x)", {.shape = {-1, 4, 6}}), "float [?, 6]");
  EXPECT_EQ(fact_of("y=Unsqueeze(x, [0,-1])"), "float [1, 40, 6, 1]");
  EXPECT_EQ(fact_of("y=Unsqueeze{axes=[1]}(x)", {.version = 11}), "float [40, 1, 6]");
  EXPECT_EQ(fact_of("y=Squeeze(x, [1])", {.shape = {-1, 1, 6}}), "float [?, 6]");
  EXPECT_EQ(fact_of("y=Squeeze(x)", {.shape = {-1, 1, 6}}), "float [...]") << "whatever has the size 1";
  EXPECT_EQ(fact_of("y=Transpose{perm=[2,0,1]}(x)", {.shape = {-1, 5, 6}}), "float [6, ?, 5]");
  EXPECT_EQ(fact_of("y=Transpose(x)"), "float [6, 40]");
}

TEST(Facts, FollowWindows) {
  EXPECT_EQ(fact_of("y=Conv(x, W[8,3,2,2])", {.shape = {-1, 3, 9, 9}}), "float [?, 8, 8, 8]");
  EXPECT_EQ(fact_of("y=Conv{strides=[2,1]}(x, W[8,3,2,1])", {.shape = {-1, -1, 9, -1}}), "float [?, 8, 4, ?]");
  EXPECT_EQ(fact_of("y=MaxPool{kernel_shape=[2]}(x)", {.shape = {-1, 3, 9}}), "float [?, 3, 8]");
  EXPECT_EQ(fact_of("y=MaxPool{kernel_shape=[20]}(x)", {.shape = {-1, 3, 9}}), "float [?, 3, ?]") << "which is wrong";
  EXPECT_EQ(fact_of("s=Shape(x); t=Reshape(x, s); y=Conv(t, W[8,3,2])", {.shape = {-1, 3, 9}}), "float [?, 8, ?]")
      << "the weights tell";
  EXPECT_EQ(fact_of("y=Conv(x, x)", {.shape = {-1, 3, 9}}), "float [?, ?, 1]");
  EXPECT_EQ(fact_of("s=Shape(x); t=Reshape(x, s); y=MaxPool{kernel_shape=[2]}(t)", {.shape = {-1, 3, 9}}),
            "float [...]");
  EXPECT_EQ(fact_of("y=Pad(x, [0,0,1,0,0,1])", {.shape = {-1, 3, 9}}), "float [?, ?, ?]");
}

TEST(Facts, FollowReductions) {
  EXPECT_EQ(fact_of("y=ReduceMean{axes=[-1]}(x)"), "float [40, 1]");
  EXPECT_EQ(fact_of("y=ReduceMean{axes=[0]}(x)"), "float [1, 6]");
  EXPECT_EQ(fact_of("y=ReduceSum(x, [1])"), "float [40, 1]");
  EXPECT_EQ(fact_of("y=ReduceSum(x)"), "float [1, 1]");
  EXPECT_EQ(fact_of("y=ReduceSum{noop_with_empty_axes=1}(x)"), "float [40, 6]");
  EXPECT_EQ(fact_of("s=Shape(x); y=ReduceProd(s)"), "int64 [1]");
  EXPECT_EQ(fact_of("y=Slice(x, [1], [3])"), "float [?, ?]");
  EXPECT_EQ(fact_of("y=ReduceMean{axes=[1], keepdims=0}(x)"), "float [...]");
  EXPECT_EQ(fact_of("s=Shape(x); t=Reshape(x, s); m=MatMul(t, W[6,5]); y=ReduceMean{axes=[1]}(m)"), "float [...]")
      << "which axis it is depends on the rank";
  EXPECT_EQ(fact_of("y=GlobalAveragePool(x)", {.shape = {-1, 3, 5, 6}}), "float [?, 3, 1, 1]");
}

TEST(Facts, UnknownOperatorsSayNothing) {
  EXPECT_EQ(fact_of("y=Mystery(x)"), "undefined [...]");
  EXPECT_EQ(fact_of("t=Mystery(x); y=Mul(t, 2)"), "float [...]") << "both have the type of one";
}

TEST(Facts, WhatBroadcasts) {
  const Fact known{DataType::float32, {-1, 1, 6}, false};
  EXPECT_TRUE(broadcasts_to({}, known));
  EXPECT_TRUE(broadcasts_to({1, 1, 6}, known));
  EXPECT_TRUE(broadcasts_to({1}, known));
  EXPECT_FALSE(broadcasts_to({2, 1, 6}, known));
  EXPECT_FALSE(broadcasts_to({5, 1}, known));
  EXPECT_FALSE(broadcasts_to({1, 1, 1, 1}, known));
}

}  // namespace
}  // namespace ranvier::optimizer
