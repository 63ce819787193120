// CenterCropPad: cuts the middle out of a tensor, or puts the tensor into the middle of zeros, axis by axis.
// https://onnx.ai/onnx/operators/onnx__CenterCropPad.html
#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/shape/padding.h"
#include "operators/storage.h"
#include "operators/whole_numbers.h"

namespace ranvier::operators {
namespace {

/// The window's sizes for the axes of the attribute, by default all; the other axes stay as they are.
Shape window(const Spec& spec) {
  Shape shape = spec.input(0).shape;
  const std::vector<std::int64_t> sizes = spec.integers(1);
  std::vector<std::int64_t> every;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) every.push_back(static_cast<std::int64_t>(axis));
  const auto axes = distinct_axes(spec.node().get<std::vector<std::int64_t>>("axes", every), shape.rank());
  if (sizes.size() != axes.size())
    fail(ErrorCode::invalid_argument, "input 1 has {} sizes, expected one for each of {} axes", sizes.size(),
         axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (sizes[i] < 0) fail(ErrorCode::invalid_argument, "size {} of axis {} is negative", sizes[i], axes[i]);
    shape[axes[i]] = sizes[i];
  }
  return shape;
}

void infer(Spec& spec) { spec.set_output(0, spec.input(0).type, window(spec)); }

/// Of an odd number, one more is cut or put after the tensor than before it: halves are rounded towards zero.
Kernel reference(const Spec& spec) {
  const Shape& from = spec.input(0).shape;
  const Shape& to = spec.output(0).shape;
  Pads pads{from, from};
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    pads.before[axis] = (to[axis] - from[axis]) / 2;
    pads.after[axis] = to[axis] - from[axis] - pads.before[axis];
  }
  const Padding padding(from, pads, PadMode::constant);
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) { padding.run(buffers.input<T>(0), buffers.output<T>(0), T{}); }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};
constexpr std::size_t values[] = {1};

}  // namespace

extern const Operator center_crop_pad = {
    .inputs = {2, 2}, .infer = infer, .implementations = implementations, .value_inputs = values};

}  // namespace ranvier::operators
