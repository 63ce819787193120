// Comparing tensors as ONNX' own test runner does.
#pragma once

#include <optional>
#include <string>

#include "ranvier/tensor.h"

namespace ranvier::golden {

/// How far an element may be from the wanted one: |got - want| <= atol + rtol * |want|. The defaults are those of
/// onnx' runner.
struct Tolerance {
  double rtol = 1e-3;
  double atol = 1e-7;
};

/// Nothing where type and shape are the same and every element is near enough; else what differs first and most. NaN
/// is near NaN, an infinity only itself. Strings, float8 and
/// the packed types are compared exactly.
std::optional<std::string> difference(const Tensor& got, const Tensor& want, const Tolerance& tolerance = {});

/// The largest |got - want| of all elements, and where it is.
struct Distance {
  double size = 0;  ///< Infinity where only one of the two is NaN or infinite.
  std::int64_t element = 0;
};

/// Nothing (0) where type or shape differ, and for types that are compared exactly.
Distance largest_distance(const Tensor& got, const Tensor& want);

/// Whether both have the same type, shape and bytes (strings: the same text).
bool identical(const Tensor& a, const Tensor& b);

}  // namespace ranvier::golden
