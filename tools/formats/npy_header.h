// The header of a .npy file.
#pragma once

#include <cstddef>
#include <string>

#include "ranvier/tensor.h"

namespace ranvier::formats {

/// The header of an array of that type and shape; `characters` is the length of the longest string. For one type and
/// one rank it always has the same size, whatever the first dimension is.
std::string npy_header(DataType type, std::size_t characters, const Shape& shape);

}  // namespace ranvier::formats
