// Windows that slide over what each channel of a batch has: those of Conv and of the pools.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "operators/operator.h"

namespace ranvier::operators {

/// How windows lie over the dimensions after the first two, which are a batch and its channels. Of each Shape one
/// number for each of those dimensions.
struct Windows {
  Shape size;       ///< Of the input.
  Shape kernel;     ///< Elements of a window.
  Shape strides;    ///< From one window to the next.
  Shape dilations;  ///< From one element of a window to the next.
  Shape before;     ///< Places before the first element that windows reach.
  Shape after;
  Shape output;  ///< How many windows.
};

/// Reads strides, dilations, pads, auto_pad and, where the operator has it, ceil_mode.
/// @throws Error invalid_model, invalid_argument where a window is larger than what there is.
Windows windows_in(const Spec& spec, const Shape& kernel);

/// The attribute: `count` numbers from `least` to below 2^31; all `otherwise` where it is missing.
/// @throws Error invalid_model.
Shape numbers_in(const Spec& spec, std::string_view attribute, std::size_t count, std::int64_t least,
                 std::int64_t otherwise);

/// The attribute kernel_shape. @throws Error invalid_model where it is missing or is not one number for each dimension.
Shape kernel_shape_in(const Spec& spec);

/// Whether a convolution's operands have dimensions that go together. @throws Error invalid_argument.
void check_ranks(const Shape& x, const Shape& weights);

/// The window that a convolution's weights have, which follows their channels. @throws Error invalid_model where the
/// attribute kernel_shape, if there is one, tells another.
Shape kernel_of(const Spec& spec, const Shape& weights);

/// An element of a window that lies on an element of the input.
struct Tap {
  std::int64_t input = 0;   ///< Its place in the input's channel.
  std::int64_t kernel = 0;  ///< Its place in the window.
};

/// a / b, rounded up; b is more than 0.
constexpr std::int64_t rounded_up(std::int64_t a, std::int64_t b) { return a < 0 ? -(-a / b) : (a + b - 1) / b; }

/// The places [first, last) of a window along a dimension.
struct Places {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// Those that lie on [from, to) of dimension `d`. Files may have windows and pads of any size: what is done for each
/// place is to be done for these only.
inline Places places_on(const Windows& windows, std::size_t d, std::int64_t window, std::int64_t from,
                        std::int64_t to) {
  const std::int64_t start = window * windows.strides[d] - windows.before[d];
  const std::int64_t first = std::max<std::int64_t>(0, rounded_up(from - start, windows.dilations[d]));
  return {first, std::max(first, std::min(windows.kernel[d], rounded_up(to - start, windows.dilations[d])))};
}

/// Calls `visit(tap)` for each tap, in order, of a window over the first `rank` dimensions; tap.input counts elements
/// of those.
template <class Visit>
void for_each_tap(const Windows& windows, std::size_t rank, std::int64_t window, const Visit& visit) {
  std::array<Places, Shape::max_rank> places;
  std::array<std::int64_t, Shape::max_rank> start;
  std::int64_t count = 1;
  for (std::size_t d = rank; d-- > 0; window /= windows.output[d]) {
    const std::int64_t at = window % windows.output[d];
    places[d] = places_on(windows, d, at, 0, windows.size[d]);
    start[d] = at * windows.strides[d] - windows.before[d];
    count *= places[d].last - places[d].first;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    Tap tap;
    std::int64_t rest = i, stride = 1, kernel_stride = 1;
    for (std::size_t d = rank; d-- > 0;) {
      const std::int64_t k = places[d].first + rest % (places[d].last - places[d].first);
      rest /= places[d].last - places[d].first;
      tap.input += (start[d] + k * windows.dilations[d]) * stride;
      tap.kernel += k * kernel_stride;
      stride *= windows.size[d];
      kernel_stride *= windows.kernel[d];
    }
    visit(tap);
  }
}

/// The memory that for_each_window needs. @throws Error out_of_memory.
std::size_t tap_bytes(const Windows& windows);

/// Calls `visit(window, taps)` for each window in order, with its taps in order. `memory` has tap_bytes().
template <class Visit>
void for_each_window(const Windows& windows, Tap* memory, const Visit& visit) {
  const std::int64_t count = windows.output.elements();
  for (std::int64_t window = 0; window < count; ++window) {
    std::size_t taps = 0;
    for_each_tap(windows, windows.size.rank(), window, [&](const Tap& tap) { memory[taps++] = tap; });
    visit(window, std::span<const Tap>(memory, taps));
  }
}

}  // namespace ranvier::operators
