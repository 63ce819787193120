// Flatten: a matrix of the dimensions before an axis and those from it on.
// https://onnx.ai/onnx/operators/onnx__Flatten.html
#include "operators/copy.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

/// Negative axes count from the end since opset 11; before, no valid model has any.
void infer(Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  const auto rank = static_cast<std::int64_t>(shape.rank());
  const auto axis = spec.node().get<std::int64_t>("axis", 1);
  if (axis < -rank || axis > rank)
    fail(ErrorCode::invalid_model, "attribute 'axis' is {}, expected {} to {} for a tensor of rank {}", axis, -rank,
         rank, rank);
  const std::int64_t* split = shape.begin() + (axis < 0 ? axis + rank : axis);
  const std::int64_t rows = Shape(std::span(shape.begin(), split)).elements();
  const std::int64_t columns = Shape(std::span(split, shape.end())).elements();
  spec.set_output(0, spec.input(0).type, {rows, columns});
}

constexpr Implementation implementations[] = {{.name = "copy", .prepare = copy_first_input}};

}  // namespace

extern const Operator flatten = {.infer = infer, .implementations = implementations, .is_view = true};

}  // namespace ranvier::operators
