#include "tools/formats/json.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "runtime/core/data_type.h"
#include "tools/formats/number_text.h"

namespace ranvier::formats {
namespace {

using nlohmann::json;

/// "NaN", "Infinity" and "-Infinity", as Protocol Buffers write them too.
std::optional<double> special_number(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

/// Takes the elements of one nested list as they come, and finds its shape.
class TensorBuilder {
 public:
  void open_list() {
    if (depth_ == Shape::max_rank)
      fail(ErrorCode::invalid_argument, "a list is nested more than {} deep", Shape::max_rank);
    if (leaf_depth_ == depth_)
      fail(ErrorCode::invalid_argument, "a ragged list: a list at depth {} where an element was before", depth_);
    if (depth_ > 0) ++counts_[depth_ - 1];
    counts_[depth_++] = 0;
  }

  void close_list() {
    --depth_;
    const std::int64_t count = counts_[depth_];
    if (sizes_[depth_] < 0) sizes_[depth_] = count;
    if (sizes_[depth_] != count)
      fail(ErrorCode::invalid_argument, "a ragged list: list {} of depth {} has {} elements, those before have {}",
           closed_[depth_] + 1, depth_ + 1, count, sizes_[depth_]);
    ++closed_[depth_];
    if (count == 0) empty_depth_ = std::max(empty_depth_, depth_ + 1);
  }

  void integer(std::int64_t value) { number(static_cast<double>(value), static_cast<std::uint64_t>(value), value < 0); }
  void natural(std::uint64_t value) {
    beyond_int64_ |= value > std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    number(static_cast<double>(value), value, false);
  }
  void real(double value) {
    kind_is(Kind::number);
    whole_ = false;
    reals_.push_back(value);
    wholes_ = {};
  }
  void boolean(bool value) {
    kind_is(Kind::boolean);
    wholes_.push_back(value);
  }
  void string(std::string value) {
    const std::optional<double> special = special_number(value);
    if (special && kind_ == Kind::number) return real(*special);
    kind_is(special && kind_ != Kind::string ? Kind::special : Kind::string);
    if (special) reals_.push_back(*special);
    strings_.push_back(std::move(value));
  }

  bool complete() const { return depth_ == 0; }

  Tensor finish() const {
    Shape shape;
    const std::size_t rank = leaf_depth_.value_or(empty_depth_);
    for (std::size_t axis = 0; axis < rank; ++axis) shape.push_back(std::max<std::int64_t>(sizes_[axis], 0));
    if (kind_ == Kind::string) return Tensor::of<std::string>(shape, strings_);
    if (kind_ == Kind::boolean) {
      Tensor result(DataType::boolean, shape);
      std::copy(wholes_.begin(), wholes_.end(), result.mutable_values<bool>().begin());
      return result;
    }
    if (!whole_ || kind_ == Kind::special || (beyond_int64_ && negative_)) return Tensor::of<double>(shape, reals_);
    const DataType type = beyond_int64_ ? DataType::uint64 : DataType::int64;
    return Tensor::view(type, static_cast<const void*>(wholes_.data()), shape).copy();
  }

 private:
  enum class Kind { unknown, special, number, boolean, string };  ///< `special`: numbers or strings, "NaN" may be both.

  void number(double as_real, std::uint64_t bits_of_whole, bool negative) {
    if (kind_ == Kind::special) whole_ = false;
    kind_is(Kind::number);
    negative_ |= negative;
    reals_.push_back(as_real);
    if (whole_) wholes_.push_back(bits_of_whole);
  }

  /// A leaf of this kind comes.
  void kind_is(Kind kind) {
    if (!leaf_depth_) leaf_depth_ = depth_;
    if (*leaf_depth_ != depth_)
      fail(ErrorCode::invalid_argument, "a ragged list: an element at depth {} where those before are at depth {}",
           depth_, *leaf_depth_);
    if (kind_ == Kind::unknown || (kind_ == Kind::special && kind != Kind::boolean)) kind_ = kind;
    if (kind_ != kind) fail(ErrorCode::invalid_argument, "a list mixes numbers, strings and true or false");
    if (depth_ > 0) ++counts_[depth_ - 1];
  }

  Kind kind_ = Kind::unknown;
  bool whole_ = true;
  bool beyond_int64_ = false;
  bool negative_ = false;
  std::vector<double> reals_;
  std::vector<std::uint64_t> wholes_;  ///< Integers (their bits) as long as there are only such; booleans.
  std::vector<std::string> strings_;
  std::size_t depth_ = 0;                  ///< How many lists are open.
  std::optional<std::size_t> leaf_depth_;  ///< How many were open at the first element.
  std::size_t empty_depth_ = 0;
  std::array<std::int64_t, Shape::max_rank> counts_{};  ///< Elements so far of each open list.
  std::array<std::int64_t, Shape::max_rank> closed_{};  ///< Lists of each depth that are closed.
  std::array<std::int64_t, Shape::max_rank> sizes_ = [] {
    std::array<std::int64_t, Shape::max_rank> sizes;
    sizes.fill(-1);
    return sizes;
  }();
};

/// Hands the parser's events to the builder of the tensor they belong to.
class Events : public json::json_sax_t {
 public:
  explicit Events(const std::string& file) : file_(file) {}

  std::vector<std::pair<std::string, Tensor>> tensors;

  bool null() override { fail(ErrorCode::invalid_argument, "{}: null is no number", at()); }
  bool boolean(bool value) override {
    return leaf([&](TensorBuilder& builder) { builder.boolean(value); });
  }
  bool number_integer(std::int64_t value) override {
    return leaf([&](TensorBuilder& builder) { builder.integer(value); });
  }
  bool number_unsigned(std::uint64_t value) override {
    return leaf([&](TensorBuilder& builder) { builder.natural(value); });
  }
  bool number_float(double value, const std::string&) override {
    return leaf([&](TensorBuilder& builder) { builder.real(value); });
  }
  bool string(std::string& value) override {
    return leaf([&](TensorBuilder& builder) { builder.string(std::move(value)); });
  }
  bool binary(json::binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    if (in_object_ || in_tensor_)
      fail(ErrorCode::invalid_argument, "{}: an object stands where a list or number is expected", at());
    in_object_ = true;
    return true;
  }
  bool key(std::string& name) override {
    name_ = std::move(name);
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override {
    in_tensor_ = true;
    return guarded([&] { builder_.open_list(); });
  }
  bool end_array() override {
    guarded([&] { builder_.close_list(); });
    if (builder_.complete()) finish();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const json::exception& error) override {
    std::string_view why = error.what();  // "[json.exception.parse_error.101] parse error at ...: ..."
    why.remove_prefix(std::min(why.size(), why.find("] ") + 2));
    fail(ErrorCode::invalid_argument, "{}: not JSON, byte {}: {}", file_, position, why);
  }

 private:
  std::string at() const { return name_.empty() ? file_ : fmt::format("{}: '{}'", file_, name_); }

  template <class Function>
  bool guarded(const Function& function) const {
    try {
      function();
    } catch (const Error& error) {
      throw error.within(at());
    }
    return true;
  }

  template <class Function>
  bool leaf(const Function& function) {
    guarded([&] { function(builder_); });
    if (builder_.complete()) finish();
    return true;
  }

  void finish() {
    guarded([&] { tensors.emplace_back(name_, builder_.finish()); });
    builder_ = {};
    in_tensor_ = false;
  }

  const std::string& file_;
  std::string name_;
  TensorBuilder builder_;
  bool in_object_ = false;
  bool in_tensor_ = false;
};

/// An input iterator over a source, for the parser: the file is never held as a whole.
class Characters {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Characters() = default;
  explicit Characters(ByteSource& source) : source_(&source) { refill(); }

  reference operator*() const { return ahead_[used_]; }
  Characters& operator++() {
    if (++used_ == ahead_.size()) refill();
    return *this;
  }
  Characters operator++(int) {
    Characters before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Characters& other) const { return source_ == other.source_; }
  bool operator!=(const Characters& other) const { return source_ != other.source_; }

 private:
  void refill() {
    source_->consume(used_);
    ahead_ = source_->peek(1);
    used_ = 0;
    if (ahead_.empty()) source_ = nullptr;
  }

  ByteSource* source_ = nullptr;  ///< Null: the end.
  std::string_view ahead_;
  std::size_t used_ = 0;
};

}  // namespace

std::vector<std::pair<std::string, Tensor>> read_json(ByteSource& source) {
  Events events(source.name());
  json::sax_parse(Characters(source), Characters(), &events);
  for (std::size_t i = 0; i < events.tensors.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (events.tensors[i].first == events.tensors[j].first)
        fail(ErrorCode::invalid_argument, "{}: '{}' stands there twice", source.name(), events.tensors[i].first);
  return std::move(events.tensors);
}

void append_json_element(std::string& to, const Tensor& tensor, std::int64_t i) {
  if (tensor.type() == DataType::string) {
    to += json_string(tensor.values<std::string>()[static_cast<std::size_t>(i)]);
    return;
  }
  const std::size_t begin = to.size();
  append_element(to, tensor, i);
  const std::string_view text = std::string_view(to).substr(begin);
  const bool is_complex = tensor.type() == DataType::complex64 || tensor.type() == DataType::complex128;
  std::string replacement;
  if (is_complex) replacement = fmt::format("\"{}\"", text);
  if (text == "nan" || text == "-nan") replacement = "\"NaN\"";
  if (text == "inf") replacement = "\"Infinity\"";
  if (text == "-inf") replacement = "\"-Infinity\"";
  if (!replacement.empty()) to.replace(begin, std::string::npos, replacement);
}

void append_json_list(std::string& to, const Tensor& tensor, const Shape& shape, std::int64_t first) {
  if (shape.empty()) return append_json_element(to, tensor, first);
  Shape inner = shape;
  inner.erase(0);
  const std::int64_t step = inner.elements();
  to += '[';
  for (std::int64_t i = 0; i < shape[0]; ++i) {
    if (i > 0) to += ", ";
    append_json_list(to, tensor, inner, first + i * step);
  }
  to += ']';
}

std::string json_string(std::string_view text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ranvier::formats
