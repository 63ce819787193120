#include "operators/testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "operators/table.h"
#include "runtime/core/arena.h"
#include "runtime/core/thread_pool.h"

namespace ranvier::operators::testing {
namespace {

std::vector<Tensor> run_implementation(const Implementation& implementation, const Spec& spec,
                                       const std::vector<Tensor>& inputs) {
  std::vector<const void*> input_data;
  for (const Tensor& input : inputs) input_data.push_back(input.data());
  std::vector<Tensor> outputs;
  std::vector<void*> output_data;
  for (std::size_t i = 0; i < spec.output_count(); ++i) {
    const TensorInfo& info = spec.output(i);
    outputs.push_back(info.present() ? Tensor(info.type, info.shape) : Tensor());
    output_data.push_back(info.present() ? outputs.back().mutable_data() : nullptr);
  }
  const Kernel kernel = implementation.prepare(spec);
  const AlignedBuffer scratch(kernel.scratch_bytes);
  kernel.run({input_data.data(), output_data.data(), scratch.data()});
  return outputs;
}

bool close(double a, double b, double tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::abs(a - b) <= tolerance + tolerance * std::abs(b);
}

void expect_agreement(const Tensor& got, const Tensor& expected, double tolerance, std::string_view implementation) {
  if (!NumericTypes::set.contains(expected.type())) return;
  dispatch<NumericTypes>(expected.type(), [&]<class T>() {
    const auto a = got.values<T>();
    const auto b = expected.values<T>();
    for (std::size_t i = 0; i < a.size(); ++i) {
      const auto x = static_cast<double>(static_cast<Compute<T>>(a[i]));
      const auto y = static_cast<double>(static_cast<Compute<T>>(b[i]));
      if (close(x, y, tolerance)) continue;
      ADD_FAILURE() << implementation << " gives " << x << " at element " << i << ", the reference " << y;
      return;
    }
  });
}

/// Runs every implementation but the reference that does not refuse.
void compare_implementations(const Operator& op, Spec spec, const std::vector<Tensor>& inputs,
                             const std::vector<Tensor>& expected, double tolerance) {
  op.infer(spec);
  for (const Implementation& implementation : op.implementations.first(op.implementations.size() - 1)) {
    if (implementation.refusal != nullptr && implementation.refusal(spec)) continue;
    const std::vector<Tensor> got = run_implementation(implementation, spec, inputs);
    for (std::size_t i = 0; i < got.size(); ++i) expect_agreement(got[i], expected[i], tolerance, implementation.name);
  }
}

}  // namespace

std::vector<Tensor> run(const Call& call, const std::vector<Tensor>& inputs, double tolerance) {
  const Operator* op = find_operator(call.domain, call.op_type, call.version);
  if (op == nullptr) fail(ErrorCode::unsupported, "no operator {} at version {}", call.op_type, call.version);
  graph::Node node{.name = "test",
                   .domain = call.domain,
                   .op_type = call.op_type,
                   .version = call.version,
                   .inputs = {},
                   .outputs = {},
                   .attributes = call.attributes};
  std::vector<const Tensor*> pointers;
  std::vector<TensorInfo> infos;
  for (const Tensor& input : inputs) {
    node.inputs.push_back(input.defined() ? static_cast<graph::ValueId>(pointers.size()) : graph::none);
    pointers.push_back(input.defined() ? &input : nullptr);
    infos.push_back(input.defined() ? TensorInfo{input.type(), input.shape(), &input} : TensorInfo{});
  }
  for (std::size_t i = 0; i < call.outputs; ++i) node.outputs.push_back(static_cast<graph::ValueId>(inputs.size() + i));
  const std::vector<Tensor> expected = evaluate(*op, node, pointers);
  if (op->evaluate != nullptr) return expected;
  compare_implementations(*op, Spec(node, infos, {.threads = 1}), inputs, expected, tolerance);
  for (std::size_t i = 0; i < infos.size(); ++i)
    if (std::ranges::find(op->value_inputs, i) == op->value_inputs.end()) infos[i].value = nullptr;
  ThreadPool pool(2);
  compare_implementations(*op, Spec(node, infos, {.threads = 2, .pool = &pool}), inputs, expected, tolerance);
  return expected;
}

}  // namespace ranvier::operators::testing
