// Sizes and axes that a model gives as numbers of any type.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "operators/operator.h"

namespace ranvier::operators {

/// `value` without its fraction; nothing for NaN and what int64 does not hold.
template <class T>
std::optional<std::int64_t> whole_number(T value) {
  if constexpr (is_floating<T>) {
    const auto wide = static_cast<double>(static_cast<Compute<T>>(value));
    if (!(wide >= -0x1p63 && wide < 0x1p63)) return std::nullopt;
    return static_cast<std::int64_t>(wide);
  } else {
    if (std::is_same_v<T, std::uint64_t> && static_cast<std::int64_t>(value) < 0) return std::nullopt;
    return static_cast<std::int64_t>(value);
  }
}

/// The elements of an input whose contents are known (see Operator::value_inputs), of whatever numeric type, without
/// their fractions. @throws Error invalid_model for other types, invalid_argument for a number that int64 does not
/// hold.
std::vector<std::int64_t> whole_numbers(const Spec& spec, std::size_t input);

/// The same for an input that holds one number. @throws Error also invalid_argument where it holds more, or none.
std::int64_t one_whole_number(const Spec& spec, std::size_t input);

/// `axes` counted from the front. @throws Error invalid_model for one out of range, or one given twice.
std::vector<std::size_t> distinct_axes(std::span<const std::int64_t> axes, std::size_t rank);

}  // namespace ranvier::operators
