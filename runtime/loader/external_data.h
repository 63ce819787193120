// Elements of tensors that lie in files beside the model.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "ranvier/tensor.h"
#include "runtime/loader/file.h"
#include "runtime/loader/messages.h"

namespace ranvier::loader {

/// The external files of one model. They have to lie in its folder or below: absolute locations, "..", links that lead
/// out and anything but regular files are refused. The key "checksum" is not verified.
class ExternalData {
 public:
  /// An empty folder refuses all external data.
  explicit ExternalData(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The bytes that `proto` refers to, which must be `expected` in number, as uint8; those of the same place once.
  /// @throws Error invalid_model for a location, offset or length that is not allowed, or where tensors overlap so much
  /// that they are larger than their file by far; io for the file itself; out_of_memory.
  Tensor read(const onnx::TensorProto& proto, std::size_t expected);

 private:
  struct Source {
    explicit Source(const std::filesystem::path& path) : file(path) {}
    File file;
    std::size_t bytes_read = 0;
    std::map<std::pair<std::size_t, std::size_t>, Tensor> places = {};  ///< By offset and length.
  };
  Source& source(const std::string& location);

  std::filesystem::path folder_;
  std::map<std::string, std::unique_ptr<Source>> sources_;
};

}  // namespace ranvier::loader
