// What a C program describes by plain structs, and what Ranvier makes of it.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "ranvier/c_api.h"
#include "ranvier/model.h"
#include "ranvier/tensor.h"
#include "runtime/core/error.h"

namespace ranvier::c_api {

/// @throws Error invalid_argument for a null pointer.
template <class T>
T& required(T* pointer, std::string_view name) {
  if (pointer == nullptr) fail(ErrorCode::invalid_argument, "{} is NULL", name);
  return *pointer;
}

/// An array of `count` elements. @throws Error invalid_argument for a null pointer, where there should be some.
template <class T>
std::span<T> array(T* pointer, std::size_t count, std::string_view name) {
  if (count > 0) required(pointer, name);
  return {pointer, count};
}

/// @throws Error invalid_argument.
DataType data_type(ranvier_type type);
Shape shape(const ranvier_shape& shape);

ranvier_shape described(const Shape& shape);

/// What a C program keeps for such elements: byte_size(), but for strings, which are pointers there.
std::size_t size_in_c(DataType type, const Shape& shape);

/// Views of the caller's elements, in the order of `ports`; copies of strings. An absent input is an undefined Tensor.
/// @throws Error invalid_argument with the name of the input.
std::vector<Tensor> inputs(std::span<const ranvier_input> given, const std::vector<PortInfo>& ports);

/// Views of the caller's memory. @throws Error invalid_argument with the name of the output.
std::vector<Tensor> outputs(std::span<const ranvier_output> given, const std::vector<PortInfo>& ports);

/// The size that each struct began with: what callers of any version have.
template <class Struct>
inline constexpr std::size_t first_size = 0;
template <>
inline constexpr std::size_t first_size<ranvier_model_options> = offsetof(ranvier_model_options, tap_count) +
                                                                 sizeof(ranvier_model_options::tap_count);
template <>
inline constexpr std::size_t first_size<ranvier_session_options> = offsetof(ranvier_session_options, memory_limit) +
                                                                   sizeof(ranvier_session_options::memory_limit);
template <>
inline constexpr std::size_t first_size<ranvier_port> = offsetof(ranvier_port, optional) +
                                                        sizeof(ranvier_port::optional);

/// How many bytes the caller's struct has. @throws Error invalid_argument where that cannot be.
template <class Struct>
std::size_t size_of(const Struct& given, std::string_view name) {
  constexpr std::size_t most = 4096;
  if (given.struct_size < first_size<Struct> || given.struct_size > most)
    fail(ErrorCode::invalid_argument, "{0}.struct_size is {1}, expected sizeof({0}), which is {2}", name,
         given.struct_size, sizeof(Struct));
  return given.struct_size;
}

/// The caller's options, of whatever version. @throws Error invalid_argument for a wrong size, and for options that
/// this version does not have and the caller has set.
template <class Options>
Options options(const Options* given, std::string_view name) {
  Options result{};
  if (given == nullptr) return result;
  const std::size_t size = size_of(*given, name);
  std::memcpy(&result, given, std::min(size, sizeof(Options)));
  for (std::size_t i = sizeof(Options); i < size; ++i)
    if (reinterpret_cast<const unsigned char*>(given)[i] != 0)
      fail(ErrorCode::invalid_argument, "{} sets an option that this version of Ranvier does not have", name);
  return result;
}

/// Fills in the caller's struct, of whatever version.
template <class Struct>
void fill(Struct& given, Struct value, std::string_view name) {
  const std::size_t size = size_of(given, name);
  value.struct_size = size;
  std::memcpy(&given, &value, std::min(size, sizeof(Struct)));
  if (size > sizeof(Struct))
    std::memset(reinterpret_cast<unsigned char*>(&given) + sizeof(Struct), 0, size - sizeof(Struct));
}

}  // namespace ranvier::c_api
