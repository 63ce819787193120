// Where activations are tested: parameters, and floats around every place where a formula or a kernel changes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "operators/activation/activation.h"

namespace ranvier::accuracy::testing {

using Parameters = std::vector<double>;

/// The row's defaults, as an empty list, then other parameters that its kernel takes.
std::vector<Parameters> accepted(operators::Activation activation);

/// Parameters that the row's kernel refuses.
std::vector<Parameters> refused(operators::Activation activation);

/// The float that begins or ends a kind of number, and those where a reference or a kernel changes its formula.
std::vector<float> breakpoints(std::span<const double> parameters);

/// Where exp, log1p and the functions made of them go on to the next entry of their tables.
std::vector<float> table_borders(std::span<const double> parameters);

/// Each centre with the `radius` floats on both sides of it in the order of bits, which leads from 0 and from infinity
/// to NaN.
std::vector<float> neighbours(std::span<const float> centres, std::uint32_t radius);

/// Every so manyth float, NaN included.
std::vector<float> every(std::uint32_t stride);

}  // namespace ranvier::accuracy::testing
