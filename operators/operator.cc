#include "operators/operator.h"

#include <algorithm>
#include <deque>

#include "runtime/core/arena.h"

namespace ranvier::operators {

const TensorInfo& Spec::absent() {
  static const TensorInfo nothing;
  return nothing;
}

std::vector<std::int64_t> Spec::integers(std::size_t i) const {
  const Tensor* value = input(i).value;
  if (value == nullptr) fail(ErrorCode::internal, "the contents of input {} are needed, but not known", i);
  if (!IntegerTypes::set.contains(value->type()))
    fail(ErrorCode::invalid_model, "input {} has type {}, expected integers", i, name(value->type()));
  return dispatch<IntegerTypes>(value->type(), [&]<class T>() {
    const auto elements = value->values<T>();
    return std::vector<std::int64_t>(elements.begin(), elements.end());
  });
}

namespace {

void check_count(std::size_t count, const Arity& arity, std::string_view what) {
  if (count >= arity.least && count <= arity.most) return;
  if (arity.least == arity.most)
    fail(ErrorCode::invalid_model, "the node has {} {}, expected {}", count, what, arity.least);
  if (arity.most == any_number)
    fail(ErrorCode::invalid_model, "the node has {} {}, expected at least {}", count, what, arity.least);
  fail(ErrorCode::invalid_model, "the node has {} {}, expected {} to {}", count, what, arity.least, arity.most);
}

}  // namespace

void check_operands(const Operator& op, const Spec& spec) {
  check_count(spec.input_count(), op.inputs, "inputs");
  check_count(spec.output_count(), op.outputs, "outputs");
  for (std::size_t i = 0; i < op.inputs.least; ++i)
    if (!spec.input(i).present()) fail(ErrorCode::invalid_model, "input {} is missing", i);
  const TensorInfo& first = spec.input(0);
  if (first.present() && !op.types.contains(first.type))
    fail(ErrorCode::unsupported, "input 0 has type {}, supported are: {}", name(first.type), to_string(op.types));
}

void infer_as_first_input(Spec& spec) { spec.set_output(0, spec.input(0).type, spec.input(0).shape); }

void check_size(std::size_t i, const TensorInfo& output, const Settings& settings) {
  const std::size_t bytes = byte_size(output.type, output.shape);
  if (settings.memory_limit != 0 && bytes > settings.memory_limit)
    fail(ErrorCode::out_of_memory, "output {} of shape {} takes {} bytes, the limit is {}", i, to_string(output.shape),
         bytes, settings.memory_limit);
}

std::vector<Tensor> evaluate(const Operator& op, const graph::Node& node, std::span<const Tensor* const> inputs,
                             const Settings& settings) {
  std::vector<TensorInfo> infos;
  std::vector<const void*> input_data;
  std::deque<Tensor> copies;
  for (const Tensor* input : inputs) {
    if (input != nullptr && !input->dense()) input = &copies.emplace_back(input->copy());
    infos.push_back(input == nullptr ? TensorInfo{} : TensorInfo{input->type(), input->shape(), input});
    input_data.push_back(input == nullptr ? nullptr : input->data());
  }
  Spec spec(node, std::move(infos), settings);
  check_operands(op, spec);
  if (op.evaluate != nullptr) return op.evaluate(spec);
  op.infer(spec);
  // Optional operands that the node leaves out at the end read as absent.
  if (op.inputs.most != any_number) input_data.resize(std::max(input_data.size(), op.inputs.most), nullptr);
  std::vector<Tensor> outputs;
  std::vector<void*> output_data;
  for (std::size_t i = 0; i < spec.output_count(); ++i) {
    const TensorInfo& info = spec.output(i);
    check_size(i, info, settings);
    outputs.push_back(info.present() ? Tensor(info.type, info.shape) : Tensor());
    output_data.push_back(info.present() ? outputs.back().mutable_data() : nullptr);
  }
  const Kernel kernel = op.implementations.back().prepare(spec);
  const AlignedBuffer scratch(kernel.scratch_bytes);
  kernel.run({input_data.data(), output_data.data(), scratch.data()});
  return outputs;
}

}  // namespace ranvier::operators
