// Where the bytes of an input come from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ranvier::formats {

/// A stream of bytes with a name for messages: a file, standard input, a member of an archive. Reads ahead, so that
/// the first bytes can be looked at before they are read.
class ByteSource {
 public:
  /// Fills as much of a buffer as it can; 0 only at the end. @throws Error io.
  using Fill = std::function<std::size_t(std::span<char>)>;

  ByteSource(std::string name, Fill fill, std::optional<std::uint64_t> size = std::nullopt)
      : name_(std::move(name)), fill_(std::move(fill)), size_(size) {}

  /// Opens a file, or standard input for "-". @throws Error io.
  static ByteSource open(const std::string& path);
  /// The bytes of a string.
  static ByteSource memory(std::string name, std::string bytes);

  const std::string& name() const { return name_; }
  /// The number of bytes in all, where that is known beforehand.
  std::optional<std::uint64_t> size() const { return size_; }
  /// How many bytes have been consumed.
  std::uint64_t position() const { return position_; }

  /// At least `count` bytes that come next, fewer only at the end. They stay unread and valid until the next call.
  std::string_view peek(std::size_t count);
  /// Drops the first `count` bytes of what peek() showed.
  void consume(std::size_t count);
  /// Fills `to`, less at the end; returns how many bytes that were.
  std::size_t read(std::span<char> to);
  /// The next `count` bytes, fewer at the end. Grows with what there is, whatever `count` claims.
  std::string read_string(std::uint64_t count);
  /// All the rest.
  std::string read_all() { return read_string(UINT64_MAX); }

 private:
  std::string name_;
  Fill fill_;
  std::optional<std::uint64_t> size_;
  std::uint64_t position_ = 0;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< The first unread byte of buffer_.
};

}  // namespace ranvier::formats
