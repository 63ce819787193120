// Gather: slices of a tensor along an axis, by index.
// https://onnx.ai/onnx/operators/onnx__Gather.html
#include <algorithm>

#include "operators/indexing/indices.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"

namespace ranvier::operators {
namespace {

std::size_t axis_of(const Spec& spec) {
  return normalized_axis(spec.node().get<std::int64_t>("axis", 0), spec.input(0).shape.rank());
}

void infer(Spec& spec) {
  check_index_type(spec, 1);
  const std::size_t axis = axis_of(spec);
  const Shape& data = spec.input(0).shape;
  Shape shape(std::span(data.begin(), axis));
  for (const std::int64_t dim : spec.input(1).shape) shape.push_back(dim);
  for (std::size_t i = axis + 1; i < data.rank(); ++i) shape.push_back(data[i]);
  spec.set_output(0, spec.input(0).type, shape);
}

Kernel reference(const Spec& spec) {
  if (spec.output(0).shape.elements() == 0) return {[](const Buffers&) {}};
  const std::size_t axis = axis_of(spec);
  const Shape& data = spec.input(0).shape;
  const std::int64_t outer = product(data, 0, axis);
  const std::int64_t size = data[axis];
  const std::int64_t slice = product(data, axis + 1, data.rank());
  const std::int64_t count = spec.input(1).shape.elements();
  const DataType index_type = spec.input(1).type;
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const Indices indices(buffers.inputs[1], index_type);
      const T* in = buffers.input<T>(0);
      T* out = buffers.output<T>(0);
      for (std::int64_t i = 0; i < outer; ++i, in += size * slice)
        for (std::int64_t j = 0; j < count; ++j, out += slice)
          std::copy_n(in + checked_index(indices[j], size) * slice, slice, out);
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};

}  // namespace

extern const Operator gather = {.inputs = {2, 2}, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
