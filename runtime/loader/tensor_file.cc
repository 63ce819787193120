#include "runtime/loader/tensor_file.h"

#include <fstream>

#include "runtime/core/error.h"
#include "runtime/loader/file.h"
#include "runtime/loader/messages.h"
#include "runtime/loader/tensors.h"

namespace ranvier::loader {
namespace {

/// Whether the message could be read only because protobuf skips what it does not understand.
bool is_something_else(const onnx::TensorProto& proto) {
  constexpr int last_known_field = 14;
  for (const UnknownField& field : unknown_fields(proto.unknown_fields()))
    if (field.number <= last_known_field) return true;
  return proto.data_type() == 0;
}

/// `source` is the bytes of a file, or a File.
template <class Source>
NamedTensor read(const Source& source, const std::filesystem::path& folder) {
  onnx::TensorProto proto;
  if (!parse(proto, source) || is_something_else(proto))
    fail(ErrorCode::invalid_argument, "the file does not hold one ONNX tensor (TensorProto)");
  TensorReader reader(folder);
  try {
    return {proto.name(), reader.dense(proto)};
  } catch (const Error& error) {
    if (error.code() == ErrorCode::invalid_model) throw Error(ErrorCode::invalid_argument, error.what());
    throw;
  }
}

}  // namespace

NamedTensor load_named_tensor(const std::filesystem::path& file) {
  try {
    return read(File(file), file.has_parent_path() ? file.parent_path() : ".");
  } catch (const Error& error) {
    throw error.within(file.string());
  }
}

NamedTensor parse_tensor(std::span<const std::byte> bytes) { return read(bytes, {}); }

Tensor load_tensor(const std::filesystem::path& file) { return load_named_tensor(file).tensor; }

std::string tensor_bytes(const Tensor& tensor, std::string_view name) {
  if (!tensor.defined()) fail(ErrorCode::invalid_argument, "there is no tensor to write");
  onnx::TensorProto proto;
  proto.set_name(std::string(name));
  store(tensor, proto);
  return serialize(proto);
}

void save_tensor(const std::filesystem::path& file, const Tensor& tensor, std::string_view name) {
  const std::string bytes = tensor_bytes(tensor, name);
  std::ofstream stream(file, std::ios::binary);
  if (!stream) fail(ErrorCode::io, "{}: cannot be opened for writing", file.string());
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (stream) return;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(file, ignored)) std::filesystem::remove(file, ignored);
  fail(ErrorCode::io, "{}: cannot be written", file.string());
}

}  // namespace ranvier::loader
