// Tensors as nested JSON lists.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ranvier/tensor.h"
#include "tools/formats/byte_source.h"

namespace ranvier::formats {

/// The tensors of a file that is either one nested list (under the name "") or an object of them, in the file's order:
/// of type int64 (uint64 where that is needed), double, bool or string. In lists of numbers the strings "NaN",
/// "Infinity" and "-Infinity" are numbers too. @throws Error invalid_argument where the text is not JSON, or a list is
/// ragged or of mixed types.
std::vector<std::pair<std::string, Tensor>> read_json(ByteSource& source);

/// Appends element `i` as JSON: what is no finite number becomes "NaN", "Infinity" or "-Infinity".
void append_json_element(std::string& to, const Tensor& tensor, std::int64_t i);

/// Appends elements [first, first + count of `shape`) as a nested list of that shape.
void append_json_list(std::string& to, const Tensor& tensor, const Shape& shape, std::int64_t first);

/// A JSON string, quoted and escaped; bytes that are not UTF-8 are replaced.
std::string json_string(std::string_view text);

}  // namespace ranvier::formats
