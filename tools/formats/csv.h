// Comma-separated values: one row a sample.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/formats/byte_source.h"
#include "tools/formats/reader.h"

namespace ranvier::formats {

/// Whether the first row names the columns. `detect`: it does where none of its fields is a number.
enum class CsvHeader { detect, yes, no };

/// Takes a file apart into rows of fields, as RFC 4180 has them: fields may be quoted, quotes inside doubled, line
/// breaks inside quotes; lines end in LF or CRLF; a byte order mark is dropped. Blanks around a field are too.
class CsvRows {
 public:
  explicit CsvRows(ByteSource source);

  /// Reads the next row into fields(); false at the end. Blank lines at the end are no rows. @throws Error
  /// invalid_argument for a quote that is not closed and for a blank line between rows.
  bool next();
  const std::vector<std::string>& fields() const { return fields_; }
  /// The line of the file, from 1, on which the row begins.
  std::int64_t line() const { return row_line_; }
  const ByteSource& source() const { return source_; }

 private:
  bool next_record();
  void read_field(bool& last);
  int peek();
  void take();

  ByteSource source_;
  std::string_view ahead_;
  std::size_t used_ = 0;
  std::vector<std::string> fields_;
  std::int64_t line_ = 1;
  std::int64_t row_line_ = 1;
};

/// Reads rows for an input: its first dimension is the rows, and a row holds the elements of all others. Where one of
/// those is unknown, the number of columns tells it. @throws Error invalid_argument, also later from next(), with the
/// line, row and column that is wrong.
std::unique_ptr<Reader> read_csv(ByteSource source, const PortInfo& port, CsvHeader header = CsvHeader::detect);

/// A field as it has to be written: quoted where it holds a comma, a quote, a line break or blanks at an end.
std::string csv_field(std::string_view text);

}  // namespace ranvier::formats
