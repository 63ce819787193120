#include "tools/formats/number_text.h"

#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

#include "runtime/core/data_type.h"

namespace ranvier::formats {
namespace {

using TextTypes = Joined<Joined<NumericTypes, BoolType>, Types<std::complex<float>, std::complex<double>, std::string>>;

template <class T>
bool parse_all(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

/// from_chars leaves the value alone where it is out of range; strtod's answer, infinity or zero, is what we want.
bool parse_real(std::string_view text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return false;
  if (error == std::errc::result_out_of_range) {
    value = std::strtod(std::string(text).c_str(), nullptr);
    return std::isfinite(value);  // too small is fine, too large is no number of ours
  }
  return error == std::errc();
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] | 0x20) != lower[i]) return false;
  return true;
}

template <class T>
void append_real(std::string& to, T value, int digits) {
  if (digits > 0) {
    fmt::format_to(std::back_inserter(to), "{:.{}g}", value, digits);
  } else {
    fmt::format_to(std::back_inserter(to), "{}", value);
  }
}

}  // namespace

std::optional<Number> parse_number(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t integer = 0;
  if (parse_all(text, integer)) return integer;
  std::uint64_t natural = 0;
  if (parse_all(text, natural)) return natural;
  double real = 0;
  if (parse_real(text, real)) return real;
  if (equals_ignoring_case(text, "true")) return std::int64_t{1};
  if (equals_ignoring_case(text, "false")) return std::int64_t{0};
  return std::nullopt;
}

Stored store_text(std::string_view text, DataType type, void* data, std::int64_t i) {
  // The common case at once, and rounded once: decimal to float.
  if (type == DataType::float32 && parse_all(text, static_cast<float*>(data)[i])) return Stored::yes;
  const std::optional<Number> number = parse_number(text);
  if (!number) return Stored::not_a_number;
  return store(*number, type, data, i) ? Stored::yes : Stored::does_not_fit;
}

bool has_text(DataType type) { return TextTypes::set.contains(type); }

void append_element(std::string& to, const Tensor& tensor, std::int64_t i, int digits) {
  if (!has_text(tensor.type()))
    fail(ErrorCode::unsupported, "elements of type {} cannot be written as text", name(tensor.type()));
  dispatch<TextTypes>(tensor.type(), [&]<class T>() {
    const T& value = tensor.values<T>()[static_cast<std::size_t>(i)];
    if constexpr (std::is_same_v<T, std::string>) {
      to += value;
    } else if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>) {
      append_real(to, value.real(), digits);
      if (!std::signbit(value.imag())) to += '+';
      append_real(to, value.imag(), digits);
      to += 'j';
    } else if constexpr (is_floating<T>) {
      append_real(to, static_cast<Compute<T>>(value), digits);
    } else {
      fmt::format_to(std::back_inserter(to), "{}", value);
    }
  });
}

}  // namespace ranvier::formats
