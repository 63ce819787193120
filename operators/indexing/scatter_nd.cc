// ScatterND: a copy of the data in which each tuple of indices says where an element or a slice is updated.
// https://onnx.ai/onnx/operators/onnx__ScatterND.html
#include "operators/copy.h"
#include "operators/indexing/index_tuples.h"
#include "operators/indexing/scatter_reduction.h"
#include "operators/packed_operands.h"

namespace ranvier::operators {
namespace {

void infer(Spec& spec) {
  check_index_type(spec, 1);
  check_updates(spec);
  const Shape& data = spec.input(0).shape;
  const Shape& indices = spec.input(1).shape;
  if (indices.empty()) fail(ErrorCode::invalid_argument, "input 1 is a scalar, expected tuples of indices");
  const IndexTuples tuples(data, indices.back());
  Shape expected(std::span(indices.begin(), indices.end() - 1));
  for (auto axis = static_cast<std::size_t>(indices.back()); axis < data.rank(); ++axis) expected.push_back(data[axis]);
  if (spec.input(2).shape != expected)
    fail(ErrorCode::invalid_argument, "input 2 has shape {}, expected {} for data of shape {} and indices of shape {}",
         to_string(spec.input(2).shape), to_string(expected), to_string(data), to_string(indices));
  spec.set_output(0, spec.input(0).type, data);
}

Kernel reference(const Spec& spec) {
  const IndexTuples tuples(spec.input(0).shape, spec.input(1).shape.back());
  const std::int64_t updated = spec.input(2).shape.elements();
  const DataType index_type = spec.input(1).type;
  const Kernel copy = copy_first_input(spec);
  return scatter_kernel(spec.input(0).type, scatter_reduction(spec), [&]<class T>(const auto& combine) -> Kernel {
    return {[=](const Buffers& buffers) {
      copy.run(buffers);
      const Indices indices(buffers.inputs[1], index_type);
      const T* updates = buffers.input<T>(2);
      for (std::int64_t t = 0; t * tuples.slice() < updated; ++t, updates += tuples.slice()) {
        T* out = buffers.output<T>(0) + tuples.offset(indices, t);
        for (std::int64_t i = 0; i < tuples.slice(); ++i) combine(out[i], updates[i]);
      }
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};

}  // namespace

extern const Operator scatter_nd = {.inputs = {3, 3}, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
