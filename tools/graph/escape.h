// Text from a file inside a drawing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ranvier::view {

/// The text as it stands in a label of Graphviz and in XML: markup and backslashes as entities, and what is no
/// printable UTF-8 spelled out: "\x1b".
std::string escaped(std::string_view text);

/// At most `most` characters, of which the first are three dots where something is left out; never half a character of
/// UTF-8.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace ranvier::view
