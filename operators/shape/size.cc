// Size: the number of elements of a tensor.
// https://onnx.ai/onnx/operators/onnx__Size.html
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

void infer(Spec& spec) { spec.set_output(0, DataType::int64, {}); }

Kernel reference(const Spec& spec) {
  const std::int64_t elements = spec.input(0).shape.elements();
  return {[=](const Buffers& buffers) { *buffers.output<std::int64_t>(0) = elements; }};
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator size_of_tensor = {.infer = infer, .implementations = implementations, .reads_shapes_only = true};

}  // namespace ranvier::operators
