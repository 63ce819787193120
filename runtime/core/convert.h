// Elements of one type as elements of another.
#pragma once

#include <cstdint>

#include "runtime/core/data_type.h"
#include "runtime/core/small_float.h"

namespace ranvier {

/// What ONNX' Cast lets the model choose.
struct Conversion {
  bool saturate = true;                              ///< For the float8 types: too large becomes the largest.
  ScaleRounding scale_rounding = ScaleRounding::up;  ///< For float8e8m0.
};

/// What convert takes and gives: all but complex numbers.
inline constexpr TypeSet convertible_types = all_types - TypeSet::of(DataType::complex64, DataType::complex128);

/// Writes `count` elements of type `from` at `source` as elements of type `to` at `target`, as ONNX' Cast has it. Real
/// numbers are rounded once, to nearest even. An integer type keeps the low bits of what does not fit, after a real
/// number's fraction is cut off; NaN and the infinities become 0. bool is whether it is not zero; in text "True" and
/// "False".
/// @throws Error unsupported for types that are not convertible, invalid_argument for text that spells no number.
void convert(DataType from, const void* source, DataType to, void* target, std::int64_t count,
             const Conversion& conversion = {});

}  // namespace ranvier
