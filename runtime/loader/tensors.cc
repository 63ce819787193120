#include "runtime/loader/tensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "operators/storage.h"
#include "runtime/core/data_type.h"
#include "runtime/core/error.h"
#include "runtime/core/shape.h"

namespace ranvier::loader {
namespace {

using google::protobuf::RepeatedField;

static_assert(std::endian::native == std::endian::little, "raw elements are little-endian");

/// The shape, of which `type` elements fit in memory.
Shape shape_of(DataType type, const RepeatedField<std::int64_t>& dims) {
  if (static_cast<std::size_t>(dims.size()) > Shape::max_rank)
    fail(ErrorCode::unsupported, "it has {} dimensions, at most {} are supported", dims.size(), Shape::max_rank);
  const Shape shape(std::span<const std::int64_t>(dims.data(), static_cast<std::size_t>(dims.size())));
  for (const std::int64_t dim : shape)
    if (dim < 0) fail(ErrorCode::invalid_model, "its shape {} has a negative dimension", to_string(shape));
  try {
    byte_size(type, shape);
  } catch (const Error& error) {
    fail(ErrorCode::invalid_model, "{}", error.what());
  }
  return shape;
}

std::string text(DataType type, const Shape& shape) { return fmt::format("{}{}", name(type), to_string(shape)); }

/// The elements in memory are exactly the bytes given.
Tensor from_bytes(DataType type, const Shape& shape, std::span<const std::byte> bytes) {
  const std::size_t expected = byte_size(type, shape);
  if (bytes.size() != expected)
    fail(ErrorCode::invalid_model, "{} needs {} bytes of raw_data, found {}", text(type, shape), expected,
         bytes.size());
  Tensor tensor(type, shape);
  if (type == DataType::boolean) {
    const std::span<bool> flags = tensor.mutable_values<bool>();
    for (std::size_t i = 0; i < flags.size(); ++i) flags[i] = bytes[i] != std::byte{0};
  } else if (expected > 0) {
    std::memcpy(tensor.mutable_data(), bytes.data(), expected);
  }
  return tensor;
}

/// One of the typed fields: its name for messages, and how many entries it must have.
struct Field {
  std::string_view name;
  DataType type;
  const Shape& shape;
  std::size_t entries;

  void check(int found) const {
    if (static_cast<std::size_t>(found) != entries)
      fail(ErrorCode::invalid_model, "{} needs {} entries in {}, found {}", text(type, shape), entries, name, found);
  }
};

/// Entries that are elements (or halves of complex ones) as they are.
template <class Entry>
Tensor copied(const Field& field, const RepeatedField<Entry>& entries) {
  field.check(entries.size());
  Tensor tensor(field.type, field.shape);
  if (field.entries > 0) std::memcpy(tensor.mutable_data(), entries.data(), field.entries * sizeof(Entry));
  return tensor;
}

/// Entries wider than what is stored, a Stored each.
template <class Stored, class Entry>
Tensor narrowed(const Field& field, const RepeatedField<Entry>& entries) {
  field.check(entries.size());
  for (int i = 0; i < entries.size(); ++i)
    if (!std::in_range<Stored>(entries[i]))
      fail(ErrorCode::invalid_model, "entry {} of {} is {}, which is no {}", i, field.name, entries[i],
           name(field.type));
  Tensor tensor(field.type, field.shape);
  Stored* stored = static_cast<Stored*>(tensor.mutable_data());
  for (int i = 0; i < entries.size(); ++i) stored[i] = static_cast<Stored>(entries[i]);
  return tensor;
}

Tensor flags(const Field& field, const RepeatedField<std::int32_t>& entries) {
  field.check(entries.size());
  Tensor tensor(field.type, field.shape);
  const std::span<bool> stored = tensor.mutable_values<bool>();
  for (std::size_t i = 0; i < stored.size(); ++i) stored[i] = entries[static_cast<int>(i)] != 0;
  return tensor;
}

Tensor strings(const Field& field, const onnx::TensorProto& proto) {
  field.check(proto.string_data_size());
  Tensor tensor(field.type, field.shape);
  const std::span<std::string> stored = tensor.mutable_values<std::string>();
  std::copy(proto.string_data().begin(), proto.string_data().end(), stored.begin());
  return tensor;
}

/// The elements from the field that the format prescribes for the type.
Tensor from_fields(const onnx::TensorProto& proto, DataType type, const Shape& shape) {
  const auto elements = static_cast<std::size_t>(shape.elements());
  const Field int32_data{"int32_data", type, shape, elements};
  const Field packed{"int32_data", type, shape, byte_size(type, shape)};
  switch (type) {
    case DataType::float32: return copied({"float_data", type, shape, elements}, proto.float_data());
    case DataType::complex64: return copied({"float_data", type, shape, 2 * elements}, proto.float_data());
    case DataType::float64: return copied({"double_data", type, shape, elements}, proto.double_data());
    case DataType::complex128: return copied({"double_data", type, shape, 2 * elements}, proto.double_data());
    case DataType::int64: return copied({"int64_data", type, shape, elements}, proto.int64_data());
    case DataType::uint64: return copied({"uint64_data", type, shape, elements}, proto.uint64_data());
    case DataType::uint32: return narrowed<std::uint32_t>({"uint64_data", type, shape, elements}, proto.uint64_data());
    case DataType::string: return strings({"string_data", type, shape, elements}, proto);
    case DataType::boolean: return flags(int32_data, proto.int32_data());
    case DataType::int32: return copied(int32_data, proto.int32_data());
    case DataType::int8: return narrowed<std::int8_t>(int32_data, proto.int32_data());
    case DataType::int16: return narrowed<std::int16_t>(int32_data, proto.int32_data());
    case DataType::uint16:
    case DataType::float16:
    case DataType::bfloat16: return narrowed<std::uint16_t>(int32_data, proto.int32_data());
    default: return narrowed<std::uint8_t>(packed, proto.int32_data());
  }
}

/// Where in a tensor of `shape` the i-th of `count` stored values belongs.
std::vector<std::size_t> positions(const Tensor& indices, const Shape& shape, std::int64_t count) {
  if (indices.type() != DataType::int64)
    fail(ErrorCode::invalid_model, "its indices have type {}, expected int64", name(indices.type()));
  const auto rank = static_cast<std::int64_t>(shape.rank());
  const bool linear = indices.shape() == Shape{count};
  if (!linear && indices.shape() != Shape{count, rank})
    fail(ErrorCode::invalid_model, "its indices have shape {}, expected [{}] or [{}, {}]", to_string(indices.shape()),
         count, count, rank);
  const Shape bounds = linear ? Shape{shape.elements()} : shape;
  const Shape strides = row_major_strides(bounds);
  const std::int64_t* index = indices.values<std::int64_t>().data();
  std::vector<std::size_t> result;
  result.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t position = 0;
    for (std::size_t axis = 0; axis < bounds.rank(); ++axis, ++index) {
      if (*index < 0 || *index >= bounds[axis])
        fail(ErrorCode::invalid_model, "index {} of its value {} is out of range for shape {}", *index, i,
             to_string(shape));
      position += *index * strides[axis];
    }
    result.push_back(static_cast<std::size_t>(position));
  }
  return result;
}

std::string context(const std::string& tensor) { return fmt::format("tensor '{}'", tensor); }

}  // namespace

DataType data_type(std::int32_t number) {
  if (number == 0) fail(ErrorCode::invalid_model, "the element type is missing");
  if (number < 0 || number >= data_type_count)
    fail(ErrorCode::unsupported, "the element type {} is unknown, known are 1 to {}", number, data_type_count - 1);
  return static_cast<DataType>(number);
}

void store(const Tensor& tensor, onnx::TensorProto& proto) {
  proto.set_data_type(static_cast<std::int32_t>(tensor.type()));
  for (const std::int64_t dim : tensor.shape()) proto.add_dims(dim);
  if (tensor.type() == DataType::string) {
    for (const std::string& each : tensor.values<std::string>()) proto.add_string_data(each);
  } else {
    proto.set_raw_data(tensor.data(), tensor.bytes());
  }
}

Tensor TensorReader::dense(const onnx::TensorProto& proto) {
  try {
    return read_dense(proto);
  } catch (const Error& error) {
    throw error.within(context(proto.name()));
  }
}

Tensor TensorReader::take(onnx::TensorProto& proto) {
  try {
    const DataType type = data_type(proto.data_type());
    const Shape shape = shape_of(type, proto.dims());
    const std::string& raw = proto.raw_data();
    const bool has_all = !proto.has_segment() && proto.data_location() != onnx::TensorProto::EXTERNAL &&
                         raw.size() == byte_size(type, shape);
    constexpr std::size_t few = 64;  // bytes, that a string may have within itself
    if (!has_all || raw.size() < few || !NumericTypes::set.contains(type)) return read_dense(proto);
    charge(type, shape);
    auto owner = std::make_shared<const std::string>(std::move(*proto.mutable_raw_data()));
    const void* elements = owner->data();
    return Tensor::view(type, elements, shape, std::move(owner));
  } catch (const Error& error) {
    throw error.within(context(proto.name()));
  }
}

Tensor TensorReader::read_dense(const onnx::TensorProto& proto) {
  const DataType type = data_type(proto.data_type());
  const Shape shape = shape_of(type, proto.dims());
  if (proto.has_segment()) fail(ErrorCode::unsupported, "tensors stored in segments are not supported");
  charge(type, shape);
  if (proto.data_location() == onnx::TensorProto::EXTERNAL) return read_external(proto, type, shape);
  if (proto.raw_data().empty()) return from_fields(proto, type, shape);
  if (type == DataType::string) fail(ErrorCode::invalid_model, "strings cannot be stored as raw_data");
  return from_bytes(type, shape, std::as_bytes(std::span(proto.raw_data())));
}

Tensor TensorReader::read_external(const onnx::TensorProto& proto, DataType type, const Shape& shape) {
  if (type == DataType::string) fail(ErrorCode::invalid_model, "strings cannot be stored as external data");
  auto bytes = std::make_shared<const Tensor>(external_.read(proto, byte_size(type, shape)));
  const void* elements = bytes->data();
  if (type == DataType::boolean) return from_bytes(type, shape, std::as_bytes(bytes->values<std::uint8_t>()));
  return Tensor::view(type, elements, shape, std::move(bytes));
}

void TensorReader::charge(DataType type, const Shape& shape) {
  if (memory_limit_ == 0) return;
  const std::size_t bytes = byte_size(type, shape);
  if (bytes > memory_limit_ - charged_)
    fail(ErrorCode::out_of_memory, "it takes {} bytes, the model's constants may take {}, {} of which are left", bytes,
         memory_limit_, memory_limit_ - charged_);
  charged_ += bytes;
}

Tensor TensorReader::sparse(const onnx::SparseTensorProto& proto) {
  try {
    return read_sparse(proto);
  } catch (const Error& error) {
    throw error.within("sparse " + context(proto.values().name()));
  }
}

Tensor TensorReader::read_sparse(const onnx::SparseTensorProto& proto) {
  const Tensor values = read_dense(proto.values());
  const Tensor indices = read_dense(proto.indices());
  const Shape shape = shape_of(values.type(), proto.dims());
  if (values.shape().rank() != 1)
    fail(ErrorCode::invalid_model, "its values have shape {}, expected one dimension", to_string(values.shape()));
  const std::size_t bytes = byte_size(values.type(), shape);
  const std::vector<std::size_t> where = positions(indices, shape, values.elements());
  sparse_allowance_ += 256 * (values.bytes() + indices.bytes());
  if (bytes > sparse_allowance_)
    fail(ErrorCode::unsupported, "{} is {} bytes when dense; the sparse tensors of this model may take {} more",
         text(values.type(), shape), bytes, sparse_allowance_);
  sparse_allowance_ -= bytes;
  charge(values.type(), shape);
  const DataType storage = operators::storage_type(values.type());
  Tensor tensor(values.type(), shape);
  dispatch<operators::StorageTypes>(storage, [&]<class T>() {
    const T* source = static_cast<const T*>(values.data());
    T* target = static_cast<T*>(tensor.mutable_data());
    for (std::size_t i = 0; i < where.size(); ++i) target[where[i]] = source[i];
  });
  return tensor;
}

}  // namespace ranvier::loader
