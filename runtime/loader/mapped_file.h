// A file as memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace ranvier::loader {

/// A regular file mapped read-only for as long as this lives. Whoever shortens the file meanwhile makes reading it fail
/// with SIGBUS, as with every mapped file.
class MappedFile {
 public:
  /// @throws Error io, without the path, where there is no such file, or it is a folder or a device.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ranvier::loader
