// Einsum's equations.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/shape.h"

namespace ranvier::operators {

/// An equation applied to inputs of known shapes: every dimension of every operand runs over one index. Indices are
/// numbered; those of the ellipsis come first, then the letters as they first occur.
struct Einsum {
  using Indices = std::vector<std::size_t>;

  std::vector<Indices> inputs;      ///< For each input, the index of each of its dimensions.
  Indices output;                   ///< The index of each of the output's dimensions; no index twice.
  std::vector<std::int64_t> sizes;  ///< How far each index runs. An input whose dimension is 1 repeats along it.
  std::vector<std::string> names;   ///< Each index as the equation writes it.

  Shape output_shape() const;
};

/// @throws Error invalid_model where the equation is malformed or does not have a term for each input,
/// invalid_argument where the shapes do not fit it.
Einsum parse_einsum(std::string_view equation, std::span<const Shape> shapes);

}  // namespace ranvier::operators
