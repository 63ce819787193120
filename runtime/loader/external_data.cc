#include "runtime/loader/external_data.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "runtime/core/error.h"
#include "runtime/core/fresh_tensor.h"

namespace ranvier::loader {
namespace {

namespace fs = std::filesystem;

/// The entry of that key; null where there is none.
const std::string* entry(const onnx::TensorProto& proto, std::string_view key) {
  for (const auto& pair : proto.external_data())
    if (pair.key() == key) return &pair.value();
  return nullptr;
}

std::optional<std::size_t> number(const onnx::TensorProto& proto, std::string_view key) {
  const std::string* text = entry(proto, key);
  if (text == nullptr) return std::nullopt;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || text->empty())
    fail(ErrorCode::invalid_model, "the {} of its external data is '{}', expected a number of bytes", key, *text);
  return value;
}

/// The file that `location` names, links resolved. @throws Error where it is not below `folder`.
fs::path confined(const fs::path& folder, const std::string& location) {
  const fs::path relative(location);
  if (location.empty() || location.find('\0') != std::string::npos)
    fail(ErrorCode::invalid_model, "its external data has no usable location");
  if (relative.is_absolute() || std::find(relative.begin(), relative.end(), "..") != relative.end())
    fail(ErrorCode::invalid_model, "external data '{}' must lie in the folder of the model, as a path relative to it",
         location);
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error) fail(ErrorCode::io, "the folder of the model, '{}': {}", folder.string(), error.message());
  const fs::path target = fs::canonical(root / relative, error);
  if (error) fail(ErrorCode::io, "external data '{}': {}", location, error.message());
  if (std::mismatch(root.begin(), root.end(), target.begin(), target.end()).first != root.end())
    fail(ErrorCode::invalid_model, "external data '{}' is a link that leads out of the folder of the model", location);
  return target;
}

/// Calls `function`; its errors name the file.
template <class Function>
auto about(const std::string& location, const Function& function) {
  try {
    return function();
  } catch (const Error& error) {
    throw error.within(fmt::format("external data '{}'", location));
  }
}

}  // namespace

ExternalData::Source& ExternalData::source(const std::string& location) {
  std::unique_ptr<Source>& source = sources_[location];
  if (source == nullptr) {
    const fs::path target = confined(folder_, location);
    source = about(location, [&] { return std::make_unique<Source>(target); });
  }
  return *source;
}

Tensor ExternalData::read(const onnx::TensorProto& proto, std::size_t expected) {
  const std::string* location = entry(proto, "location");
  if (location == nullptr) fail(ErrorCode::invalid_model, "its external data has no location");
  if (folder_.empty())
    fail(ErrorCode::invalid_argument, "it lies in the external file '{}', but no folder for external data was given",
         *location);
  const std::size_t offset = number(proto, "offset").value_or(0);
  const std::size_t length = number(proto, "length").value_or(expected);
  if (length != expected)
    fail(ErrorCode::invalid_model, "external data '{}' has length {}, the shape needs {} bytes", *location, length,
         expected);
  Source& from = source(*location);
  const std::size_t size = from.file.size();
  if (offset > size || length > size - offset)
    fail(ErrorCode::invalid_model, "external data '{}' has {} bytes, {} at offset {} are needed", *location, size,
         length, offset);
  Tensor& bytes = from.places[{offset, length}];
  if (bytes.defined()) return bytes;
  constexpr std::size_t most_readers = 4;  // of one byte, on the average
  if (length > most_readers * size - from.bytes_read)
    fail(ErrorCode::invalid_model, "external data '{}' has {} bytes, its tensors overlap and take {}", *location, size,
         from.bytes_read + length);
  from.bytes_read += length;
  Tensor fresh = fresh_tensor(DataType::uint8, Shape{static_cast<std::int64_t>(length)});
  about(*location, [&] { from.file.read(offset, std::as_writable_bytes(fresh.mutable_values<std::uint8_t>())); });
  return bytes = std::move(fresh);
}

}  // namespace ranvier::loader
