// Loops that do nothing but use what a machine has: how fast they run is the most that a kernel can hope for.
#pragma once

#include <cstddef>
#include <string_view>

namespace ranvier::simd {

/// What the loops return depends on all that they do, and means nothing.
struct PeakLoops {
  std::string_view instruction_set;

  /// Multiplies and adds floats in registers.
  float (*multiply_add)(std::size_t rounds) = nullptr;
  std::size_t flops = 0;  ///< Multiplications and additions of one round.

  /// Reads `count` floats, aligned to 64 bytes, from first to last, so many times.
  float (*read)(const float* data, std::size_t count, std::size_t times) = nullptr;
  std::size_t unit = 1;  ///< `count` is a multiple of it, of at most 4096 bytes.
};

/// Those of the best instruction set that this machine has.
PeakLoops peak_loops();

}  // namespace ranvier::simd
