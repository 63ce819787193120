#include "tools/formats/npy.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>

#include "runtime/core/data_type.h"
#include "runtime/core/shape.h"
#include "runtime/executor/machine.h"
#include "tools/formats/convert.h"
#include "tools/formats/npy_header.h"

namespace ranvier::formats {
namespace {

void swap_bytes(char* data, std::size_t bytes, std::size_t unit) {
  for (std::size_t i = 0; i < bytes; i += unit) std::reverse(data + i, data + i + unit);
}

/// The part of an element whose bytes have an order: half of a complex number, one character of U.
std::size_t swap_unit(const NpyHeader& header) {
  if (header.text == NpyHeader::Text::utf32) return 4;
  const bool is_complex = header.type == DataType::complex64 || header.type == DataType::complex128;
  return is_complex ? header.item_bytes / 2 : header.item_bytes;
}

void append_utf8(std::string& to, std::uint32_t c) {
  if (c < 0x80) {
    to += static_cast<char>(c);
  } else if (c < 0x800) {
    to += {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
  } else if (c < 0x10000) {
    to += {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
           static_cast<char>(0x80 | (c & 0x3f))};
  } else {
    to += {static_cast<char>(0xf0 | (c >> 18 & 7)), static_cast<char>(0x80 | (c >> 12 & 0x3f)),
           static_cast<char>(0x80 | (c >> 6 & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
  }
}

std::string text_of(const char* item, const NpyHeader& header) {
  std::string text;
  if (header.text == NpyHeader::Text::bytes) {
    text.assign(item, header.item_bytes);
  } else {
    for (std::size_t i = 0; i < header.item_bytes; i += 4) {
      std::uint32_t c = 0;
      std::memcpy(&c, item + i, 4);
      append_utf8(text, c);
    }
  }
  text.erase(text.find_last_not_of('\0') + 1);  // numpy pads with zeros
  return text;
}

/// UTF-8 as the 4-byte characters of U; bytes that are not UTF-8 stand for themselves.
std::u32string utf32_of(std::string_view text) {
  std::u32string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (i + length > text.size()) length = 1;
    char32_t c = length == 1 ? lead : lead & (0x7f >> length);
    for (std::size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
    result += c;
    i += length;
  }
  return result;
}

/// Makes a tensor of `shape` of the elements as they stand in the file; swaps in place.
Tensor decoded(char* items, std::size_t bytes, const Shape& shape, const NpyHeader& header) {
  if (header.swap) swap_bytes(items, bytes, swap_unit(header));
  Tensor tensor(header.type, shape);
  if (header.type == DataType::string) {
    auto strings = tensor.mutable_values<std::string>();
    for (std::size_t i = 0; i < strings.size(); ++i) strings[i] = text_of(items + i * header.item_bytes, header);
  } else if (header.type == DataType::boolean) {
    std::transform(items, items + bytes, tensor.mutable_values<bool>().begin(), [](char c) { return c != 0; });
  } else if (bytes > 0) {
    std::memcpy(tensor.mutable_data(), items, bytes);
  }
  return tensor;
}

/// Reorders items that lie first dimension fastest.
std::string in_c_order(const std::string& items, const NpyHeader& header) {
  const std::size_t rank = header.shape.rank();
  Shape strides = header.shape;  // in the file
  std::int64_t stride = 1;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    strides[axis] = stride;
    stride *= header.shape[axis];
  }
  std::string result(items.size(), '\0');
  Shape index = Shape::filled(rank, 0);
  const std::int64_t count = header.shape.elements();
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t from = 0;
    for (std::size_t axis = 0; axis < rank; ++axis) from += index[axis] * strides[axis];
    std::memcpy(result.data() + static_cast<std::size_t>(i) * header.item_bytes,
                items.data() + static_cast<std::size_t>(from) * header.item_bytes, header.item_bytes);
    for (std::size_t axis = rank; axis-- > 0 && ++index[axis] == header.shape[axis];) index[axis] = 0;
  }
  return result;
}

class NpyReader : public Reader {
 public:
  NpyReader(ByteSource source, const PortInfo& port) : source_(std::move(source)), port_(port) {
    header_ = read_npy_header(source_);
    within([&] {
      check_shape(port_, header_.shape);
      if (!convertible(header_.type, port_.type))
        fail(ErrorCode::invalid_argument, "input '{}': expected elements of type {}, got {}", port_.name,
             name(port_.type), name(header_.type));
      check_size();
    });
    if (header_.fortran_order && header_.shape.rank() > 1) whole_ = read_tensor(read_fortran_order());
  }

  Tensor next(std::int64_t count) override {
    if (whole_) return whole_->next(count);
    if (header_.shape.empty()) return take(header_.shape);
    const std::int64_t left = header_.shape[0] - done_;
    Shape shape = header_.shape;
    shape[0] = count == all ? left : std::min(count, left);
    Tensor tensor = take(shape);
    done_ += shape[0];
    return tensor;
  }

  std::optional<std::int64_t> rows() const override {
    if (header_.shape.empty()) return std::nullopt;
    return header_.shape[0];
  }

  std::optional<double> progress() const override {
    if (whole_) return whole_->progress();
    if (header_.shape.empty() || header_.shape[0] == 0) return std::nullopt;
    return static_cast<double>(done_) / static_cast<double>(header_.shape[0]);
  }

 private:
  template <class Function>
  void within(const Function& function) const {
    try {
      function();
    } catch (const Error& error) {
      throw error.within(source_.name());
    }
  }

  /// The bytes of elements of a shape, checked for overflow.
  std::uint64_t bytes_of(const Shape& shape) const {
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(static_cast<std::uint64_t>(shape.elements()), header_.item_bytes, &bytes))
      fail(ErrorCode::invalid_argument, "shape {} has more elements than memory can hold", to_string(shape));
    return bytes;
  }

  void check_size() const {
    const std::uint64_t expected = bytes_of(header_.shape);
    if (!source_.size()) return;
    const std::uint64_t left = *source_.size() - std::min(*source_.size(), source_.position());
    if (left < expected)
      fail(ErrorCode::invalid_argument, "expected {} bytes of elements for shape {}, got {}", expected,
           to_string(header_.shape), left);
  }

  /// Reads the items of a shape. What the header claims was checked against the size of a file; from a pipe, memory
  /// grows only with what comes. An archive may hold more than fits.
  std::string items(const Shape& shape) {
    static const std::size_t memory = executor::available_memory();
    const std::uint64_t expected = bytes_of(shape);
    const std::int64_t last = shape.empty() ? 0 : done_ + shape[0];
    if (expected > memory)
      fail(ErrorCode::out_of_memory, "{}: rows {} to {} take {} bytes, the machine has {}", source_.name(), done_, last,
           expected, memory);
    std::string bytes = source_.read_string(expected);
    if (source_.size() && (shape.empty() || last == header_.shape[0])) source_.peek(1);  // an archive checks at the end
    if (bytes.size() != expected)
      fail(ErrorCode::invalid_argument, "{}: ends early: expected {} bytes for rows {} to {}, got {}", source_.name(),
           expected, done_, last, bytes.size());
    return bytes;
  }

  Tensor take(const Shape& shape) {
    std::string bytes = items(shape);
    return tensor_of(bytes, shape);
  }

  Tensor read_fortran_order() {
    std::string bytes = in_c_order(items(header_.shape), header_);
    return tensor_of(bytes, header_.shape);
  }

  Tensor tensor_of(std::string& bytes, const Shape& shape) const {
    Tensor tensor;
    within([&] { tensor = fitted(port_, decoded(bytes.data(), bytes.size(), shape, header_)); });
    return tensor;
  }

  ByteSource source_;
  PortInfo port_;
  NpyHeader header_;
  std::unique_ptr<Reader> whole_;  ///< Fortran order has no rows one after the other: all is read at once.
  std::int64_t done_ = 0;
};

}  // namespace

std::unique_ptr<Reader> read_npy(ByteSource source, const PortInfo& port) {
  return std::make_unique<NpyReader>(std::move(source), port);
}

void NpyWriter::put(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
    fail(ErrorCode::io, "{}: cannot be written: {}", name_, std::strerror(errno));
}

void NpyWriter::write(const Tensor& given) {
  if (!has_npy_type(given.type()))
    fail(ErrorCode::unsupported, "{}: .npy cannot hold elements of type {}; .pb can", name_, name(given.type()));
  const Tensor rows = given.type() == DataType::bfloat16 ? converted(given, DataType::float32) : given;
  if (!first_.defined()) {
    first_ = rows;
    if (rows.type() != DataType::string) put(npy_header(rows.type(), 0, rows.shape()));  // its size is what counts
  }
  rows_ += rows.shape().empty() ? 0 : rows.shape()[0];
  if (rows.type() == DataType::string) {
    strings_.push_back(rows);
  } else {
    put({static_cast<const char*>(rows.data()), rows.bytes()});
  }
}

void NpyWriter::put_strings() {
  std::vector<std::u32string> texts;
  std::size_t longest = 1;
  for (const Tensor& piece : strings_)
    for (const std::string& text : piece.values<std::string>())
      longest = std::max(longest, texts.emplace_back(utf32_of(text)).size());
  Shape shape = first_.shape();
  if (!shape.empty()) shape[0] = rows_;
  put(npy_header(DataType::string, longest, shape));
  for (std::u32string& text : texts) {
    text.resize(longest);
    put({reinterpret_cast<const char*>(text.data()), longest * sizeof(char32_t)});
  }
}

void NpyWriter::finish() {
  if (first_.type() == DataType::string) return put_strings();
  Shape shape = first_.shape();
  if (!shape.empty()) shape[0] = rows_;
  if (std::fseek(file_, 0, SEEK_SET) != 0)
    fail(ErrorCode::io, "{}: cannot be written: {}", name_, std::strerror(errno));
  put(npy_header(first_.type(), 0, shape));
  if (std::fseek(file_, 0, SEEK_END) != 0)
    fail(ErrorCode::io, "{}: cannot be written: {}", name_, std::strerror(errno));
}

}  // namespace ranvier::formats
