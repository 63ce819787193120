// A file that comes into being whole, or not at all.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace ranvier::formats {

/// Writing goes to a temporary file in the same folder, which commit() renames; until then nothing is seen of it, and
/// without commit(), or when a signal like SIGINT ends the process, it is removed. Standard output ("-") and what is no
/// regular file (a pipe, /dev/null) are written to at once, or from a temporary file by commit() where seeking is asked
/// for.
class OutputFile {
 public:
  enum class Access { sequential, seekable };

  /// @throws Error io.
  explicit OutputFile(const std::string& path, Access access = Access::sequential);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// How messages call it.
  const std::string& name() const { return name_; }
  /// The path of the temporary file, which may be replaced under the same path; "" where it is written at once.
  const std::string& temporary() const { return temporary_; }
  std::FILE* stream() const { return stream_; }

  /// @throws Error io.
  void write(std::string_view bytes);
  /// Hands on what was written so far, where somebody waits for it. @throws Error io.
  void flush();
  /// @throws Error io.
  void commit();

 private:
  [[noreturn]] void failed() const;
  void copy_to_target();

  std::string name_;
  std::string target_;  ///< What is renamed to or copied to; "-" for standard output.
  std::string temporary_;
  bool rename_ = false;
  std::FILE* stream_ = nullptr;
};

}  // namespace ranvier::formats
