// NonZero: the positions of the elements that are not zero, one column for each.
// https://onnx.ai/onnx/operators/onnx__NonZero.html
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

using ZeroTypes = Joined<NumericTypes, Types<bool, std::string>>;

/// The flat positions; the empty string counts as zero.
std::vector<std::int64_t> places(const Tensor& input) {
  return dispatch<ZeroTypes>(input.type(), [&]<class T>() {
    const auto values = input.values<T>();
    std::vector<std::int64_t> result;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (static_cast<Compute<T>>(values[i]) != Compute<T>{}) result.push_back(static_cast<std::int64_t>(i));
    return result;
  });
}

/// A scalar has no position, so that its output has no rows.
std::vector<Tensor> evaluate_non_zero(const Spec& spec) {
  const Tensor& input = *spec.input(0).value;
  const Shape& shape = input.shape();
  const std::vector<std::int64_t> found = places(input);
  const auto count = static_cast<std::int64_t>(found.size());
  const Shape result = {static_cast<std::int64_t>(shape.rank()), count};
  check_size(0, {DataType::int64, result, nullptr}, spec.settings());
  Tensor output(DataType::int64, result);
  std::int64_t* out = output.mutable_values<std::int64_t>().data();
  const Shape strides = row_major_strides(shape);
  for (std::size_t axis = 0; axis < shape.rank(); ++axis)
    for (const std::int64_t place : found) *out++ = place / strides[axis] % shape[axis];
  return {output};
}

}  // namespace

extern const Operator non_zero = {.types = ZeroTypes::set, .evaluate = evaluate_non_zero};

}  // namespace ranvier::operators
