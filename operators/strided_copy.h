// Copying elements from one strided layout to another: the heart of every operator that only moves elements.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/core/shape.h"

namespace ranvier::operators {

/// One axis of the elements to copy, and the elements between neighbours along it on either side (any sign, or 0).
struct CopyAxis {
  std::int64_t extent = 1;
  std::int64_t from = 0;
  std::int64_t to = 0;
};

/// Copies a box of elements. Neighbouring axes that are one on both sides are merged, contiguous rows are copied as
/// such, and where the two sides disagree on which axis is contiguous, the copy goes by square tiles.
class StridedCopy {
 public:
  /// The axes outermost first; the last one is walked in the inner loop.
  explicit StridedCopy(std::span<const CopyAxis> axes);
  /// The box of `extents` with these strides on the two sides.
  StridedCopy(const Shape& extents, const Shape& from, const Shape& to);

  /// `from` and `to` point to the first element of the box on either side; they may not overlap.
  template <class T>
  void run(const T* from, T* to) const {
    if (empty_) return;
    if (tiled_) {
      for_each_offset(axes_.size() - 2, [&](std::int64_t source, std::int64_t target) {
        copy_tiles(axes_[axes_.size() - 2], axes_.back(), from + source, to + target);
      });
    } else {
      for_each_offset(axes_.size() - 1, [&](std::int64_t source, std::int64_t target) {
        copy_row(axes_.back(), from + source, to + target);
      });
    }
  }

 private:
  static constexpr std::size_t most_axes = 2 * Shape::max_rank;

  void choose_tiles();

  /// Calls `function` with the offsets on both sides for every index of the first `rank` axes.
  template <class Function>
  void for_each_offset(std::size_t rank, const Function& function) const {
    std::int64_t count = 1;
    for (std::size_t axis = 0; axis < rank; ++axis) count *= axes_[axis].extent;
    std::array<std::int64_t, most_axes> index{};
    std::int64_t source = 0;
    std::int64_t target = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      function(source, target);
      for (std::size_t axis = rank; axis-- > 0;) {
        source += axes_[axis].from;
        target += axes_[axis].to;
        if (++index[axis] < axes_[axis].extent) break;
        source -= axes_[axis].from * axes_[axis].extent;
        target -= axes_[axis].to * axes_[axis].extent;
        index[axis] = 0;
      }
    }
  }

  template <class T>
  static void copy_row(const CopyAxis& axis, const T* from, T* to) {
    if (axis.from == 1 && axis.to == 1) {
      std::copy_n(from, axis.extent, to);
    } else if (axis.from == 0 && axis.to == 1) {
      std::fill_n(to, axis.extent, *from);
    } else {
      for (std::int64_t i = 0; i < axis.extent; ++i) to[i * axis.to] = from[i * axis.from];
    }
  }

  /// A transposition: `rows` is contiguous where it comes from, `columns` where it goes.
  template <class T>
  static void copy_tiles(const CopyAxis& rows, const CopyAxis& columns, const T* from, T* to) {
    constexpr std::int64_t tile = 16;
    for (std::int64_t top = 0; top < rows.extent; top += tile) {
      const std::int64_t bottom = std::min(top + tile, rows.extent);
      for (std::int64_t left = 0; left < columns.extent; left += tile) {
        const std::int64_t right = std::min(left + tile, columns.extent);
        for (std::int64_t row = top; row < bottom; ++row)
          for (std::int64_t column = left; column < right; ++column)
            to[row * rows.to + column] = from[column * columns.from + row];
      }
    }
  }

  std::vector<CopyAxis> axes_;  // at least one; the two of a tile last
  bool empty_ = false;
  bool tiled_ = false;
};

}  // namespace ranvier::operators
