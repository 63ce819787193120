// NumPy's .npz: a zip archive of .npy files.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tools/formats/byte_source.h"
#include "tools/formats/npy.h"
#include "tools/formats/output_file.h"

namespace ranvier::formats {

/// The arrays of an archive by name (without ".npy"), in its order. `path` is where `source` reads from, "-" for
/// standard input, which is read into memory. @throws Error io, invalid_argument where it is no archive of arrays.
std::vector<std::pair<std::string, ByteSource>> npz_members(ByteSource source, const std::string& path);

/// Writes several arrays, each in as many pieces as one likes; the archive comes into being at the end.
class NpzWriter {
 public:
  /// `file` has to be seekable.
  NpzWriter(OutputFile& file, std::span<const std::string> names);
  NpzWriter(const NpzWriter&) = delete;
  NpzWriter& operator=(const NpzWriter&) = delete;
  ~NpzWriter();

  /// @throws Error as NpyWriter::write.
  void write(std::size_t member, const Tensor& rows) { members_[member].writer.write(rows); }
  void finish();

 private:
  struct Member {
    std::string name;
    std::FILE* spool;  ///< A temporary file without a name.
    NpyWriter writer;
  };
  OutputFile& file_;
  std::vector<Member> members_;
};

}  // namespace ranvier::formats
