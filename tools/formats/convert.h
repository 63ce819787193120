// From one element type to another, where nothing but precision can be lost.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "ranvier/tensor.h"

namespace ranvier::formats {

/// A number as widely as it can be read.
using Number = std::variant<std::int64_t, std::uint64_t, double>;

/// Whether elements of `from` can become `to` at all: equal types, and any two of the real numbers, integers and bool.
bool convertible(DataType from, DataType to);

/// The same elements as `type`. A floating-point type takes every number, rounded to nearest, that is not too large
/// for it; an integer type only whole numbers in its range; bool only 0 and 1.
/// @throws Error invalid_argument with the place and value of the first element that does not fit.
Tensor converted(const Tensor& tensor, DataType type);

/// Stores one number at index `i` of the elements of `type` at `data`, by the same rule. False where it does not fit.
/// `type` has to be a number type or bool.
bool store(const Number& number, DataType type, void* data, std::int64_t i);

/// Element `i` of a tensor of a number type or bool.
Number element(const Tensor& tensor, std::int64_t i);

}  // namespace ranvier::formats
