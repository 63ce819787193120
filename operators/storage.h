// For operators that move elements without computing with them: one instance for each size, not for each type.
#pragma once

#include <complex>
#include <string>

#include "runtime/core/data_type.h"

namespace ranvier::operators {

/// One type of each size that a whole element can have, and strings.
using StorageTypes =
    Types<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, std::complex<double>, std::string>;

/// The member of StorageTypes that holds elements of `type`. @throws Error unsupported for the packed types, whose
/// elements share bytes.
inline DataType storage_type(DataType type) {
  if (type == DataType::string) return type;
  switch (bits(type)) {
    case 8: return DataType::uint8;
    case 16: return DataType::uint16;
    case 32: return DataType::uint32;
    case 64: return DataType::uint64;
    case 128: return DataType::complex128;
    default: fail(ErrorCode::unsupported, "elements of type {} cannot be moved one by one", name(type));
  }
}

}  // namespace ranvier::operators
