#include "tools/formats/npy_header.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "runtime/core/error.h"
#include "tools/formats/npy.h"

namespace ranvier::formats {
namespace {

/// No array that numpy writes needs more, structured types aside.
constexpr std::size_t longest_header = 1 << 16;

struct NpyType {
  DataType type;
  char kind;
  std::size_t bytes;
};

constexpr NpyType npy_types[] = {
    {DataType::float16, 'f', 2},   {DataType::float32, 'f', 4},     {DataType::float64, 'f', 8},
    {DataType::int8, 'i', 1},      {DataType::int16, 'i', 2},       {DataType::int32, 'i', 4},
    {DataType::int64, 'i', 8},     {DataType::uint8, 'u', 1},       {DataType::uint16, 'u', 2},
    {DataType::uint32, 'u', 4},    {DataType::uint64, 'u', 8},      {DataType::boolean, 'b', 1},
    {DataType::complex64, 'c', 8}, {DataType::complex128, 'c', 16},
};

/// Reads the Python dictionary that the header is.
class HeaderText {
 public:
  HeaderText(std::string text, const std::string& file) : text_(std::move(text)), file_(file) {}

  NpyHeader parse() {
    NpyHeader header;
    bool descr = false;
    bool order = false;
    bool shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr") {
        read_type(header);
        descr = true;
      } else if (key == "fortran_order") {
        header.fortran_order = boolean();
        order = true;
      } else if (key == "shape") {
        header.shape = read_shape();
        shape = true;
      } else {
        fail(ErrorCode::invalid_argument, "{}: not a valid .npy header: unknown key '{}'", file_, key);
      }
      if (!accept(',') && peek() != '}') malformed();
    }
    if (!descr || !order || !shape) malformed();
    return header;
  }

 private:
  [[noreturn]] void malformed() const {
    fail(ErrorCode::invalid_argument, "{}: not a valid .npy header at character {}", file_, at_);
  }

  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) malformed();
  }
  std::string quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') malformed();
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string::npos) malformed();
    std::string result = text_.substr(at_ + 1, end - at_ - 1);
    if (std::any_of(result.begin(), result.end(), [](unsigned char c) { return c < ' '; })) malformed();
    at_ = end + 1;
    return result;
  }
  bool boolean() {
    peek();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!std::string_view(text_).substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return value;
    }
    malformed();
  }
  std::int64_t integer() {
    peek();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc() || value < 0) malformed();
    at_ = static_cast<std::size_t>(end - text_.data());
    accept('L');  // Python 2 wrote long integers so
    return value;
  }

  Shape read_shape() {
    Shape shape;
    expect('(');
    while (!accept(')')) {
      if (shape.rank() == Shape::max_rank)
        fail(ErrorCode::invalid_argument, "{}: the array has more than {} dimensions", file_, Shape::max_rank);
      shape.push_back(integer());
      if (!accept(',') && peek() != ')') malformed();
    }
    return shape;
  }

  void read_type(NpyHeader& header) {
    if (peek() == '[') fail(ErrorCode::invalid_argument, "{}: structured arrays are not supported", file_);
    const std::string descr = quoted();
    const auto refuse = [&] {
      fail(ErrorCode::invalid_argument, "{}: elements of numpy's type '{}' are not supported", file_, descr);
    };
    if (descr.size() < 3) refuse();
    const char order = descr[0];
    const char kind = descr[1];
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(descr.data() + 2, descr.data() + descr.size(), size);
    if (error != std::errc() || end != descr.data() + descr.size() || size == 0 || size > longest_header) refuse();
    if (order != '<' && order != '>' && order != '|' && order != '=') refuse();
    const bool little = std::endian::native == std::endian::little;
    header.swap = (order == '<' && !little) || (order == '>' && little);
    header.item_bytes = size;
    if (kind == 'S' || kind == 'U') {
      header.type = DataType::string;
      header.text = kind == 'S' ? NpyHeader::Text::bytes : NpyHeader::Text::utf32;
      header.item_bytes = kind == 'S' ? size : 4 * size;
      return;
    }
    for (const NpyType& row : npy_types)
      if (row.kind == kind && row.bytes == size) header.type = row.type;
    if (header.type == DataType::undefined) refuse();
  }

  std::string text_;
  const std::string& file_;
  std::size_t at_ = 0;
};

}  // namespace

NpyHeader read_npy_header(ByteSource& source) {
  const std::string start = source.read_string(8);
  if (start.size() < 8 || !start.starts_with("\x93NUMPY"))
    fail(ErrorCode::invalid_argument, "{}: not a .npy file: it does not begin with \\x93NUMPY", source.name());
  const int version = static_cast<unsigned char>(start[6]);
  if (version < 1 || version > 3)
    fail(ErrorCode::invalid_argument, "{}: .npy version {} is not supported, 1 to 3 are", source.name(), version);
  const std::string length_bytes = source.read_string(version == 1 ? 2 : 4);
  std::size_t length = 0;
  for (std::size_t i = length_bytes.size(); i-- > 0;)
    length = length << 8 | static_cast<unsigned char>(length_bytes[i]);
  if (length > longest_header)
    fail(ErrorCode::invalid_argument, "{}: not a valid .npy header: {} bytes long", source.name(), length);
  std::string text = source.read_string(length);
  if (text.size() != length)
    fail(ErrorCode::invalid_argument, "{}: ends within the .npy header: expected {} bytes, got {}", source.name(),
         length, text.size());
  return HeaderText(std::move(text), source.name()).parse();
}

bool has_npy_type(DataType type) {
  if (type == DataType::string || type == DataType::bfloat16) return true;
  for (const NpyType& row : npy_types)
    if (row.type == type) return true;
  return false;
}

std::string npy_header(DataType type, std::size_t characters, const Shape& shape) {
  const char order = std::endian::native == std::endian::little ? '<' : '>';
  std::string descr = fmt::format("{}U{}", order, characters);
  for (const NpyType& row : npy_types)
    if (row.type == type) descr = fmt::format("{}{}{}", row.bytes == 1 ? '|' : order, row.kind, row.bytes);
  std::string dims;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) dims += std::to_string(shape[axis]) + ", ";
  if (shape.rank() > 1) dims.resize(dims.size() - 2);
  if (shape.rank() == 1) dims.pop_back();
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, dims);
  // Room for any first dimension; magic, version and length are 10 bytes, and the whole a multiple of 64.
  const std::size_t most = 10 + 64 + 22 * shape.rank();
  text.resize((most + 63) / 64 * 64 - 11, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

}  // namespace ranvier::formats
