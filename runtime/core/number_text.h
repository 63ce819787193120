// Numbers as text and back, as ONNX' Cast does it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/core/small_float.h"

namespace ranvier {

/// The shortest decimal that reads back as the same number: "0.1", "100.0", "1e+20", "nan", "-inf". Plain notation from
/// 0.0001 up to 1e16, scientific outside.
std::string format_real(double value);
std::string format_real(float value);
/// `value`, which `format` holds exactly.
std::string format_real(double value, const FloatFormat& format);

/// The number that all of `text` spells, white space around it aside: plain or scientific, "inf", "infinity" and "nan"
/// in any case, with or without a sign; too large is infinite. Nothing where it spells no number.
std::optional<double> parse_real(std::string_view text);

/// The same as an integer's low 64 bits: fractions are cut off.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// "true" and "false" in any case, else whether the number is not zero.
std::optional<bool> parse_bool(std::string_view text);

/// `value` without its fraction, modulo 2^64; 0 for NaN and the infinities. The low bits are what an integer type of
/// any width holds of it, as when one integer type is cast to another.
std::int64_t truncated(double value);

}  // namespace ranvier
