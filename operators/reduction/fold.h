// Folding the elements of a tensor along some of its axes, whatever the axes, with contiguous inner loops.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <span>

#include "runtime/core/data_type.h"
#include "runtime/core/shape.h"

namespace ranvier::operators {

/// A choice of a tensor's axes.
using AxisSet = std::bitset<Shape::max_rank>;

/// The set of the given axes, negative ones counted from the back. @throws Error invalid_model for one out of range.
AxisSet axis_set(std::span<const std::int64_t> axes, std::size_t rank);

/// The axes from `first` to the last.
AxisSet axes_from(std::size_t first, std::size_t rank);

/// `shape` with size 1 along the axes of the set; without these axes where `keep` is false.
Shape folded_shape(const Shape& shape, const AxisSet& folded, bool keep = true);

/// Some axes of a dense tensor.
struct StridedAxes {
  Shape extents;
  Shape strides;

  /// Calls `visit(offset)` for each position along the axes, in row-major order, beginning at `offset`.
  template <class Visit>
  void for_each_offset(std::int64_t offset, const Visit& visit) const {
    const std::int64_t positions = product(extents, 0, extents.rank());
    std::array<std::int64_t, Shape::max_rank> index{};
    for (std::int64_t i = 0; i < positions; ++i) {
      visit(offset);
      for (std::size_t axis = extents.rank(); axis-- > 0;) {
        offset += strides[axis];
        if (++index[axis] < extents[axis]) break;
        offset -= strides[axis] * extents[axis];
        index[axis] = 0;
      }
    }
  }
};

/// Where the elements of each group lie that are folded into one. Groups are numbered in row-major order of the axes
/// that stay. Neighbouring axes that share their fate are merged, so that the usual cases are one or two long loops.
class FoldLayout {
 public:
  FoldLayout(const Shape& shape, const AxisSet& folded);

  /// How many groups there are.
  std::int64_t groups() const { return product(kept_.extents, 0, kept_.extents.rank()) * columns_; }
  /// How many elements each group has.
  std::int64_t count() const { return product(folded_.extents, 0, folded_.extents.rank()) * run_; }
  /// How many neighbouring groups have neighbouring elements; 1 where the last axis is folded.
  std::int64_t columns() const { return columns_; }
  /// How many elements of one group are neighbours; 1 where the last axis stays.
  std::int64_t run() const { return run_; }

  /// Calls `visit(group, offset)` for every columns()-th group with the offset of its first element.
  template <class Visit>
  void for_each_group(const Visit& visit) const {
    std::int64_t group = 0;
    kept_.for_each_offset(0, [&](std::int64_t offset) {
      visit(group, offset);
      group += columns_;
    });
  }

  /// Calls `visit(offset)` for every run()-th element of the group whose first element lies at `offset`.
  template <class Visit>
  void for_each_run(std::int64_t offset, const Visit& visit) const {
    folded_.for_each_offset(offset, visit);
  }

 private:
  StridedAxes kept_;    ///< Without the columns.
  StridedAxes folded_;  ///< Without the run.
  std::int64_t columns_ = 1;
  std::int64_t run_ = 1;
};

namespace detail {

/// Folds one group, in several independent chains.
template <class T, class Member>
typename Member::State fold_group(const FoldLayout& layout, const T* in, const Member& member, std::int64_t group,
                                  std::int64_t offset) {
  constexpr std::int64_t chains = 8;
  typename Member::State states[chains];
  std::fill_n(states, chains, Member::identity());
  layout.for_each_run(offset, [&](std::int64_t from) {
    const T* run = in + from;
    std::int64_t i = 0;
    for (; i + chains <= layout.run(); i += chains)
      for (std::int64_t c = 0; c < chains; ++c)
        states[c] = Member::fold(states[c], member.map(static_cast<Compute<T>>(run[i + c]), group));
    for (; i < layout.run(); ++i)
      states[0] = Member::fold(states[0], member.map(static_cast<Compute<T>>(run[i]), group));
  });
  for (std::int64_t c = 1; c < chains; ++c) states[0] = Member::fold(states[0], states[c]);
  return states[0];
}

/// Folds `count` neighbouring groups side by side.
template <class T, class Member>
void fold_columns(const FoldLayout& layout, const T* in, const Member& member, std::int64_t group, std::int64_t offset,
                  std::int64_t count, typename Member::State* states) {
  std::fill_n(states, count, Member::identity());
  layout.for_each_run(offset, [&](std::int64_t from) {
    for (std::int64_t i = 0; i < count; ++i)
      states[i] = Member::fold(states[i], member.map(static_cast<Compute<T>>(in[from + i]), group + i));
  });
}

}  // namespace detail

/// Folds every group and calls `finish(group, state)` with what came out. A Member has a State; `identity()`, the state
/// of no elements; `map(x, group)`, that of one element; and `fold(a, b)`, associative and commutative up to rounding.
/// The order of folding depends on the layout alone.
template <class T, class Member, class Finish>
void fold(const FoldLayout& layout, const T* in, const Member& member, const Finish& finish) {
  constexpr std::int64_t block = 64;
  layout.for_each_group([&](std::int64_t group, std::int64_t offset) {
    if (layout.columns() == 1) return finish(group, detail::fold_group(layout, in, member, group, offset));
    typename Member::State states[block];
    for (std::int64_t first = 0; first < layout.columns(); first += block) {
      const std::int64_t count = std::min(block, layout.columns() - first);
      detail::fold_columns(layout, in, member, group + first, offset + first, count, states);
      for (std::int64_t i = 0; i < count; ++i) finish(group + first + i, states[i]);
    }
  });
}

}  // namespace ranvier::operators
