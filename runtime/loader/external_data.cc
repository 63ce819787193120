#include "runtime/loader/external_data.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "runtime/core/error.h"

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

}  // namespace

std::shared_ptr<const MappedFile> ExternalData::file(const std::string& location) {
  std::shared_ptr<const MappedFile>& mapped = files_[location];
  if (mapped) return mapped;
  const fs::path target = confined(folder_, location);
  try {
    mapped = std::make_shared<const MappedFile>(target);
  } catch (const Error& error) {
    throw error.within(fmt::format("external data '{}'", location));
  }
  return mapped;
}

ExternalBytes ExternalData::read(const onnx::TensorProto& proto, std::size_t expected) {
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
  const std::shared_ptr<const MappedFile> mapped = file(*location);
  const std::size_t size = mapped->bytes().size();
  if (offset > size || length > size - offset)
    fail(ErrorCode::invalid_model, "external data '{}' has {} bytes, {} at offset {} are needed", *location, size,
         length, offset);
  return {mapped->bytes().subspan(offset, length), mapped};
}

}  // namespace ranvier::loader
