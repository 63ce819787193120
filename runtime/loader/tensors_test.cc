#include "runtime/loader/tensors.h"

#include <gtest/gtest.h>

#include <complex>
#include <limits>

#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using testing::elements;
using testing::error_of;

onnx::TensorProto proto(std::int32_t type, std::initializer_list<std::int64_t> dims) {
  onnx::TensorProto tensor;
  tensor.set_name("w");
  tensor.set_data_type(type);
  for (const std::int64_t dim : dims) tensor.add_dims(dim);
  return tensor;
}

Tensor read(const onnx::TensorProto& tensor) { return TensorReader("").dense(tensor); }
std::string read_error(const onnx::TensorProto& tensor) {
  return error_of([&] { read(tensor); });
}

onnx::TensorProto with_int32_data(DataType type, std::initializer_list<std::int64_t> dims,
                                  std::initializer_list<std::int32_t> entries) {
  onnx::TensorProto tensor = proto(static_cast<std::int32_t>(type), dims);
  for (const std::int32_t entry : entries) tensor.add_int32_data(entry);
  return tensor;
}

std::vector<int> bytes(const Tensor& tensor) {
  const auto* data = static_cast<const std::uint8_t*>(tensor.data());
  return {data, data + tensor.bytes()};
}

TEST(Tensors, RawDataOfEveryTypeIsTakenAsItIs) {
  for (int type = 1; type < data_type_count; ++type) {
    if (static_cast<DataType>(type) == DataType::string) continue;
    onnx::TensorProto tensor = proto(type, {2, 2});
    const std::size_t size = byte_size(static_cast<DataType>(type), {2, 2});
    std::vector<int> expected;
    for (std::size_t i = 0; i < size; ++i) expected.push_back(static_cast<int>(i + 1));
    tensor.set_raw_data(std::string(expected.begin(), expected.end()));
    const Tensor result = read(tensor);
    EXPECT_EQ(static_cast<int>(result.type()), type);
    EXPECT_EQ(result.shape(), (Shape{2, 2}));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(result.data()) % 64, 0u);
    if (static_cast<DataType>(type) == DataType::boolean) expected.assign(4, 1);
    EXPECT_EQ(bytes(result), expected) << type;
  }
}

TEST(Tensors, FloatsAndDoublesAndTheirComplexPairs) {
  onnx::TensorProto floats = proto(onnx::TensorProto::FLOAT, {2});
  onnx::TensorProto pairs = proto(onnx::TensorProto::COMPLEX64, {1});
  for (const float entry : {1.5f, -2.0f}) {
    floats.add_float_data(entry);
    pairs.add_float_data(entry);
  }
  EXPECT_EQ(elements<float>(read(floats)), (std::vector<float>{1.5f, -2.0f}));
  EXPECT_EQ(elements<std::complex<float>>(read(pairs)), (std::vector<std::complex<float>>{{1.5f, -2.0f}}));
  onnx::TensorProto doubles = proto(onnx::TensorProto::DOUBLE, {2});
  onnx::TensorProto double_pairs = proto(onnx::TensorProto::COMPLEX128, {1});
  for (const double entry : {1.5, -2.0}) {
    doubles.add_double_data(entry);
    double_pairs.add_double_data(entry);
  }
  EXPECT_EQ(elements<double>(read(doubles)), (std::vector<double>{1.5, -2.0}));
  EXPECT_EQ(elements<std::complex<double>>(read(double_pairs)), (std::vector<std::complex<double>>{{1.5, -2.0}}));
}

TEST(Tensors, IntegersInTheirFields) {
  onnx::TensorProto longs = proto(onnx::TensorProto::INT64, {2});
  longs.add_int64_data(std::numeric_limits<std::int64_t>::min());
  longs.add_int64_data(7);
  EXPECT_EQ(elements<std::int64_t>(read(longs)),
            (std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min(), 7}));
  onnx::TensorProto unsigned_longs = proto(onnx::TensorProto::UINT64, {1});
  unsigned_longs.add_uint64_data(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(elements<std::uint64_t>(read(unsigned_longs))[0], std::numeric_limits<std::uint64_t>::max());
  onnx::TensorProto words = proto(onnx::TensorProto::UINT32, {1});
  words.add_uint64_data(std::numeric_limits<std::uint32_t>::max());
  EXPECT_EQ(elements<std::uint32_t>(read(words))[0], std::numeric_limits<std::uint32_t>::max());
  EXPECT_EQ(elements<std::int32_t>(read(with_int32_data(DataType::int32, {1}, {-5}))), (std::vector<std::int32_t>{-5}));
  EXPECT_EQ(elements<std::int16_t>(read(with_int32_data(DataType::int16, {1}, {-5}))), (std::vector<std::int16_t>{-5}));
  EXPECT_EQ(elements<std::uint16_t>(read(with_int32_data(DataType::uint16, {1}, {65535})))[0], 65535);
  EXPECT_EQ(elements<std::int8_t>(read(with_int32_data(DataType::int8, {2}, {-128, 127}))),
            (std::vector<std::int8_t>{-128, 127}));
  EXPECT_EQ(elements<std::uint8_t>(read(with_int32_data(DataType::uint8, {1}, {200})))[0], 200);
  EXPECT_EQ(elements<bool>(read(with_int32_data(DataType::boolean, {3}, {0, 1, 2}))),
            (std::vector<bool>{false, true, true}));
}

TEST(Tensors, SmallFloatsAndPackedTypesAreBitsInInt32Data) {
  EXPECT_EQ(static_cast<float>(elements<Float16>(read(with_int32_data(DataType::float16, {1}, {0x3e00})))[0]), 1.5f);
  EXPECT_EQ(static_cast<float>(elements<BFloat16>(read(with_int32_data(DataType::bfloat16, {1}, {0x3fc0})))[0]), 1.5f);
  EXPECT_EQ(bytes(read(with_int32_data(DataType::float8e4m3fn, {2}, {0x38, 0xb8}))), (std::vector<int>{0x38, 0xb8}));
  EXPECT_EQ(bytes(read(with_int32_data(DataType::float8e8m0, {1}, {0x7f}))), (std::vector<int>{0x7f}));
  EXPECT_EQ(bytes(read(with_int32_data(DataType::int4, {3}, {0x21, 0x0f}))), (std::vector<int>{0x21, 0x0f}));
  EXPECT_EQ(bytes(read(with_int32_data(DataType::uint4, {2}, {0xf1}))), (std::vector<int>{0xf1}));
  EXPECT_EQ(bytes(read(with_int32_data(DataType::float4e2m1, {1}, {3}))), (std::vector<int>{3}));
  EXPECT_EQ(bytes(read(with_int32_data(DataType::uint2, {5}, {0xe4, 1}))), (std::vector<int>{0xe4, 1}));
}

TEST(Tensors, StringsScalarsAndEmptyOnes) {
  onnx::TensorProto strings = proto(onnx::TensorProto::STRING, {2});
  strings.add_string_data("a");
  strings.add_string_data(std::string("\0\xff", 2));
  EXPECT_EQ(elements<std::string>(read(strings)), (std::vector<std::string>{"a", std::string("\0\xff", 2)}));
  onnx::TensorProto scalar = proto(onnx::TensorProto::FLOAT, {});
  scalar.add_float_data(3);
  EXPECT_EQ(read(scalar).shape(), Shape{});
  EXPECT_EQ(elements<float>(read(scalar)), (std::vector<float>{3}));
  EXPECT_EQ(read(proto(onnx::TensorProto::FLOAT, {0, 3})).shape(), (Shape{0, 3}));
  EXPECT_EQ(read(proto(onnx::TensorProto::STRING, {0})).elements(), 0);
}

TEST(Tensors, SizesHaveToAgreeBeforeAnythingIsAllocated) {
  onnx::TensorProto raw = proto(onnx::TensorProto::FLOAT, {std::int64_t{1} << 40});
  raw.set_raw_data("abcd");
  EXPECT_EQ(read_error(raw),
            "invalid_model: tensor 'w': float[1099511627776] needs 4398046511104 bytes of raw_data, found 4");
  EXPECT_EQ(read_error(proto(onnx::TensorProto::FLOAT, {std::int64_t{1} << 40})),
            "invalid_model: tensor 'w': float[1099511627776] needs 1099511627776 entries in float_data, found 0");
  EXPECT_EQ(read_error(proto(onnx::TensorProto::STRING, {1 << 30})),
            "invalid_model: tensor 'w': string[1073741824] needs 1073741824 entries in string_data, found 0");
  EXPECT_EQ(read_error(with_int32_data(DataType::int4, {3}, {1, 2, 3})),
            "invalid_model: tensor 'w': int4[3] needs 2 entries in int32_data, found 3");
  EXPECT_EQ(read_error(with_int32_data(DataType::boolean, {2}, {1})),
            "invalid_model: tensor 'w': bool[2] needs 2 entries in int32_data, found 1");
  onnx::TensorProto in_the_wrong_field = proto(onnx::TensorProto::FLOAT, {1});
  in_the_wrong_field.add_double_data(1);
  EXPECT_EQ(read_error(in_the_wrong_field),
            "invalid_model: tensor 'w': float[1] needs 1 entries in float_data, found 0");
}

TEST(Tensors, HugeAndNegativeDimensions) {
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(read_error(proto(onnx::TensorProto::FLOAT, {2, -3})),
            "invalid_model: tensor 'w': its shape [2, -3] has a negative dimension");
  EXPECT_EQ(read_error(proto(onnx::TensorProto::FLOAT, {huge, 2})),
            "invalid_model: tensor 'w': shape [9223372036854775807, 2] has more elements than memory can hold");
  EXPECT_EQ(read_error(proto(onnx::TensorProto::COMPLEX128, {huge})),
            "invalid_model: tensor 'w': a complex128 tensor of shape [9223372036854775807] does not fit in memory");
  onnx::TensorProto deep = proto(onnx::TensorProto::FLOAT, {});
  for (int i = 0; i < 17; ++i) deep.add_dims(1);
  EXPECT_EQ(read_error(deep), "unsupported: tensor 'w': it has 17 dimensions, at most 16 are supported");
}

TEST(Tensors, WhatAnElementOrTypeCannotBe) {
  EXPECT_EQ(read_error(with_int32_data(DataType::uint8, {2}, {1, 300})),
            "invalid_model: tensor 'w': entry 1 of int32_data is 300, which is no uint8");
  EXPECT_EQ(read_error(with_int32_data(DataType::float16, {1}, {-1})),
            "invalid_model: tensor 'w': entry 0 of int32_data is -1, which is no float16");
  EXPECT_EQ(read_error(proto(0, {1})), "invalid_model: tensor 'w': the element type is missing");
  EXPECT_EQ(read_error(proto(27, {1})), "unsupported: tensor 'w': the element type 27 is unknown, known are 1 to 26");
  EXPECT_EQ(read_error(proto(-1, {1})), "unsupported: tensor 'w': the element type -1 is unknown, known are 1 to 26");
  onnx::TensorProto raw_string = proto(onnx::TensorProto::STRING, {1});
  raw_string.set_raw_data("a");
  EXPECT_EQ(read_error(raw_string), "invalid_model: tensor 'w': strings cannot be stored as raw_data");
  onnx::TensorProto segment = proto(onnx::TensorProto::FLOAT, {1});
  segment.mutable_segment()->set_begin(0);
  EXPECT_EQ(read_error(segment), "unsupported: tensor 'w': tensors stored in segments are not supported");
}

onnx::SparseTensorProto sparse(std::initializer_list<std::int64_t> dims, const std::vector<float>& values,
                               const std::vector<std::int64_t>& index_dims, const std::vector<std::int64_t>& indices) {
  onnx::SparseTensorProto tensor;
  testing::set_floats(tensor.mutable_values(), "s", {static_cast<std::int64_t>(values.size())}, values);
  testing::set_integers(tensor.mutable_indices(), "", index_dims, indices);
  for (const std::int64_t dim : dims) tensor.add_dims(dim);
  return tensor;
}

std::string sparse_error(const onnx::SparseTensorProto& tensor) {
  return error_of([&] { TensorReader("").sparse(tensor); });
}

TEST(SparseTensors, LinearAndCoordinateIndices) {
  const std::vector<float> dense = {0, 5, 0, 0, 0, 6};
  EXPECT_EQ(elements<float>(TensorReader("").sparse(sparse({2, 3}, {5, 6}, {2}, {1, 5}))), dense);
  const Tensor from_pairs = TensorReader("").sparse(sparse({2, 3}, {5, 6}, {2, 2}, {0, 1, 1, 2}));
  EXPECT_EQ(elements<float>(from_pairs), dense);
  EXPECT_EQ(from_pairs.shape(), (Shape{2, 3}));
  EXPECT_EQ(elements<float>(TensorReader("").sparse(sparse({2}, {}, {0}, {}))), (std::vector<float>{0, 0}));
}

TEST(SparseTensors, StringsAreEmptyElsewhere) {
  onnx::SparseTensorProto tensor = sparse({3}, {}, {1}, {1});
  tensor.mutable_values()->set_data_type(onnx::TensorProto::STRING);
  tensor.mutable_values()->set_dims(0, 1);
  tensor.mutable_values()->add_string_data("a");
  EXPECT_EQ(elements<std::string>(TensorReader("").sparse(tensor)), (std::vector<std::string>{"", "a", ""}));
}

TEST(SparseTensors, WhatDoesNotFit) {
  EXPECT_EQ(sparse_error(sparse({2, 3}, {5}, {1}, {6})),
            "invalid_model: sparse tensor 's': index 6 of its value 0 is out of range for shape [2, 3]");
  EXPECT_EQ(sparse_error(sparse({2, 3}, {5}, {1}, {-1})),
            "invalid_model: sparse tensor 's': index -1 of its value 0 is out of range for shape [2, 3]");
  EXPECT_EQ(sparse_error(sparse({2, 3}, {5}, {1, 2}, {1, 3})),
            "invalid_model: sparse tensor 's': index 3 of its value 0 is out of range for shape [2, 3]");
  EXPECT_EQ(sparse_error(sparse({2, 0}, {5}, {1}, {0})),
            "invalid_model: sparse tensor 's': index 0 of its value 0 is out of range for shape [2, 0]");
  EXPECT_EQ(sparse_error(sparse({2, 3}, {5}, {2}, {1, 2})),
            "invalid_model: sparse tensor 's': its indices have shape [2], expected [1] or [1, 2]");
  onnx::SparseTensorProto float_indices = sparse({2}, {5}, {1}, {0});
  testing::set_floats(float_indices.mutable_indices(), "", {}, {0});
  float_indices.mutable_indices()->clear_int64_data();
  EXPECT_EQ(sparse_error(float_indices),
            "invalid_model: sparse tensor 's': its indices have type float, expected int64");
  onnx::SparseTensorProto matrix = sparse({2}, {5}, {1}, {0});
  matrix.mutable_values()->add_dims(1);
  EXPECT_EQ(sparse_error(matrix),
            "invalid_model: sparse tensor 's': its values have shape [1, 1], expected one dimension");
}

TEST(SparseTensors, ASmallFileCannotAskForAllMemory) {
  EXPECT_EQ(sparse_error(sparse({1 << 20, 1 << 20}, {5}, {1}, {0})),
            "unsupported: sparse tensor 's': float[1048576, 1048576] is 4398046511104 bytes when dense; the sparse "
            "tensors of this model may take 67111936 more");
  TensorReader reader("");
  const onnx::SparseTensorProto half = sparse({10 << 20}, {5}, {1}, {0});  // 40 MiB
  EXPECT_EQ(reader.sparse(half).elements(), 10 << 20);
  EXPECT_THROW(reader.sparse(half), Error);
}

TEST(TensorReader, TakesLargeRawDataAsItIs) {
  std::vector<float> values(100);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  onnx::TensorProto proto;
  proto.set_data_type(onnx::TensorProto::FLOAT);
  proto.add_dims(100);
  proto.set_raw_data(values.data(), 400);
  const void* const bytes = proto.raw_data().data();
  const Tensor taken = TensorReader("").take(proto);
  EXPECT_EQ(taken.data(), bytes);
  EXPECT_EQ(elements<float>(taken), values);
  EXPECT_TRUE(proto.raw_data().empty());
  proto.set_raw_data(values.data(), 399);
  EXPECT_EQ(error_of([&] { TensorReader("").take(proto); }),
            "invalid_model: tensor '': float[100] needs 400 bytes of raw_data, found 399");
  proto.set_raw_data(values.data(), 8);
  proto.set_dims(0, 2);
  EXPECT_EQ(elements<float>(TensorReader("").take(proto)), (std::vector<float>{0, 1}));
}

}  // namespace
}  // namespace ranvier::loader
