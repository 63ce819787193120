// GatherElements: for each element of an index tensor, an element of the data along an axis.
// https://onnx.ai/onnx/operators/onnx__GatherElements.html
#include "operators/indexing/along_axis.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"

namespace ranvier::operators {
namespace {

AlongAxis walk_of(const Spec& spec) {
  const Shape& data = spec.input(0).shape;
  const std::size_t axis = normalized_axis(spec.node().get<std::int64_t>("axis", 0), data.rank());
  return AlongAxis(data, spec.input(1).shape, axis);
}

void infer(Spec& spec) {
  check_index_type(spec, 1);
  walk_of(spec);
  spec.set_output(0, spec.input(0).type, spec.input(1).shape);
}

Kernel reference(const Spec& spec) {
  const AlongAxis walk = walk_of(spec);
  const DataType index_type = spec.input(1).type;
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const T* in = buffers.input<T>(0);
      T* out = buffers.output<T>(0);
      walk.for_each(Indices(buffers.inputs[1], index_type), [=](std::int64_t i, std::int64_t j) { out[i] = in[j]; });
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};

}  // namespace

extern const Operator gather_elements = {.inputs = {2, 2}, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
