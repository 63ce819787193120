#include "operators/shape/padding.h"

#include "runtime/core/error.h"

namespace ranvier::operators {
namespace {

/// `value` modulo `period`, never negative.
std::int64_t wrapped(std::int64_t value, std::int64_t period) {
  const std::int64_t rest = value % period;
  return rest < 0 ? rest + period : rest;
}

/// The number of elements of each axis that are in the input and in the output.
Shape kept_extents(const Shape& from, const Pads& pads) {
  Shape kept = from;
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    const std::int64_t lost_before = -std::clamp<std::int64_t>(pads.before[axis], -from[axis], 0);
    const std::int64_t lost_after = -std::clamp<std::int64_t>(pads.after[axis], -from[axis], 0);
    kept[axis] = std::max<std::int64_t>(0, from[axis] - lost_before - lost_after);
  }
  return kept;
}

}  // namespace

PadMode pad_mode(std::string_view name) {
  if (name == "constant") return PadMode::constant;
  if (name == "reflect") return PadMode::reflect;
  if (name == "edge") return PadMode::edge;
  if (name == "wrap") return PadMode::wrap;
  fail(ErrorCode::invalid_model, "attribute 'mode' is '{}', expected constant, reflect, edge or wrap", name);
}

Shape padded_shape(const Shape& shape, const Pads& pads) {
  Shape result = shape;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    std::int64_t& dim = result[axis];
    std::int64_t both = 0;
    if (__builtin_add_overflow(pads.before[axis], pads.after[axis], &both) || __builtin_add_overflow(dim, both, &dim))
      fail(ErrorCode::out_of_memory, "axis {} of size {} padded by {} and {} does not fit in memory", axis, shape[axis],
           pads.before[axis], pads.after[axis]);
    if (dim < 0)
      fail(ErrorCode::invalid_argument, "axis {} of size {} cannot be padded by {} and {}", axis, shape[axis],
           pads.before[axis], pads.after[axis]);
  }
  return result;
}

Padding::Padding(const Shape& from, const Pads& pads, PadMode mode)
    : kept_(kept_extents(from, pads), row_major_strides(from), row_major_strides(padded_shape(from, pads))),
      mode_(mode) {
  const Shape to = padded_shape(from, pads);
  const Shape kept = kept_extents(from, pads);
  const Shape from_strides = row_major_strides(from);
  const Shape to_strides = row_major_strides(to);
  empty_ = to.elements() == 0;
  if (empty_) return;
  for (std::size_t axis = 0; axis < to.rank(); ++axis) {
    if (mode != PadMode::constant && kept[axis] == 0)
      fail(ErrorCode::invalid_argument, "axis {} of size {}, padded by {} and {}, has no elements to repeat", axis,
           from[axis], pads.before[axis], pads.after[axis]);
    const std::int64_t first = std::clamp<std::int64_t>(pads.before[axis], 0, to[axis] - kept[axis]);
    axes_.push_back({to[axis], first, kept[axis], to_strides[axis]});
    if (kept.elements() == 0) continue;
    source_ += std::max<std::int64_t>(-pads.before[axis], 0) * from_strides[axis];
    target_ += first * to_strides[axis];
  }
}

std::int64_t Padding::origin(const Axis& axis, std::int64_t place) const {
  const std::int64_t distance = place - axis.first;
  switch (mode_) {
    case PadMode::edge: return axis.first + std::clamp<std::int64_t>(distance, 0, axis.kept - 1);
    case PadMode::wrap: return axis.first + wrapped(distance, axis.kept);
    default: break;
  }
  if (axis.kept == 1) return axis.first;
  const std::int64_t period = 2 * (axis.kept - 1);
  const std::int64_t step = wrapped(distance, period);
  return axis.first + std::min(step, period - step);
}

}  // namespace ranvier::operators
