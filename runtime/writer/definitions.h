// What ONNX, or the opset of a file, has no operator for, in operators that it has.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::writer {

/// A row: an operator as a function.
struct Definition {
  std::string_view signature;  ///< See parse_signature.
  std::int64_t since = 1;      ///< The least opset in which the body means this.
  std::string_view body;       ///< See body.h.
};

/// All rows. Those with one name and number of inputs differ in `since`.
std::span<const Definition> definitions();

/// The row that holds at an opset of ONNX: that of the greatest `since` not above it. Null where there is none.
const Definition* find_definition(std::string_view name, std::size_t inputs, std::int64_t opset);

/// A row's signature in parts.
struct Signature {
  std::string name;
  std::vector<std::string> inputs;
  std::vector<std::pair<std::string, graph::Attribute>> attributes;  ///< With their defaults.
};

/// "Name(x, scale; axis = -1, epsilon = 1e-05, approximate = none)": inputs, then attributes with their defaults. Those
/// with a point or an exponent are floats. @throws Error internal for text that is no signature.
Signature parse_signature(std::string_view text);

}  // namespace ranvier::writer
