// GatherND: for each tuple of indices, an element or a slice of the data.
// https://onnx.ai/onnx/operators/onnx__GatherND.html
#include <algorithm>

#include "operators/indexing/index_tuples.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"

namespace ranvier::operators {
namespace {

/// The leading axes that data and indices share, since opset 12.
std::size_t batch_rank(const Spec& spec) {
  const Shape& data = spec.input(0).shape;
  const Shape& indices = spec.input(1).shape;
  const auto batch = spec.node().get<std::int64_t>("batch_dims", 0);
  const std::size_t least = std::min(data.rank(), indices.rank());
  if (batch < 0 || (batch != 0 && static_cast<std::size_t>(batch) >= least) || least == 0)
    fail(ErrorCode::invalid_model, "attribute 'batch_dims' is {}, the inputs have shapes {} and {}", batch,
         to_string(data), to_string(indices));
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(batch); ++axis)
    if (data[axis] != indices[axis])
      fail(ErrorCode::invalid_argument, "inputs of shapes {} and {} do not agree in the first {} dimensions",
           to_string(data), to_string(indices), batch);
  return static_cast<std::size_t>(batch);
}

/// The data of one batch.
Shape batch_of(const Spec& spec) {
  const Shape& data = spec.input(0).shape;
  return Shape(std::span(data.begin() + batch_rank(spec), data.end()));
}

void infer(Spec& spec) {
  check_index_type(spec, 1);
  const Shape& indices = spec.input(1).shape;
  const Shape batch = batch_of(spec);
  const IndexTuples tuples(batch, indices.back());
  Shape shape(std::span(indices.begin(), indices.end() - 1));
  for (auto axis = static_cast<std::size_t>(indices.back()); axis < batch.rank(); ++axis) shape.push_back(batch[axis]);
  spec.set_output(0, spec.input(0).type, shape);
}

Kernel reference(const Spec& spec) {
  if (spec.output(0).shape.elements() == 0) return {[](const Buffers&) {}};
  const Shape& indices_shape = spec.input(1).shape;
  const Shape batch = batch_of(spec);
  const std::size_t shared = batch_rank(spec);
  const IndexTuples tuples(batch, indices_shape.back());
  const std::int64_t batches = product(indices_shape, 0, shared);
  const std::int64_t per_batch = product(indices_shape, shared, indices_shape.rank() - 1);
  const std::int64_t batch_elements = batch.elements();
  const DataType index_type = spec.input(1).type;
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const Indices indices(buffers.inputs[1], index_type);
      const T* in = buffers.input<T>(0);
      T* out = buffers.output<T>(0);
      for (std::int64_t t = 0; t < batches * per_batch; ++t, out += tuples.slice())
        std::copy_n(in + t / per_batch * batch_elements + tuples.offset(indices, t), tuples.slice(), out);
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};

}  // namespace

extern const Operator gather_nd = {.inputs = {2, 2}, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
