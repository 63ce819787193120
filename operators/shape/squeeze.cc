// Squeeze and Unsqueeze: axes of size 1 go, or come. Since opset 13 an input says which, before an attribute.
// https://onnx.ai/onnx/operators/onnx__Squeeze.html
// https://onnx.ai/onnx/operators/onnx__Unsqueeze.html
#include <bitset>

#include "operators/copy.h"
#include "operators/operator.h"
#include "operators/whole_numbers.h"

namespace ranvier::operators {
namespace {

using Axes = std::vector<std::int64_t>;

/// Without axes, every one of size 1 goes.
void squeeze(Spec& spec, const std::optional<Axes>& axes) {
  const Shape& from = spec.input(0).shape;
  std::bitset<Shape::max_rank> removed;
  if (axes) {
    for (const std::size_t axis : distinct_axes(*axes, from.rank())) removed[axis] = true;
  } else {
    for (std::size_t axis = 0; axis < from.rank(); ++axis) removed[axis] = from[axis] == 1;
  }
  Shape to;
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    if (!removed[axis]) {
      to.push_back(from[axis]);
    } else if (from[axis] != 1) {
      fail(ErrorCode::invalid_argument, "axis {} of an input of shape {} has size {}, expected 1", axis,
           to_string(from), from[axis]);
    }
  }
  spec.set_output(0, spec.input(0).type, to);
}

/// The axes are those of the output.
void unsqueeze(Spec& spec, const Axes& axes) {
  const Shape& from = spec.input(0).shape;
  const std::size_t rank = from.rank() + axes.size();
  Shape to = Shape::filled(rank, 0);
  for (const std::size_t axis : distinct_axes(axes, rank)) to[axis] = 1;
  const std::int64_t* next = from.begin();
  for (std::int64_t& dim : to)
    if (dim == 0) dim = *next++;
  spec.set_output(0, spec.input(0).type, to);
}

void infer_squeeze_attribute(Spec& spec) {
  const Axes* axes = spec.node().find<Axes>("axes");
  squeeze(spec, axes == nullptr ? std::nullopt : std::optional<Axes>(*axes));
}

void infer_squeeze(Spec& spec) {
  squeeze(spec, spec.input(1).present() ? std::optional<Axes>(spec.integers(1)) : std::nullopt);
}

void infer_unsqueeze_attribute(Spec& spec) { unsqueeze(spec, spec.node().required<Axes>("axes")); }

void infer_unsqueeze(Spec& spec) { unsqueeze(spec, spec.integers(1)); }

constexpr Implementation implementations[] = {{.name = "copy", .prepare = copy_first_input}};
constexpr std::size_t values[] = {1};

}  // namespace

extern const Operator squeeze_attribute = {
    .infer = infer_squeeze_attribute, .implementations = implementations, .is_view = true};

extern const Operator squeeze_input = {.inputs = {1, 2},
                                       .infer = infer_squeeze,
                                       .implementations = implementations,
                                       .value_inputs = values,
                                       .is_view = true};

extern const Operator unsqueeze_attribute = {
    .infer = infer_unsqueeze_attribute, .implementations = implementations, .is_view = true};

extern const Operator unsqueeze_input = {.inputs = {2, 2},
                                         .infer = infer_unsqueeze,
                                         .implementations = implementations,
                                         .value_inputs = values,
                                         .is_view = true};

}  // namespace ranvier::operators
