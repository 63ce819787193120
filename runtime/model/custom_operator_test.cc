#include "ranvier/custom_operator.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "runtime/model/model_testing.h"

namespace ranvier {
namespace {

using loader::testing::add_attribute;
using loader::testing::add_node;
using loader::testing::declare;
using loader::testing::error_of;
using testing::floats;
using testing::parse;

using Floats = std::vector<float>;

/// y = com.example::Scale(x), version 2, whose factor is 3; float[?, 2].
onnx::ModelProto scale_model() {
  onnx::ModelProto model = loader::testing::empty_model();
  auto* import = model.add_opset_import();
  import->set_domain("com.example");
  import->set_version(2);
  declare(model.mutable_graph()->add_input(), "x", {-1, 2});
  declare(model.mutable_graph()->add_output(), "y", {-1, 2});
  onnx::NodeProto* node = add_node(model.mutable_graph(), "Scale", {"x"}, {"y"}, "scale");
  node->set_domain("com.example");
  add_attribute(node, "factor", onnx::AttributeProto::FLOAT)->set_f(3);
  return model;
}

std::vector<TensorType> as_first_input(const CustomNode& node) { return {node.input_type(0)}; }

CustomOperator scale(std::int64_t since = 1) {
  return {.domain = "com.example",
          .name = "Scale",
          .since = since,
          .types = as_first_input,
          .compute = [](const CustomCall& call) {
            const float factor = call.attribute<float>("factor");
            const Tensor x = call.input(0);
            Tensor y = call.output(0);
            for (std::size_t i = 0; i < x.values<float>().size(); ++i)
              y.mutable_values<float>()[i] = factor * x.values<float>()[i];
          }};
}

Tensor row(float a, float b) { return Tensor::of<float>({1, 2}, {a, b}); }

/// What a run with these functions ends with.
std::string run_error(CustomOperator custom) {
  return error_of([&] { Session(parse(scale_model(), {.operators = {std::move(custom)}})).run({row(1, 2)}); });
}

TEST(CustomOperator, RunsHoweverTheModelIsRun) {
  const Model model = parse(scale_model(), {.operators = {scale()}});
  EXPECT_EQ(floats(Session(model).run({row(1, 2)})[0]), (Floats{3, 6}));
  EXPECT_EQ(floats(Session(model, {.reference = true}).run({row(1, 2)})[0]), (Floats{3, 6}));
  Tensor x = row(1, 2);
  Binding binding = Session(model).bind({x}, {Tensor()});
  x.mutable_values<float>()[0] = 5;
  ASSERT_TRUE(binding.run());
  EXPECT_EQ(floats(binding.outputs()[0]), (Floats{15, 6}));
}

TEST(CustomOperator, HasToBeRegistered) {
  EXPECT_EQ(error_of([] { parse(scale_model()); }),
            "unsupported: Scale (domain com.example, opset 2): a custom operator that is not registered "
            "(ModelOptions::operators); node 'scale'");
  EXPECT_EQ(error_of([] { parse(scale_model(), {.operators = {scale(3)}}); }),
            "unsupported: Scale (domain com.example, opset 2): a custom operator, registered for later versions only; "
            "node 'scale'");
}

TEST(CustomOperator, TheLatestMeaningThatTheModelKnowsIsTaken) {
  CustomOperator newer = scale(2);
  newer.compute = [](const CustomCall& call) { call.output(0).mutable_values<float>()[0] = 7; };
  CustomOperator newest = scale(3);
  newest.compute = [](const CustomCall&) { throw std::logic_error("too new"); };
  const Model model = parse(scale_model(), {.operators = {scale(1), newest, newer}});
  EXPECT_EQ(floats(Session(model).run({row(1, 2)})[0])[0], 7);
}

TEST(CustomOperator, WhatItThrowsNamesTheNode) {
  const std::string node = "node 'scale' (com.example::Scale, opset 2): ";
  CustomOperator broken = scale();
  broken.compute = [](const CustomCall&) { throw std::runtime_error("no camera"); };
  EXPECT_EQ(run_error(broken), "custom_operator: " + node + "the custom operator threw: no camera");
  broken.compute = [](const CustomCall&) { throw 5; };
  EXPECT_EQ(run_error(broken),
            "custom_operator: " + node + "the custom operator threw something that is no std::exception");
  broken.compute = [](const CustomCall&) { throw Error(ErrorCode::invalid_argument, "x is negative"); };
  EXPECT_EQ(run_error(broken), "invalid_argument: " + node + "x is negative");
  broken = scale();
  broken.types = [](const CustomNode&) -> std::vector<TensorType> { throw std::runtime_error("too wide"); };
  EXPECT_EQ(run_error(broken), "custom_operator: " + node + "the custom operator threw: too wide");
  broken.types = [](const CustomNode&) { return std::vector<TensorType>(); };
  EXPECT_EQ(run_error(broken), "custom_operator: " + node + "the custom operator does not tell the type of output 0");
  broken.types = [](const CustomNode&) { return std::vector<TensorType>{{DataType::float32, {-1}}}; };
  EXPECT_EQ(run_error(broken), "custom_operator: " + node + "the custom operator gives output 0 the shape [-1]");
  broken = scale();
  broken.compute = [](const CustomCall& call) { (void)call.attribute<std::int64_t>("factor"); };
  EXPECT_EQ(run_error(broken), "invalid_model: " + node + "attribute 'factor' is of kind float, expected int");
  broken.compute = [](const CustomCall& call) { (void)call.attribute<float>("offset"); };
  EXPECT_EQ(run_error(broken), "invalid_model: " + node + "attribute 'offset' is missing");
}

TEST(CustomOperator, ABindingReportsWhatItThrows) {
  CustomOperator broken = scale();
  broken.compute = [](const CustomCall&) { throw std::runtime_error("no camera"); };
  Binding binding = Session(parse(scale_model(), {.operators = {broken}})).bind({row(1, 2)}, {Tensor()});
  EXPECT_FALSE(binding.run());
  EXPECT_EQ(binding.error()->code(), ErrorCode::custom_operator);
}

TEST(CustomOperator, IsCheckedBeforeTheModelIsRead) {
  const auto error = [](std::vector<CustomOperator> operators) {
    return error_of([&] { Model::load("no such file", {.operators = std::move(operators)}); });
  };
  const std::string scale_1 = "invalid_argument: the custom operator com.example::Scale, since 1: ";
  EXPECT_EQ(error({scale(), scale()}), scale_1 + "it is given twice");
  CustomOperator custom = scale();
  custom.types = nullptr;
  EXPECT_EQ(error({custom}), scale_1 + "its function 'types' is missing");
  custom = scale();
  custom.compute = nullptr;
  EXPECT_EQ(error({custom}), scale_1 + "its function 'compute' is missing");
  EXPECT_EQ(error({scale(0)}),
            "invalid_argument: the custom operator com.example::Scale, since 0: expected a version of at least 1");
  custom = scale();
  custom.name = "";
  EXPECT_EQ(error({custom}), "invalid_argument: a custom operator has no name");
  custom = scale();
  custom.domain = "ai.onnx";
  custom.name = "Relu";
  EXPECT_EQ(error({custom}), "invalid_argument: the custom operator Relu, since 1: Ranvier has it itself");
}

TEST(CustomOperator, SeesAttributesOperandsAndWhatIsAbsent) {
  onnx::ModelProto proto = scale_model();
  onnx::NodeProto* node = proto.mutable_graph()->mutable_node(0);
  node->add_input("");
  node->add_input("bias");
  node->add_output("");
  node->add_output("z");
  loader::testing::set_floats(proto.mutable_graph()->add_initializer(), "bias", {1}, {4});
  declare(proto.mutable_graph()->add_output(), "z", {-1, 2});
  add_attribute(node, "names", onnx::AttributeProto::STRINGS)->add_strings("left");
  CustomOperator custom = scale();
  custom.types = [](const CustomNode& asked) -> std::vector<TensorType> {
    EXPECT_EQ(asked.name(), "scale");
    EXPECT_EQ(asked.version(), 2);
    EXPECT_EQ(asked.input_count(), 3u);
    EXPECT_FALSE(asked.input_type(1).present());
    EXPECT_EQ(asked.input_type(2).shape, (Shape{1}));
    EXPECT_EQ(asked.value(0), nullptr);
    EXPECT_EQ(asked.value(2)->values<float>()[0], 4);
    EXPECT_EQ(asked.output_count(), 3u);
    EXPECT_FALSE(asked.wants_output(1));
    EXPECT_TRUE(asked.has_attribute("names"));
    EXPECT_EQ(asked.attribute<std::vector<std::string>>("names"), (std::vector<std::string>{"left"}));
    EXPECT_EQ(asked.attribute<std::int64_t>("count", 9), 9);
    return {asked.input_type(0), {}, asked.input_type(0)};
  };
  custom.compute = [](const CustomCall& call) {
    EXPECT_TRUE(call.input(0).read_only());
    EXPECT_FALSE(call.input(1).defined());
    EXPECT_FALSE(call.input(9).defined());
    EXPECT_EQ(call.input(2).values<float>()[0], 4);
    EXPECT_FALSE(call.output(1).defined());
    call.output(0).mutable_values<float>()[0] = 1;
    call.output(2).mutable_values<float>()[1] = 2;
  };
  const std::vector<Tensor> outputs = Session(parse(proto, {.operators = {custom}})).run({row(0, 0)});
  EXPECT_EQ(floats(outputs[0])[0], 1);
  EXPECT_EQ(floats(outputs[1])[1], 2);
}

TEST(CustomOperator, MayMakeTypesOfContents) {
  // Repeats the rows as often as its second input says, which the model computes.
  onnx::ModelProto proto = scale_model();
  declare(proto.mutable_graph()->add_input(), "count", {1});
  add_node(proto.mutable_graph(), "Neg", {"count"}, {"negative"});
  proto.mutable_graph()->mutable_node(0)->add_input("negative");
  CustomOperator custom = scale();
  custom.value_inputs = {1};
  custom.types = [](const CustomNode& node) -> std::vector<TensorType> {
    return {{DataType::float32, {static_cast<std::int64_t>(-node.value(1)->values<float>()[0]), 2}}};
  };
  custom.compute = [](const CustomCall& call) {
    for (float& each : call.output(0).mutable_values<float>()) each = call.input(0).values<float>()[0];
  };
  const Session session(parse(proto, {.operators = {custom}}));
  for (const float count : {2.f, 3.f}) {
    const Tensor y = session.run({row(5, 0), Tensor::of<float>({1}, {count})})[0];
    EXPECT_EQ(y.shape(), (Shape{static_cast<std::int64_t>(count), 2}));
    EXPECT_EQ(floats(y), Floats(static_cast<std::size_t>(2 * count), 5));
  }
  EXPECT_EQ(error_of([&] {
              (void)session.bind({row(5, 0), Tensor::of<float>({1}, {2})}, {Tensor()});
            }),
            "unsupported: outputs cannot be bound: their shapes depend on the elements of the inputs");
}

TEST(CustomOperator, RunsEachTimeAlsoOnConstants) {
  onnx::ModelProto proto = scale_model();
  proto.mutable_graph()->mutable_node(0)->set_input(0, "constant");
  loader::testing::set_floats(proto.mutable_graph()->add_initializer(), "constant", {1, 2}, {1, 2});
  std::atomic<int> calls = 0;
  CustomOperator custom = scale();
  custom.compute = [&](const CustomCall&) { ++calls; };
  const Session session(parse(proto, {.operators = {custom}}));
  EXPECT_EQ(calls, 0);
  for (int run = 1; run <= 3; ++run) {
    session.run({row(0, 0)});
    EXPECT_EQ(calls, run);
  }
}

TEST(CustomOperator, TakesThePlaceOfAFunctionAndOfWhatOnnxHas) {
  onnx::ModelProto proto = scale_model();
  onnx::FunctionProto* function = proto.add_functions();
  function->set_domain("com.example");
  function->set_name("Scale");
  function->add_input("a");
  function->add_output("b");
  function->add_opset_import()->set_version(17);
  add_node(function, "Neg", {"a"}, {"b"});
  EXPECT_EQ(floats(Session(parse(proto)).run({row(1, 2)})[0]), (Floats{-1, -2}));
  EXPECT_EQ(floats(Session(parse(proto, {.operators = {scale()}})).run({row(1, 2)})[0]), (Floats{3, 6}));
  proto = scale_model();
  proto.mutable_graph()->mutable_node(0)->set_domain("");
  CustomOperator standard = scale();
  standard.domain = "ai.onnx";
  EXPECT_EQ(floats(Session(parse(proto, {.operators = {standard}})).run({row(1, 2)})[0]), (Floats{3, 6}));
}

}  // namespace
}  // namespace ranvier
