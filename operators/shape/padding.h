// Growing and shrinking a tensor at the ends of its axes: Pad and CenterCropPad.
#pragma once

#include <cstdint>
#include <string_view>

#include "operators/strided_copy.h"
#include "runtime/core/shape.h"

namespace ranvier::operators {

/// What stands in the places that are new.
enum class PadMode {
  constant,
  reflect,  ///< The elements mirrored at the first and the last one, which are not repeated.
  edge,     ///< The first and the last element.
  wrap,     ///< The elements from the other end on.
};

/// @throws Error invalid_model for an unknown name.
PadMode pad_mode(std::string_view name);

/// How many places each axis gets before its first and after its last element; below zero, how many it loses.
struct Pads {
  Shape before;
  Shape after;
};

/// @throws Error invalid_argument where more is taken than there is, out_of_memory where the sum does not fit.
Shape padded_shape(const Shape& shape, const Pads& pads);

/// A padding that is ready to run.
class Padding {
 public:
  /// @throws Error invalid_argument where places are to be filled from an axis that has no elements (left).
  Padding(const Shape& from, const Pads& pads, PadMode mode);

  template <class T>
  void run(const T* from, T* to, const T& fill) const {
    if (empty_) return;
    kept_.run(from + source_, to + target_);
    for (std::size_t axis = axes_.size(); axis-- > 0;)
      if (axes_[axis].kept != axes_[axis].size) fill_ends(axis, to, fill);
  }

 private:
  /// An axis of the output: the elements that are kept stand at first, first + 1, ..., first + kept - 1.
  struct Axis {
    std::int64_t size = 0;
    std::int64_t first = 0;
    std::int64_t kept = 0;
    std::int64_t stride = 0;
  };

  /// Where the element at `place` comes from, by the mode: a place among those kept.
  std::int64_t origin(const Axis& axis, std::int64_t place) const;

  /// Fills the new places of an axis for every kept index of the axes before it; those after it are complete.
  template <class T>
  void fill_ends(std::size_t axis, T* to, const T& fill) const {
    std::int64_t count = 1;
    for (std::size_t outer = 0; outer < axis; ++outer) count *= axes_[outer].kept;
    for (std::int64_t i = 0; i < count; ++i) {
      std::int64_t rest = i;
      T* start = to;
      for (std::size_t outer = axis; outer-- > 0;) {
        start += (axes_[outer].first + rest % axes_[outer].kept) * axes_[outer].stride;
        rest /= axes_[outer].kept;
      }
      fill_range(axes_[axis], 0, axes_[axis].first, start, fill);
      fill_range(axes_[axis], axes_[axis].first + axes_[axis].kept, axes_[axis].size, start, fill);
    }
  }

  template <class T>
  void fill_range(const Axis& axis, std::int64_t begin, std::int64_t end, T* start, const T& fill) const {
    if (mode_ == PadMode::constant) {
      std::fill(start + begin * axis.stride, start + end * axis.stride, fill);
    } else {
      for (std::int64_t place = begin; place < end; ++place)
        std::copy_n(start + origin(axis, place) * axis.stride, axis.stride, start + place * axis.stride);
    }
  }

  StridedCopy kept_;
  std::int64_t source_ = 0;
  std::int64_t target_ = 0;
  std::vector<Axis> axes_;
  PadMode mode_;
  bool empty_ = false;
};

}  // namespace ranvier::operators
