#include "tools/graph/escape.h"

#include <fmt/format.h>

namespace ranvier::view {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// The length of the character of UTF-8 at the beginning; 0 where there is none that a reader of XML takes.
std::size_t character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!continues(text[i])) return 0;
  if (length <= 1) return first < 0x20 || first == 0x7f ? 0 : length;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool no_character = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90) ||
                            (first == 0xc2 && second < 0xa0) ||  // control characters
                            (first == 0xef && second == 0xbf && static_cast<unsigned char>(text[2]) >= 0xbe);
  return overlong || no_character ? 0 : length;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character(text);
    switch (text[0]) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\\': result += "&#92;"; break;
      default:
        result +=
            length == 0 ? fmt::format("&#92;x{:02x}", static_cast<unsigned char>(text[0])) : text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::size_t count = 0;
  std::size_t kept = text.size();
  for (std::size_t i = text.size(); i-- > 0;) {
    if (continues(text[i])) continue;
    if (++count > most) return "..." + std::string(text.substr(kept));
    if (count <= most - 3) kept = i;
  }
  return std::string(text);
}

}  // namespace ranvier::view
