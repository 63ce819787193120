// A file that is read, and never mapped: whoever overwrites or shortens a mapped one ends the process that reads it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace ranvier::loader {

/// A regular file, open for reading.
class File {
 public:
  /// @throws Error io, without the path, where there is no such file, or it is a folder or a device.
  explicit File(const std::filesystem::path& path);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  /// In bytes, when it was opened.
  std::size_t size() const { return size_; }
  /// Of the operating system; whoever reads through it moves it.
  int descriptor() const { return descriptor_; }
  /// Fills `to` with the bytes from `offset` on. Safe for many threads.
  /// @throws Error io, without the path, where they cannot be read, or the file has become shorter.
  void read(std::size_t offset, std::span<std::byte> to) const;

 private:
  int descriptor_ = -1;
  std::size_t size_ = 0;
};

}  // namespace ranvier::loader
