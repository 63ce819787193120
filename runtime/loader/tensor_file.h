// Single tensors in files of their own: the .pb files of ONNX' test data.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "ranvier/tensor.h"

namespace ranvier::loader {

/// A tensor and the name that its file gives it, which may be empty.
struct NamedTensor {
  std::string name;
  Tensor tensor;
};

/// Reads a file that holds one TensorProto. Nothing in such a file says that it is one: where a model declares a value
/// to be a sequence, map or optional (graph::Value::kind), its files hold something else.
/// @throws Error io, invalid_argument where the file is no TensorProto or contradicts itself; the file comes first.
NamedTensor load_named_tensor(const std::filesystem::path& file);
Tensor load_tensor(const std::filesystem::path& file);

/// The same from the bytes of such a file; external data is refused. @throws Error as above, without a file.
NamedTensor parse_tensor(std::span<const std::byte> bytes);

/// The bytes of such a file. @throws Error invalid_argument for an undefined tensor, unsupported beyond 2 GiB.
std::string tensor_bytes(const Tensor& tensor, std::string_view name = "");

/// Writes such a file; where that fails none is left. @throws Error io, and as tensor_bytes does.
void save_tensor(const std::filesystem::path& file, const Tensor& tensor, std::string_view name = "");

}  // namespace ranvier::loader
