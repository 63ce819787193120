// Numbers as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ranvier/tensor.h"
#include "tools/formats/convert.h"

namespace ranvier::formats {

/// The number that the whole of `text` spells, as C and Python write it; "nan", "inf", "true" and "false" in any case
/// too. Nothing where it spells none.
std::optional<Number> parse_number(std::string_view text);

/// Stores the number that `text` spells at index `i` of the elements of `type` at `data`.
enum class Stored { yes, not_a_number, does_not_fit };
Stored store_text(std::string_view text, DataType type, void* data, std::int64_t i);

/// Whether append_element can write elements of a type.
bool has_text(DataType type);

/// Appends element `i`: the shortest number that reads back as the same; "nan", "inf", "-inf"; true and false; complex
/// numbers as "1+2j"; strings as they are. `digits` > 0 rounds floating-point numbers to so many significant digits.
/// @throws Error unsupported where has_text is false.
void append_element(std::string& to, const Tensor& tensor, std::int64_t i, int digits = 0);

}  // namespace ranvier::formats
