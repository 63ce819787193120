// Windows that slide over what each channel of a batch has: those of Conv and of the pools.
#pragma once

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

/// The attribute kernel_shape. @throws Error invalid_model where it is missing or is not one number for each dimension.
Shape kernel_shape_in(const Spec& spec);

/// An element of a window that lies on an element of the input.
struct Tap {
  std::int64_t input = 0;   ///< Its place in the input's channel.
  std::int64_t kernel = 0;  ///< Its place in the window.
};

/// Calls `visit(window, taps)` for each window in order, with its taps in order. Uses windows.kernel.elements() taps
/// of memory.
template <class Visit>
void for_each_window(const Windows& windows, Tap* memory, const Visit& visit) {
  const std::size_t rank = windows.size.rank();
  const std::int64_t count = windows.output.elements(), places = windows.kernel.elements();
  for (std::int64_t window = 0; window < count; ++window) {
    std::size_t taps = 0;
    for (std::int64_t place = 0; place < places; ++place) {
      std::int64_t input = 0, stride = 1, window_rest = window, place_rest = place;
      bool inside = true;
      for (std::size_t d = rank; d-- > 0 && inside;) {
        const std::int64_t at = window_rest % windows.output[d] * windows.strides[d] - windows.before[d] +
                                place_rest % windows.kernel[d] * windows.dilations[d];
        inside = at >= 0 && at < windows.size[d];
        input += at * stride;
        stride *= windows.size[d];
        window_rest /= windows.output[d];
        place_rest /= windows.kernel[d];
      }
      if (inside) memory[taps++] = {input, place};
    }
    visit(window, std::span<const Tap>(memory, taps));
  }
}

}  // namespace ranvier::operators
