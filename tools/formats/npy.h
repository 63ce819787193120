// NumPy's .npy: a header and the elements. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/formats/byte_source.h"
#include "tools/formats/output_file.h"
#include "tools/formats/reader.h"

namespace ranvier::formats {

/// What the header says.
struct NpyHeader {
  enum class Text { none, bytes, utf32 };  ///< numpy's S and U.

  DataType type = DataType::undefined;  ///< string for S and U.
  Text text = Text::none;
  std::size_t item_bytes = 0;  ///< The size of one element in the file.
  bool swap = false;           ///< The bytes of each element are in the other order than this machine's.
  bool fortran_order = false;
  Shape shape;
};

/// Reads the header (version 1, 2 or 3). @throws Error invalid_argument that says what is wrong or not understood.
NpyHeader read_npy_header(ByteSource& source);

/// Reads an array for an input: converted to its type, its rows streamed where it is in C order.
/// @throws Error invalid_argument, also later from next().
std::unique_ptr<Reader> read_npy(ByteSource source, const PortInfo& port);

/// Whether .npy can hold a type; bfloat16 is written as float.
bool has_npy_type(DataType type);

/// Writes an array, its rows in as many pieces as one likes.
class NpyWriter {
 public:
  /// `file` has to be seekable and outlive the writer; `name` is for messages.
  NpyWriter(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}

  /// Appends rows; all but the first dimension have to stay the same, and rank 0 comes alone.
  /// @throws Error io, unsupported for a type that .npy does not have.
  void write(const Tensor& rows);
  /// Completes the header, and leaves the file at its end. @throws Error io.
  void finish();

 private:
  void put(std::string_view bytes);
  void put_strings();

  std::FILE* file_;
  std::string name_;
  Tensor first_;  ///< The first piece: type and shape; undefined before.
  std::int64_t rows_ = 0;
  std::vector<Tensor> strings_;  ///< Their longest is known only at the end.
};

}  // namespace ranvier::formats
