// Expand: repeats a tensor so that its shape broadcasts with another.
// https://onnx.ai/onnx/operators/onnx__Expand.html
#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"
#include "operators/strided_copy.h"

namespace ranvier::operators {
namespace {

void infer(Spec& spec) {
  const Shape shapes[] = {spec.input(0).shape, Shape(spec.integers(1))};
  for (const std::int64_t dim : shapes[1])
    if (dim < 0) fail(spec.fault_of(1), "shape {} has a negative dimension", to_string(shapes[1]));
  spec.set_output(0, spec.input(0).type, broadcast(shapes));
}

Kernel reference(const Spec& spec) {
  const Shape& to = spec.output(0).shape;
  const StridedCopy copy(to, broadcast_strides(spec.input(0).shape, to), row_major_strides(to));
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) { copy.run(buffers.input<T>(0), buffers.output<T>(0)); }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};
constexpr std::size_t values[] = {1};

}  // namespace

extern const Operator expand = {
    .inputs = {2, 2}, .infer = infer, .implementations = implementations, .value_inputs = values};

}  // namespace ranvier::operators
