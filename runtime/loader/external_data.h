// Elements of tensors that lie in files beside the model.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "runtime/loader/mapped_file.h"
#include "runtime/loader/messages.h"

namespace ranvier::loader {

/// The bytes of one tensor, and what keeps them mapped.
struct ExternalBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const MappedFile> file;
};

/// The external files of one model. They have to lie in its folder or below: absolute locations, "..", links that lead
/// out and anything but regular files are refused. Each file is mapped once. The key "checksum" is not verified.
class ExternalData {
 public:
  /// An empty folder refuses all external data.
  explicit ExternalData(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The bytes that `proto` refers to, which must be `expected` in number.
  /// @throws Error invalid_model for a location, offset or length that is not allowed; io for the file itself.
  ExternalBytes read(const onnx::TensorProto& proto, std::size_t expected);

 private:
  std::shared_ptr<const MappedFile> file(const std::string& location);

  std::filesystem::path folder_;
  std::map<std::string, std::shared_ptr<const MappedFile>> files_;
};

}  // namespace ranvier::loader
