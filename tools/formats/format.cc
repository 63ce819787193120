#include "tools/formats/format.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace ranvier::formats {
namespace {

constexpr std::array<std::string_view, 6> names = {"text", "csv", "json", "npy", "npz", "pb"};

}  // namespace

std::string_view name(Format format) { return names[static_cast<std::size_t>(format)]; }

std::optional<Format> format_named(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<Format>(i);
  return std::nullopt;
}

std::optional<Format> format_of_extension(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  if (extension.empty()) return std::nullopt;
  extension.erase(0, 1);
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == "txt") return Format::text;
  return extension == "text" ? std::nullopt : format_named(extension);
}

Format sniff(ByteSource& source) {
  const std::string_view start = source.peek(4096);
  if (start.starts_with("\x93NUMPY")) return Format::npy;
  if (start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06")) return Format::npz;
  const auto is_control = [](unsigned char c) { return c < ' ' && c != '\t' && c != '\r' && c != '\n'; };
  if (std::any_of(start.begin(), start.end(), is_control)) return Format::pb;
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && (start[first] == '[' || start[first] == '{')) return Format::json;
  return Format::csv;
}

bool binary(Format format) { return format == Format::npy || format == Format::npz || format == Format::pb; }

}  // namespace ranvier::formats
