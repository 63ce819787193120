#include "tools/formats/csv.h"

#include <algorithm>

#include "runtime/core/error.h"
#include "tools/formats/number_text.h"

namespace ranvier::formats {
namespace {

constexpr int end_of_file = -1;
/// No sample is longer; a quote that is never closed would otherwise swallow the file.
constexpr std::size_t longest_row = std::size_t{1} << 28;

bool blank(char c) { return c == ' ' || c == '\t'; }

/// The field as far as it fits into a message of one line.
std::string shortened(std::string_view field) {
  const auto fits = [](unsigned char c) { return c >= ' '; };
  const auto end = std::find_if_not(field.begin(), field.begin() + std::min<std::size_t>(field.size(), 40), fits);
  return std::string(field.begin(), end) + (end == field.end() ? "" : "...");
}

}  // namespace

CsvRows::CsvRows(ByteSource source) : source_(std::move(source)) {
  if (source_.peek(3).starts_with("\xef\xbb\xbf")) source_.consume(3);
}

int CsvRows::peek() {
  if (used_ == ahead_.size()) {
    source_.consume(used_);
    ahead_ = source_.peek(1);
    used_ = 0;
    if (ahead_.empty()) return end_of_file;
  }
  return static_cast<unsigned char>(ahead_[used_]);
}

void CsvRows::take() { ++used_; }

void CsvRows::read_field(bool& last) {
  std::string& field = fields_.emplace_back();
  while (peek() == ' ' || peek() == '\t') take();
  const bool quoted = peek() == '"';
  if (quoted) take();
  std::size_t kept = 0;  // what lies within the quotes keeps its blanks
  for (bool inside = quoted;; take()) {
    const int c = peek();
    if (c == end_of_file && inside)
      fail(ErrorCode::invalid_argument, "{}: line {}: a quoted field is not closed", source_.name(), row_line_);
    if (!inside && (c == ',' || c == '\n' || c == end_of_file)) {
      last = c != ',';
      if (c != end_of_file) take();
      if (c == '\n') ++line_;
      break;
    }
    if (c == '\n') ++line_;
    if (c == '"' && quoted) {
      const bool doubled = !inside && kept == field.size();  // "" within quotes: the first seemed to close the field
      inside = !inside;
      if (doubled) field += '"';
      kept = field.size();
    } else {
      field += static_cast<char>(c);
    }
    if (field.size() > longest_row)
      fail(ErrorCode::invalid_argument, "{}: line {}: the row is longer than {} bytes", source_.name(), row_line_,
           longest_row);
  }
  if (field.size() > kept && field.back() == '\r') field.pop_back();
  while (field.size() > kept && blank(field.back())) field.pop_back();
}

bool CsvRows::next_record() {
  fields_.clear();
  if (peek() == end_of_file) return false;
  row_line_ = line_;
  for (bool last = false; !last;) read_field(last);
  return true;
}

bool CsvRows::next() {
  std::int64_t blank_line = 0;
  while (next_record()) {
    if (fields_.size() > 1 || !fields_[0].empty()) {
      if (blank_line == 0) return true;
      fail(ErrorCode::invalid_argument, "{}: line {} is empty, and rows follow it", source_.name(), blank_line);
    }
    if (blank_line == 0) blank_line = row_line_;
  }
  return false;
}

namespace {

class CsvReader : public Reader {
 public:
  CsvReader(ByteSource source, const PortInfo& port, CsvHeader header) : rows_(std::move(source)), port_(port) {
    if (port_.type != DataType::string && !convertible(port_.type, DataType::float32))
      fail(ErrorCode::invalid_argument, "{}: input '{}': csv cannot hold elements of type {}", file(), port_.name,
           name(port_.type));
    if (port_.ranked && port_.dimensions.empty())
      fail(ErrorCode::invalid_argument, "{}: input '{}' has no dimensions, csv has rows and columns", file(),
           port_.name);
    pending_ = rows_.next();
    if (!pending_) fail(ErrorCode::invalid_argument, "{}: holds no rows", file());
    row_shape_ = shape_of_row(static_cast<std::int64_t>(rows_.fields().size()));
    if (is_header(header)) {
      check_columns();
      pending_ = rows_.next();
      if (!pending_) fail(ErrorCode::invalid_argument, "{}: holds a header, but no rows", file());
    }
  }

  Tensor next(std::int64_t count) override {
    const auto columns = row_shape_.elements();
    std::string bytes;                 // number types
    std::vector<std::string> strings;  // string
    const std::size_t element_bytes = bits(port_.type) / 8;
    std::int64_t done = 0;
    for (; pending_ && done != count; pending_ = rows_.next(), ++done) {
      ++row_;
      check_columns();
      if (port_.type == DataType::string) {
        strings.insert(strings.end(), rows_.fields().begin(), rows_.fields().end());
      } else {
        bytes.resize(bytes.size() + static_cast<std::size_t>(columns) * element_bytes);
        store_row(bytes.data() + bytes.size() - static_cast<std::size_t>(columns) * element_bytes);
      }
    }
    Shape shape = row_shape_;
    shape.insert(0, done);
    if (port_.type == DataType::string) return Tensor::of<std::string>(shape, strings);
    return Tensor::view(port_.type, static_cast<const void*>(bytes.data()), shape).copy();
  }

  std::optional<std::int64_t> rows() const override { return std::nullopt; }

  std::optional<double> progress() const override {
    const ByteSource& source = rows_.source();
    if (!source.size() || *source.size() == 0) return std::nullopt;
    return static_cast<double>(source.position()) / static_cast<double>(*source.size());
  }

 private:
  const std::string& file() const { return rows_.source().name(); }
  std::string here() const { return fmt::format("{}: line {} (row {})", file(), rows_.line(), row_); }

  /// The dimensions after the first.
  Shape shape_of_row(std::int64_t columns) const {
    Shape shape;
    if (!port_.ranked) return Shape{columns};
    std::size_t unknown = Shape::max_rank;
    for (std::size_t axis = 1; axis < port_.dimensions.size(); ++axis) {
      const std::int64_t size = port_.dimensions[axis].size;
      if (size < 0 && unknown != Shape::max_rank)
        fail(ErrorCode::invalid_argument,
             "{}: input '{}' has shape {}: with more than one unknown dimension after the first, the columns of csv do "
             "not tell its shape; use .npy or .json",
             file(), port_.name, shape_text(port_));
      if (size < 0) unknown = axis - 1;
      shape.push_back(size < 0 ? 1 : size);
    }
    if (unknown == Shape::max_rank) return shape;
    const std::int64_t others = shape.elements();
    if (others == 0 || columns % others != 0)
      fail(ErrorCode::invalid_argument, "{}: expected a multiple of {} columns for input '{}' of shape {}, got {}",
           file(), others, port_.name, shape_text(port_), columns);
    shape[unknown] = columns / others;
    return shape;
  }

  bool is_header(CsvHeader header) const {
    if (header != CsvHeader::detect) return header == CsvHeader::yes;
    return port_.type != DataType::string && std::none_of(rows_.fields().begin(), rows_.fields().end(),
                                                          [](const auto& field) { return parse_number(field); });
  }

  void check_columns() const {
    const auto columns = static_cast<std::int64_t>(rows_.fields().size());
    if (columns == row_shape_.elements()) return;
    const bool other_separator = columns == 1 && rows_.fields()[0].find_first_of(";\t") != std::string::npos;
    fail(ErrorCode::invalid_argument, "{}: expected {} columns for input '{}' of shape {}, got {}{}",
         row_ == 0 ? fmt::format("{}: line {} (header)", file(), rows_.line()) : here(), row_shape_.elements(),
         port_.name, shape_text(port_), columns, other_separator ? " (a comma is what separates columns)" : "");
  }

  void store_row(void* to) const {
    const auto& fields = rows_.fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const Stored stored = store_text(fields[i], port_.type, to, static_cast<std::int64_t>(i));
      if (stored == Stored::not_a_number)
        fail(ErrorCode::invalid_argument, "{}, column {}: expected a number, got '{}'", here(), i + 1,
             shortened(fields[i]));
      if (stored == Stored::does_not_fit)
        fail(ErrorCode::invalid_argument, "{}, column {}: {} does not fit type {}", here(), i + 1, shortened(fields[i]),
             name(port_.type));
    }
  }

  CsvRows rows_;
  PortInfo port_;
  Shape row_shape_;
  bool pending_ = false;  ///< rows_ holds a row that has not been handed out.
  std::int64_t row_ = 0;  ///< The number of the last row looked at, from 1; 0 before the first.
};

}  // namespace

std::unique_ptr<Reader> read_csv(ByteSource source, const PortInfo& port, CsvHeader header) {
  return std::make_unique<CsvReader>(std::move(source), port, header);
}

std::string csv_field(std::string_view text) {
  const bool plain = text.find_first_of(",\"\r\n") == std::string_view::npos &&
                     (text.empty() || (!blank(text.front()) && !blank(text.back())));
  if (plain) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace ranvier::formats
