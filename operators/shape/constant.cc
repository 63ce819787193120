// Constant: a tensor that the node itself holds.
// https://onnx.ai/onnx/operators/onnx__Constant.html
#include "operators/copy.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

template <class T>
Tensor scalar(const T& value) {
  return Tensor::of<T>({}, std::span<const T>(&value, 1));
}

template <class T>
Tensor vector(const std::vector<T>& values) {
  return Tensor::of<T>({static_cast<std::int64_t>(values.size())}, values);
}

/// The one attribute of the node that holds a value; sparse ones are dense by now.
Tensor value_of(const Spec& spec) {
  const graph::Node& node = spec.node();
  const Tensor* value = node.find<Tensor>("value");
  if (value == nullptr) value = node.find<Tensor>("sparse_value");
  if (value != nullptr) return *value;
  if (const auto* number = node.find<float>("value_float")) return scalar(*number);
  if (const auto* numbers = node.find<std::vector<float>>("value_floats")) return vector(*numbers);
  if (const auto* number = node.find<std::int64_t>("value_int")) return scalar(*number);
  if (const auto* numbers = node.find<std::vector<std::int64_t>>("value_ints")) return vector(*numbers);
  if (const auto* text = node.find<std::string>("value_string")) return scalar(*text);
  if (const auto* texts = node.find<std::vector<std::string>>("value_strings")) return vector(*texts);
  fail(ErrorCode::invalid_model, "no attribute 'value' or 'value_...' gives the constant");
}

void infer(Spec& spec) {
  const Tensor value = value_of(spec);
  spec.set_output(0, value.type(), value.shape());
}

Kernel reference(const Spec& spec) {
  const Tensor value = value_of(spec);
  return {
      [=](const Buffers& buffers) { copy_elements(value.type(), value.data(), buffers.outputs[0], value.bytes()); }};
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator constant = {.inputs = {0, 0}, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
