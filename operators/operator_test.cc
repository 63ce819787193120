#include "operators/operator.h"

#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::error_of;
using testing::row;

const TensorInfo floats = {DataType::float32, {2}, nullptr};

std::string operand_error(const Operator& op, std::vector<TensorInfo> inputs, std::size_t outputs = 1) {
  graph::Node node;
  node.outputs.resize(outputs);
  return error_of([&] { check_operands(op, Spec(node, std::move(inputs))); });
}

TEST(Spec, ReadsWhatTheNodeDoesNotHaveAsAbsent) {
  const graph::Node node{.inputs = {0, graph::none}, .outputs = {1, graph::none}};
  Spec spec(node, {floats, {}});
  EXPECT_TRUE(spec.input(0).present());
  EXPECT_FALSE(spec.input(1).present());
  EXPECT_FALSE(spec.input(9).present());
  for (std::size_t i = 0; i < 3; ++i) spec.set_output(i, DataType::float32, {2});
  EXPECT_TRUE(spec.wants_output(0) && spec.output(0).present());
  EXPECT_FALSE(spec.wants_output(1) || spec.output(1).present());
  EXPECT_FALSE(spec.wants_output(2) || spec.output(2).present());
}

TEST(Spec, ReadsKnownIntegersOfAnyType) {
  const graph::Node node;
  const auto integers = [&](const Tensor& value) {
    return Spec(node, {{value.type(), value.shape(), &value}}).integers(0);
  };
  EXPECT_EQ(integers(row<std::int8_t>({-1, 2})), (std::vector<std::int64_t>{-1, 2}));
  EXPECT_EQ(integers(row<std::uint32_t>({~0u})), std::vector<std::int64_t>{0xffffffff});
  EXPECT_EQ(error_of([&] { integers(row<float>({1})); }), "invalid_model: input 0 has type float, expected integers");
  EXPECT_EQ(error_of([&] { Spec(node, {floats}).integers(0); }),
            "internal: the contents of input 0 are needed, but not known");
}

TEST(CheckOperands, CountsInputsAndOutputs) {
  EXPECT_EQ(operand_error({}, {floats}), "");
  EXPECT_EQ(operand_error({}, {floats, floats}), "invalid_model: the node has 2 inputs, expected 1");
  EXPECT_EQ(operand_error({.inputs = {1, 3}}, {}), "invalid_model: the node has 0 inputs, expected 1 to 3");
  EXPECT_EQ(operand_error({.inputs = {2, any_number}}, {floats}),
            "invalid_model: the node has 1 inputs, expected at least 2");
  EXPECT_EQ(operand_error({.outputs = {1, 2}}, {floats}, 3), "invalid_model: the node has 3 outputs, expected 1 to 2");
  EXPECT_EQ(operand_error({.inputs = {1, 2}}, {floats, {}}), "");
  EXPECT_EQ(operand_error({.inputs = {2, 2}}, {floats, {}}), "invalid_model: input 1 is missing");
}

TEST(CheckOperands, KnowsTheTypesOfTheFirstInput) {
  EXPECT_EQ(operand_error({.types = BoolType::set | TypeSet::of(DataType::int4)}, {floats}),
            "unsupported: input 0 has type float, supported are: bool, int4");
  EXPECT_EQ(operand_error({.inputs = {0, 1}, .types = BoolType::set}, {}), "");
}

TEST(CheckSize, KeepsToTheLimit) {
  check_size(0, floats, {.memory_limit = 8});
  EXPECT_EQ(error_of([] { check_size(1, floats, {.memory_limit = 7}); }),
            "out_of_memory: output 1 of shape [2] takes 8 bytes, the limit is 7");
}

TEST(Evaluate, ChecksOperandsAndSizesBeforeItComputes) {
  const graph::Node node{.inputs = {0}, .outputs = {1}};
  const Operator op = {.infer = [](Spec& spec) { spec.set_output(0, DataType::float32, {8}); }};
  const Tensor in = row<float>({1});
  const Tensor* inputs[] = {&in};
  EXPECT_EQ(error_of([&] { evaluate(op, node, inputs, {.memory_limit = 31}); }),
            "out_of_memory: output 0 of shape [8] takes 32 bytes, the limit is 31");
  EXPECT_EQ(error_of([&] { evaluate(op, node, {}); }), "invalid_model: the node has 0 inputs, expected 1");
}

TEST(Evaluate, ReadsInputsLeftOutAtTheEndAsAbsent) {
  constexpr Implementation implementations[] = {
      {.name = "reference", .prepare = [](const Spec&) -> Kernel {
         return {[](const Buffers& buffers) { *buffers.output<bool>(0) = buffers.inputs[2] == nullptr; }};
       }}};
  const Operator op = {.inputs = {1, 3},
                       .infer = [](Spec& spec) { spec.set_output(0, DataType::boolean, {}); },
                       .implementations = implementations};
  const graph::Node node{.inputs = {0}, .outputs = {1}};
  const Tensor in = row<float>({1});
  const Tensor* inputs[] = {&in};
  EXPECT_TRUE(evaluate(op, node, inputs)[0].values<bool>()[0]);
}

}  // namespace
}  // namespace ranvier::operators
