#include "tools/graph/kind.h"

#include <gtest/gtest.h>

namespace ranvier::view {
namespace {

Kind kind_of(const std::string& op_type) { return kind(graph::Node{.op_type = op_type}); }

TEST(Kinds, FollowTheOperator) {
  for (const char* op : {"MatMul", "MatMulInteger", "Gemm", "Conv", "ConvTranspose", "LSTM", "Dense"})
    EXPECT_EQ(kind_of(op), Kind::weights) << op;
  for (const char* op : {"Relu", "Gelu", "SoftShrink", "Softmax", "PRelu"})
    EXPECT_EQ(kind_of(op), Kind::activation) << op;
  for (const char* op : {"LayerNormalization", "BatchNormalization", "LRN"})
    EXPECT_EQ(kind_of(op), Kind::normalization) << op;
  for (const char* op : {"ReduceMean", "ArgMax", "GlobalAveragePool"}) EXPECT_EQ(kind_of(op), Kind::reduction) << op;
  for (const char* op : {"Reshape", "Gather", "Cast"}) EXPECT_EQ(kind_of(op), Kind::movement) << op;
  for (const char* op : {"Add", "Loop", "Foo"}) EXPECT_EQ(kind_of(op), Kind::other) << op;
}

}  // namespace
}  // namespace ranvier::view
