#include "operators/resampling/samples.h"

#include <algorithm>
#include <cmath>

namespace ranvier::operators {
namespace {

/// The place in the input of an output element, as the ONNX text of coordinate_transformation_mode has it.
double place_of(std::int64_t index, const ResizedAxis& axis, Coordinates coordinates) {
  const auto x = static_cast<double>(index), in = static_cast<double>(axis.in);
  switch (coordinates) {
    case Coordinates::half_pixel: break;
    case Coordinates::half_pixel_symmetric:
      return in / 2 * (1 - static_cast<double>(axis.out) / axis.length) + (x + 0.5) / axis.scale - 0.5;
    case Coordinates::pytorch_half_pixel:
      if (axis.length <= 1) return 0;
      break;
    case Coordinates::tf_half_pixel_for_nn: return (x + 0.5) / axis.scale;
    case Coordinates::align_corners: return axis.length == 1 ? 0 : x * (in - 1) / (axis.length - 1);
    case Coordinates::asymmetric: return x / axis.scale;
    case Coordinates::tf_crop_and_resize:
      if (axis.length <= 1) return 0.5 * (axis.begin + axis.end) * (in - 1);
      return axis.begin * (in - 1) + x * (axis.end - axis.begin) * (in - 1) / (axis.length - 1);
  }
  return (x + 0.5) / axis.scale - 0.5;
}

double nearest_to(double place, Nearest nearest, double scale) {
  const double below = std::floor(place), fraction = place - below;
  switch (nearest) {
    case Nearest::round_prefer_floor: return fraction <= 0.5 ? below : below + 1;
    case Nearest::round_prefer_ceil: return fraction < 0.5 ? below : below + 1;
    case Nearest::floor: return below;
    case Nearest::ceil: return std::ceil(place);
    case Nearest::before_opset_11: return scale < 1 ? std::ceil(place) : below;  // as ONNX Runtime has it
  }
  return below;
}

/// How much an element counts at a distance.
double weight_at(double distance, const Sampling& sampling) {
  const double d = std::abs(distance), a = sampling.cubic_coefficient;
  if (sampling.interpolation == Interpolation::linear) return std::max(0.0, 1 - d);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

}  // namespace

Samples samples_of(const ResizedAxis& axis, const Sampling& sampling, std::size_t memory_limit) {
  const bool nearest = sampling.interpolation == Interpolation::nearest;
  const double reach = sampling.interpolation == Interpolation::linear ? 1 : 2;  // of weight_at
  const double narrowing = sampling.antialias ? std::min(axis.scale, 1.0) : 1;
  const double half = nearest ? 0 : -std::floor(-reach / narrowing);
  Samples samples;
  if (!nearest) samples.taps = 2 * static_cast<std::size_t>(half);
  std::size_t count, bytes;
  if (__builtin_mul_overflow(static_cast<std::size_t>(axis.out), samples.taps, &count) ||
      __builtin_mul_overflow(count, sizeof(std::int64_t) + sizeof(double), &bytes) ||
      (memory_limit != 0 && bytes > memory_limit))
    fail(ErrorCode::out_of_memory, "{} elements of axis {} are each made of {}, whose weights exceed the limit",
         axis.out, axis.axis, samples.taps);

  const double last = static_cast<double>(axis.in - 1);
  samples.from.reserve(count);
  if (!nearest) samples.weights.reserve(count);
  for (std::int64_t i = 0; i < axis.out; ++i) {
    const double place = place_of(i, axis, sampling.coordinates);
    const bool out_of_range = sampling.coordinates == Coordinates::tf_crop_and_resize && !(place >= 0 && place <= last);
    const double first = nearest ? nearest_to(place, sampling.nearest, axis.scale) : std::ceil(place) - half;
    double sum = 0;
    for (std::size_t tap = 0; tap < samples.taps; ++tap) {
      const double at = first + static_cast<double>(tap), within = std::clamp(at, 0.0, last);
      samples.from.push_back(out_of_range ? Samples::outside : static_cast<std::int64_t>(within));
      if (nearest) continue;
      const bool counts = !sampling.exclude_outside || at == within;
      samples.weights.push_back(counts ? weight_at((at - place) * narrowing, sampling) : 0);
      sum += samples.weights.back();
    }
    if (!nearest && (sampling.antialias || sampling.exclude_outside) && sum != 0)
      std::for_each(samples.weights.end() - static_cast<std::ptrdiff_t>(samples.taps), samples.weights.end(),
                    [&](double& weight) { weight /= sum; });
  }
  return samples;
}

}  // namespace ranvier::operators
