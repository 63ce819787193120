#include "operators/testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "operators/table.h"
#include "runtime/core/arena.h"
#include "runtime/core/packed.h"
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

/// Elements of `type` whose bits say `codes`, cut to what an element holds; strings say them in decimal, 0 as "".
Tensor coded(DataType type, const Tensor& codes) {
  Tensor tensor(type, codes.shape());
  const std::size_t size = bits(type) / 8;
  for (std::int64_t i = 0; i < codes.elements(); ++i) {
    const std::int64_t code = codes.values<std::int64_t>()[static_cast<std::size_t>(i)];
    auto* bytes = static_cast<std::byte*>(tensor.mutable_data());
    const std::int64_t kept = type == DataType::boolean ? code & 1 : code;
    if (type == DataType::string) {
      reinterpret_cast<std::string*>(bytes)[i] = code == 0 ? "" : std::to_string(code);
    } else if (bits(type) == 2) {
      write_packed<2>(bytes, i, static_cast<unsigned>(code));
    } else if (bits(type) == 4) {
      write_packed<4>(bytes, i, static_cast<unsigned>(code));
    } else {
      std::memcpy(bytes + static_cast<std::size_t>(i) * size, &kept, std::min(size, sizeof(kept)));
    }
  }
  return tensor;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.type() != b.type() || a.shape() != b.shape()) return false;
  if (a.type() == DataType::string) return std::ranges::equal(a.values<std::string>(), b.values<std::string>());
  return a.bytes() == 0 || std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

}  // namespace

Tensor counting(const Shape& shape, std::int64_t first) {
  Tensor tensor(DataType::int64, shape);
  const auto values = tensor.mutable_values<std::int64_t>();
  std::iota(values.begin(), values.end(), first);
  return tensor;
}

void expect_moves(const Call& call, const std::vector<Tensor>& inputs, const std::vector<std::size_t>& data,
                  TypeSet types) {
  const std::vector<Tensor> expected = run(call, inputs);
  for (int number = 1; number < data_type_count; ++number) {
    const auto type = static_cast<DataType>(number);
    std::vector<Tensor> typed = inputs;
    for (const std::size_t i : data) typed[i] = coded(type, inputs[i]);
    if (!types.contains(type)) {
      EXPECT_EQ(error_of(call, typed).substr(0, 13), "unsupported: ") << name(type);
      continue;
    }
    const std::vector<Tensor> got = run(call, typed);
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_TRUE(same_bits(got[i], coded(type, expected[i]))) << "output " << i << " of type " << name(type);
  }
}

std::string error_of(const Call& call, const std::vector<Tensor>& inputs) {
  return error_of([&] { run(call, inputs); });
}

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
