#include "runtime/loader/declared.h"

#include <gtest/gtest.h>

#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using testing::error_of;

onnx::TypeProto tensor_type(std::int32_t element, std::initializer_list<std::int64_t> dims) {
  onnx::TypeProto type;
  type.mutable_tensor_type()->set_elem_type(element);
  auto* shape = type.mutable_tensor_type()->mutable_shape();
  for (const std::int64_t dim : dims) shape->add_dim()->set_dim_value(dim);
  return type;
}

graph::Value declared(const onnx::TypeProto& type) {
  graph::Value value;
  declare(value, type);
  return value;
}

TEST(Declared, NumbersNamesAndUnknowns) {
  onnx::TypeProto type = tensor_type(onnx::TensorProto::INT64, {0, -1, 3});
  auto* shape = type.mutable_tensor_type()->mutable_shape();
  shape->add_dim()->set_dim_param("batch");
  shape->add_dim();
  const graph::Value value = declared(type);
  EXPECT_EQ(value.type, DataType::int64);
  EXPECT_EQ(to_string(value.shape), "[0, ?, 3, batch, ?]");
}

TEST(Declared, AScalarIsNotAnUnknownRank) {
  onnx::TypeProto type = tensor_type(onnx::TensorProto::FLOAT, {});
  EXPECT_EQ(to_string(declared(type).shape), "[]");
  type.mutable_tensor_type()->clear_shape();
  EXPECT_EQ(to_string(declared(type).shape), "unknown rank");
  EXPECT_EQ(declared(onnx::TypeProto()).type, DataType::undefined);
}

TEST(Declared, WhatIsNoTensor) {
  onnx::TypeProto type;
  type.mutable_map_type()->set_key_type(onnx::TensorProto::INT64);
  EXPECT_EQ(declared(type).kind, graph::ValueKind::map);
  type.mutable_sparse_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
  EXPECT_EQ(declared(type).kind, graph::ValueKind::sparse_tensor);
  EXPECT_EQ(declared(type).type, DataType::undefined);
}

TEST(Declared, WhatCannotBe) {
  EXPECT_EQ(error_of([] { declared(tensor_type(1, {2, -3})); }), "invalid_model: dimension 1 is -3");
  EXPECT_EQ(error_of([] { declared(tensor_type(99, {})); }),
            "unsupported: the element type 99 is unknown, known are 1 to 26");
  onnx::TypeProto deep = tensor_type(1, {});
  for (int i = 0; i < 17; ++i) deep.mutable_tensor_type()->mutable_shape()->add_dim();
  EXPECT_EQ(error_of([&] { declared(deep); }), "unsupported: its shape has 17 dimensions, at most 16 are supported");
}

}  // namespace
}  // namespace ranvier::loader
