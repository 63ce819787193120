#include "runtime/c_api/descriptors.h"

#include <algorithm>
#include <string>

namespace ranvier::c_api {
namespace {

constexpr auto first_type = static_cast<ranvier_type>(DataType::float32);

/// The address that elements have to begin at is a multiple of this.
std::size_t alignment(DataType type) {
  switch (type) {
    case DataType::string: return alignof(const char*);
    case DataType::complex64: return alignof(float);
    case DataType::complex128: return alignof(double);
    default: return std::max<std::size_t>(bits(type) / 8, 1);
  }
}

/// The checks that inputs and outputs share.
template <class Descriptor>
void check_memory(const Descriptor& given, DataType type, const Shape& dims) {
  const std::size_t expected = size_in_c(type, dims);
  if (given.bytes != expected)
    fail(ErrorCode::invalid_argument, "it has {} bytes, expected {} for {} {}", given.bytes, expected, name(type),
         to_string(dims));
  if (given.data == nullptr && expected > 0)
    fail(ErrorCode::invalid_argument, "its data is NULL, expected {} bytes", expected);
  if (reinterpret_cast<std::uintptr_t>(given.data) % alignment(type) != 0)
    fail(ErrorCode::invalid_argument, "its data does not begin at a multiple of {} bytes, as {} elements have to",
         alignment(type), name(type));
}

Tensor strings(const void* data, const Shape& dims) {
  Tensor tensor(DataType::string, dims);
  const auto* texts = static_cast<const char* const*>(data);
  for (std::string& text : tensor.mutable_values<std::string>()) text = &required(*texts++, "one of its strings");
  return tensor;
}

Tensor input(const ranvier_input& given) {
  if (given.type == RANVIER_UNDEFINED && given.data == nullptr && given.bytes == 0 && given.shape.rank == 0) return {};
  const DataType type = data_type(given.type);
  const Shape dims = shape(given.shape);
  check_memory(given, type, dims);
  if (type == DataType::string) return strings(given.data, dims);
  if (type == DataType::boolean) {
    const std::span bytes(static_cast<const unsigned char*>(given.data), given.bytes);
    if (std::any_of(bytes.begin(), bytes.end(), [](unsigned char byte) { return byte > 1; }))
      fail(ErrorCode::invalid_argument, "one of its bool elements is neither 0 nor 1");
  }
  return Tensor::view(type, given.data, dims);
}

Tensor output(const ranvier_output& given) {
  const DataType type = data_type(given.type);
  if (type == DataType::string)
    fail(ErrorCode::invalid_argument,
         "strings cannot be written to the caller's memory; ranvier_session_run returns them");
  const Shape dims = shape(given.shape);
  check_memory(given, type, dims);
  return Tensor::view(type, given.data, dims);
}

template <class Descriptor, class Convert>
std::vector<Tensor> converted(std::string_view role, std::span<const Descriptor> given,
                              const std::vector<PortInfo>& ports, const Convert& convert) {
  if (given.size() > ports.size())
    fail(ErrorCode::invalid_argument, "{} {}s were given, the model has {}", given.size(), role, ports.size());
  std::vector<Tensor> tensors;
  for (std::size_t i = 0; i < given.size(); ++i) {
    try {
      tensors.push_back(convert(given[i]));
    } catch (const Error& error) {
      throw error.within(fmt::format("{} '{}'", role, ports[i].name));
    }
  }
  return tensors;
}

}  // namespace

DataType data_type(ranvier_type type) {
  if (type < first_type || type >= data_type_count)
    fail(ErrorCode::invalid_argument, "{} is no type of elements", type);
  return static_cast<DataType>(type);
}

Shape shape(const ranvier_shape& shape) {
  static_assert(RANVIER_MAX_RANK == Shape::max_rank);
  if (shape.rank > RANVIER_MAX_RANK)
    fail(ErrorCode::invalid_argument, "a shape has {} dimensions, at most {} are possible", shape.rank,
         RANVIER_MAX_RANK);
  const Shape result(std::span<const std::int64_t>(shape.dims, shape.rank));
  for (const std::int64_t dim : result)
    if (dim < 0) fail(ErrorCode::invalid_argument, "the shape {} has a negative dimension", to_string(result));
  return result;
}

ranvier_shape described(const Shape& shape) {
  ranvier_shape result{};
  result.rank = shape.rank();
  std::copy(shape.begin(), shape.end(), result.dims);
  return result;
}

std::size_t size_in_c(DataType type, const Shape& shape) {
  return type == DataType::string ? byte_size(DataType::uint64, shape) / sizeof(std::uint64_t) * sizeof(const char*)
                                  : byte_size(type, shape);
}

std::vector<Tensor> inputs(std::span<const ranvier_input> given, const std::vector<PortInfo>& ports) {
  return converted("input", given, ports, input);
}

std::vector<Tensor> outputs(std::span<const ranvier_output> given, const std::vector<PortInfo>& ports) {
  return converted("output", given, ports, output);
}

}  // namespace ranvier::c_api
