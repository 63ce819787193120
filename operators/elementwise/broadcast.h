// Walking inputs that broadcast to an output.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "operators/by_rows.h"
#include "runtime/core/shape.h"

namespace ranvier::operators {

/// How N inputs of different shapes are walked in the order of the output's elements. Neighbouring axes along which
/// every input is contiguous, or repeated, are merged, so that the usual cases are one long row.
template <std::size_t N>
class Broadcast {
 public:
  Broadcast(const std::array<Shape, N>& inputs, const Shape& output) {
    if (output.elements() == 0) {  // whose other sizes may be anything: nothing to walk, nothing to multiply
      extents_.push_back(0);
      for (std::size_t i = 0; i < N; ++i) strides_[i].push_back(0);
      return;
    }
    std::array<Shape, N> strides;
    for (std::size_t i = 0; i < N; ++i) strides[i] = broadcast_strides(inputs[i], output);
    for (std::size_t axis = 0; axis < output.rank(); ++axis) {
      if (output[axis] == 1) continue;
      if (extents_.rank() > 0 && mergeable(strides, axis, output[axis])) {
        extents_[extents_.rank() - 1] *= output[axis];
        for (std::size_t i = 0; i < N; ++i) strides_[i][extents_.rank() - 1] = strides[i][axis];
      } else {
        extents_.push_back(output[axis]);
        for (std::size_t i = 0; i < N; ++i) strides_[i].push_back(strides[i][axis]);
      }
    }
    if (extents_.rank() == 0) {
      extents_.push_back(1);
      for (std::size_t i = 0; i < N; ++i) strides_[i].push_back(0);
    }
  }

  /// Calls `row(to, from, count, step)` for each row: output elements to..to+count-1 pair with input i's elements
  /// from[i], from[i] + step[i], ... step is 1, or 0 where the row repeats one element; inputs are dense, so that no
  /// other stride can be left on the innermost axis.
  template <class Row>
  void for_each_row(const Row& row) const {
    for_each_row(0, product(extents_, 0, extents_.rank()), row);
  }

  /// The same for the output elements [first, last): rows are cut where these begin and end.
  template <class Row>
  void for_each_row(std::int64_t first, std::int64_t last, const Row& row) const {
    if (first >= last) return;
    const std::size_t inner = extents_.rank() - 1;
    const std::int64_t length = extents_[inner];
    std::array<std::int64_t, N> step{};
    for (std::size_t i = 0; i < N; ++i) step[i] = strides_[i][inner];
    std::array<std::int64_t, N> from{};
    std::array<std::int64_t, Shape::max_rank> index{};
    std::int64_t rows_before = first / length;
    for (std::size_t axis = inner; axis-- > 0; rows_before /= extents_[axis]) {
      index[axis] = rows_before % extents_[axis];
      for (std::size_t i = 0; i < N; ++i) from[i] += index[axis] * strides_[i][axis];
    }
    for (std::int64_t to = first, within = first % length; to < last; within = 0) {
      const std::int64_t count = std::min(length - within, last - to);
      std::array<std::int64_t, N> begin = from;
      for (std::size_t i = 0; i < N; ++i) begin[i] += within * step[i];
      row(to, begin, count, step);
      to += count;
      for (std::size_t axis = inner; axis-- > 0;) {
        for (std::size_t i = 0; i < N; ++i) from[i] += strides_[i][axis];
        if (++index[axis] < extents_[axis]) break;
        for (std::size_t i = 0; i < N; ++i) from[i] -= strides_[i][axis] * extents_[axis];
        index[axis] = 0;
      }
    }
  }

 private:
  /// Whether `axis` continues the last axis kept, for every input.
  bool mergeable(const std::array<Shape, N>& strides, std::size_t axis, std::int64_t extent) const {
    for (std::size_t i = 0; i < N; ++i)
      if (strides_[i].back() != strides[i][axis] * extent) return false;
    return true;
  }

  Shape extents_;
  std::array<Shape, N> strides_;
};

/// The rows of an output and of those inputs that are as large; the others are the same for each row, or there is but
/// one row.
template <std::size_t N>
Rows rows_of(const std::array<Shape, N>& inputs, const Shape& output, double nanoseconds_each) {
  const std::int64_t elements = output.elements();
  Rows rows{.inputs = 0, .nanoseconds = nanoseconds_each * static_cast<double>(elements)};
  std::int64_t size = 1;
  for (std::size_t i = 0; i < N; ++i) {
    if (inputs[i].elements() == elements) {
      rows.inputs |= 1u << i;
      continue;
    }
    const Shape strides = broadcast_strides(inputs[i], output);
    std::size_t axis = 0;
    while (axis < output.rank() && strides[axis] == 0) ++axis;
    size = std::max(size, product(output, axis, output.rank()));
  }
  rows.count = elements == 0 ? 0 : static_cast<std::size_t>(elements / size);
  rows.together = rows.apart = size == 1 ? elements_together : 1;
  return rows;
}

/// How many elements of the output a row has.
inline std::int64_t row_size(const Rows& rows, const Shape& output) {
  return rows.count == 0 ? 0 : output.elements() / static_cast<std::int64_t>(rows.count);
}

}  // namespace ranvier::operators
