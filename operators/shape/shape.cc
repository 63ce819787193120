// Shape: the dimensions of a tensor, or a range of them.
// https://onnx.ai/onnx/operators/onnx__Shape.html
#include <algorithm>

#include "operators/operator.h"

namespace ranvier::operators {
namespace {

/// The range of axes that `start` and `end` (since opset 15) select; both are clamped.
std::pair<std::size_t, std::size_t> selected(const Spec& spec) {
  const auto rank = static_cast<std::int64_t>(spec.input(0).shape.rank());
  const auto clamped = [&](std::int64_t axis) {
    return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  const std::int64_t start = clamped(spec.node().get<std::int64_t>("start", 0));
  const std::int64_t end = clamped(spec.node().get<std::int64_t>("end", rank));
  return {start, std::max(start, end)};
}

void infer(Spec& spec) {
  const auto [start, end] = selected(spec);
  spec.set_output(0, DataType::int64, {static_cast<std::int64_t>(end - start)});
}

Kernel reference(const Spec& spec) {
  const auto [start, end] = selected(spec);
  const Shape shape = spec.input(0).shape;
  return {[=, start = start, end = end](const Buffers& buffers) {
    std::copy(shape.begin() + start, shape.begin() + end, buffers.output<std::int64_t>(0));
  }};
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator shape = {.infer = infer, .implementations = implementations, .reads_shapes_only = true};

}  // namespace ranvier::operators
