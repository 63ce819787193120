#include "runtime/core/number_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

namespace ranvier {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_in_any_case(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, {}, lower);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// Without white space, and without a plus sign, which from_chars does not take.
std::string_view number_part(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

/// `scientific` is what to_chars writes: "-1.5e+03". Digits and the place of the point are laid out anew.
std::string laid_out(std::string_view scientific) {
  const std::size_t e = scientific.find('e');
  if (e == scientific.npos) return std::string(scientific);  // inf, nan
  int exponent = 0;
  const std::size_t sign_length = scientific[e + 1] == '+' ? 2 : 1;
  std::from_chars(scientific.data() + e + sign_length, scientific.data() + scientific.size(), exponent);
  if (exponent < -4 || exponent >= 16) return std::string(scientific);
  std::string digits;
  for (const char c : scientific.substr(0, e))
    if (c >= '0' && c <= '9') digits += c;
  std::string text = scientific[0] == '-' ? "-" : "";
  if (exponent < 0) return text + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() < whole) digits.resize(whole, '0');
  text += digits.substr(0, whole) + ".";
  return text + (digits.size() == whole ? "0" : digits.substr(whole));
}

template <class T, class... Precision>
std::string scientific(T value, Precision... precision) {
  if (std::isnan(value)) return "nan";
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::scientific, precision...).ptr;
  return {buffer.begin(), end};
}

/// Whether a number that from_chars finds out of range is too large, not too small: its decimal exponent.
bool too_large(std::string_view text) {
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::string_view digits = text.substr(0, e);
  const std::size_t first = digits.find_first_of("123456789");
  const std::size_t point = std::min(digits.find('.'), digits.size());
  if (first == digits.npos) return false;
  if (text.substr(e).starts_with("e-") || text.substr(e).starts_with("E-")) return false;
  return e < text.size() || first < point;
}

}  // namespace

std::string format_real(double value) { return laid_out(scientific(value)); }

std::string format_real(float value) { return laid_out(scientific(value)); }

std::string format_real(double value, const FloatFormat& format) {
  const std::uint16_t code = encode(format, value, false);
  std::string text;
  for (int precision = 0; precision < 17; ++precision) {
    text = scientific(value, precision);
    const std::optional<double> back = parse_real(text);
    if (!std::isfinite(value) || (back && encode(format, *back, false) == code)) break;
  }
  return laid_out(text);
}

std::optional<double> parse_real(std::string_view text) {
  text = number_part(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range)
    value = std::copysign(too_large(text) ? INFINITY : 0.0, text[0] == '-' ? -1 : 1);
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const std::string_view digits = number_part(text);
  const char* const end = digits.data() + digits.size();
  std::int64_t value = 0;
  if (const auto result = std::from_chars(digits.data(), end, value); result.ec == std::errc() && result.ptr == end)
    return value;
  std::uint64_t natural = 0;
  if (const auto result = std::from_chars(digits.data(), end, natural); result.ec == std::errc() && result.ptr == end)
    return static_cast<std::int64_t>(natural);
  const std::optional<double> real = parse_real(text);
  return real ? std::optional(truncated(*real)) : std::nullopt;
}

std::optional<bool> parse_bool(std::string_view text) {
  const std::string_view word = trimmed(text);
  if (equal_in_any_case(word, "true")) return true;
  if (equal_in_any_case(word, "false")) return false;
  const std::optional<double> real = parse_real(word);
  return real ? std::optional(*real != 0) : std::nullopt;
}

std::int64_t truncated(double value) {
  if (std::abs(value) < 0x1p63) return static_cast<std::int64_t>(value);
  if (!std::isfinite(value)) return 0;
  const double rest = std::fmod(value, 0x1p64);  // exact: a multiple of 2^11
  const auto magnitude = static_cast<std::uint64_t>(std::abs(rest));
  return static_cast<std::int64_t>(rest < 0 ? -magnitude : magnitude);
}

}  // namespace ranvier
