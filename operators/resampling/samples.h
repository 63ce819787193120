// Which elements along an axis make the elements of that axis at another length: Resize and Upsample.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "operators/operator.h"

namespace ranvier::operators {

/// An axis and what becomes of it.
struct ResizedAxis {
  std::size_t axis = 0;
  std::int64_t in = 0;
  std::int64_t out = 0;
  double scale = 1;   ///< Output elements for one of the input.
  double length = 0;  ///< in * scale: `out` with its fraction.
  /// The part of the input that is seen, 0 and 1 being its ends: for tf_crop_and_resize.
  double begin = 0, end = 1;
};

/// How an output element's place in the input is computed: the attribute coordinate_transformation_mode.
enum class Coordinates {
  half_pixel,
  half_pixel_symmetric,
  pytorch_half_pixel,
  tf_half_pixel_for_nn,
  align_corners,
  asymmetric,
  tf_crop_and_resize,
};

/// What lies around that place makes the element: the attribute mode.
enum class Interpolation { nearest, linear, cubic };

/// Which neighbour is the nearest: the attribute nearest_mode, and what was meant before there was one.
enum class Nearest { round_prefer_floor, round_prefer_ceil, floor, ceil, before_opset_11 };

struct Sampling {
  Interpolation interpolation = Interpolation::nearest;
  Coordinates coordinates = Coordinates::half_pixel;
  Nearest nearest = Nearest::round_prefer_floor;
  double cubic_coefficient = -0.75;
  bool exclude_outside = false;  ///< Places outside of the input do not count; else they have the value of the end.
  bool antialias = false;        ///< What is made smaller is a mean of all that it stands for.
};

/// For each element along an axis the elements of the input that make it.
struct Samples {
  static constexpr std::int64_t outside = -1;

  std::size_t taps = 1;
  std::vector<std::int64_t> from;  ///< `taps` for each; its first is `outside` where the place is out of range.
  std::vector<double> weights;     ///< `taps` for each; empty where each is the one element it is made from.
};

/// @throws Error out_of_memory where the samples take more than the limit (0: none).
Samples samples_of(const ResizedAxis& axis, const Sampling& sampling, std::size_t memory_limit);

}  // namespace ranvier::operators
