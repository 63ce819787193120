// ConstantOfShape: one value everywhere in a tensor of a given shape.
// https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html
#include <algorithm>

#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"

namespace ranvier::operators {
namespace {

/// The attribute, one element; by default the float 0.
Tensor value_of(const Spec& spec) {
  const Tensor value = spec.node().get<Tensor>("value", Tensor(DataType::float32, {}));
  if (value.elements() != 1)
    fail(ErrorCode::invalid_model, "attribute 'value' has {} elements, expected one", value.elements());
  return value;
}

void infer(Spec& spec) {
  const Shape shape(spec.integers(0));
  for (const std::int64_t dim : shape)
    if (dim < 0) fail(ErrorCode::invalid_argument, "shape {} has a negative dimension", to_string(shape));
  spec.set_output(0, value_of(spec).type(), shape);
}

Kernel reference(const Spec& spec) {
  const Tensor value = value_of(spec);
  const std::int64_t elements = spec.output(0).shape.elements();
  return dispatch<StorageTypes>(storage_type(spec.output(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      std::fill_n(buffers.output<T>(0), elements, *static_cast<const T*>(value.data()));
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};
constexpr std::size_t values[] = {0};

}  // namespace

extern const Operator constant_of_shape = {
    .types = IntegerTypes::set, .infer = infer, .implementations = implementations, .value_inputs = values};

}  // namespace ranvier::operators
