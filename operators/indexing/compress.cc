// Compress: the slices along an axis (or the elements) for which a condition holds.
// https://onnx.ai/onnx/operators/onnx__Compress.html
#include <algorithm>

#include "operators/operator.h"
#include "operators/storage.h"

namespace ranvier::operators {
namespace {

/// The places where the condition, which may be shorter than the axis, holds.
std::vector<std::int64_t> selected(const Tensor& condition, std::int64_t size) {
  if (condition.type() != DataType::boolean || condition.shape().rank() != 1)
    fail(ErrorCode::invalid_model, "input 1 is {}{}, expected one dimension of type bool", name(condition.type()),
         to_string(condition.shape()));
  const auto holds = condition.values<bool>();
  std::vector<std::int64_t> places;
  for (std::size_t i = 0; i < holds.size(); ++i)
    if (holds[i]) places.push_back(static_cast<std::int64_t>(i));
  if (!places.empty() && places.back() >= size)
    fail(ErrorCode::invalid_argument, "input 1 selects place {} of an axis of size {}", places.back(), size);
  return places;
}

std::vector<Tensor> evaluate_compress(const Spec& spec) {
  Tensor input = *spec.input(0).value;
  const auto* given = spec.node().find<std::int64_t>("axis");
  if (given == nullptr) input = input.reshaped({input.elements()});
  Shape shape = input.shape();
  const std::size_t axis = given == nullptr ? 0 : normalized_axis(*given, shape.rank());
  const std::int64_t size = shape[axis];
  const std::vector<std::int64_t> places = selected(*spec.input(1).value, size);
  shape[axis] = static_cast<std::int64_t>(places.size());
  Tensor output(input.type(), shape);
  if (output.elements() == 0) return {output};
  const std::int64_t outer = product(shape, 0, axis);
  const std::int64_t slice = product(shape, axis + 1, shape.rank());
  dispatch<StorageTypes>(storage_type(input.type()), [&]<class T>() {
    const T* in = static_cast<const T*>(input.data());
    T* out = static_cast<T*>(output.mutable_data());
    for (std::int64_t i = 0; i < outer; ++i, in += size * slice)
      for (const std::int64_t place : places) out = std::copy_n(in + place * slice, slice, out);
  });
  return {output};
}

}  // namespace

extern const Operator compress = {.inputs = {2, 2}, .evaluate = evaluate_compress};

}  // namespace ranvier::operators
