// The formats of data files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/formats/byte_source.h"

namespace ranvier::formats {

enum class Format { text, csv, json, npy, npz, pb };

std::string_view name(Format format);

/// The format of that name.
std::optional<Format> format_named(std::string_view name);

/// The format that a file's extension tells, in any case; ".txt" is text.
std::optional<Format> format_of_extension(const std::string& path);

/// The format of data without a telling extension, by its first bytes: npy, npz, json, pb where they are no
/// text, else csv.
Format sniff(ByteSource& source);

/// Whether the format is no text, and does not belong on a terminal.
bool binary(Format format);

}  // namespace ranvier::formats
