// ScatterElements, and Scatter, its first name: updates that go, element by element, to an index along an axis.
// https://onnx.ai/onnx/operators/onnx__ScatterElements.html
// https://onnx.ai/onnx/operators/onnx__Scatter.html
#include "operators/copy.h"
#include "operators/indexing/along_axis.h"
#include "operators/indexing/scatter_reduction.h"
#include "operators/packed_operands.h"

namespace ranvier::operators {
namespace {

AlongAxis walk_of(const Spec& spec) {
  const Shape& data = spec.input(0).shape;
  const std::size_t axis = normalized_axis(spec.node().get<std::int64_t>("axis", 0), data.rank());
  return AlongAxis(data, spec.input(1).shape, axis);
}

void infer(Spec& spec) {
  check_index_type(spec, 1);
  check_updates(spec);
  walk_of(spec);
  if (spec.input(1).shape != spec.input(2).shape)
    fail(ErrorCode::invalid_argument, "indices of shape {} and updates of shape {} do not pair",
         to_string(spec.input(1).shape), to_string(spec.input(2).shape));
  spec.set_output(0, spec.input(0).type, spec.input(0).shape);
}

Kernel reference(const Spec& spec) {
  const AlongAxis walk = walk_of(spec);
  const DataType index_type = spec.input(1).type;
  const DataType type = spec.input(0).type;
  const Kernel copy = copy_first_input(spec);
  return scatter_kernel(type, scatter_reduction(spec), [&]<class T>(const auto& combine) -> Kernel {
    return {[=](const Buffers& buffers) {
      copy.run(buffers);
      const T* updates = buffers.input<T>(2);
      T* out = buffers.output<T>(0);
      walk.for_each(Indices(buffers.inputs[1], index_type),
                    [=](std::int64_t i, std::int64_t j) { combine(out[j], updates[i]); });
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};

}  // namespace

extern const Operator scatter_elements = {.inputs = {3, 3}, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
