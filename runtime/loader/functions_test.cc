#include "runtime/loader/functions.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>
#include <gtest/gtest.h>

#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using namespace testing;
using onnx::AttributeProto;

/// A model that imports com.example, and a call of com.example::`name`.
onnx::ModelProto calling(const std::string& name, std::initializer_list<std::string> inputs,
                         std::initializer_list<std::string> outputs) {
  onnx::ModelProto model = empty_model();
  declare(model.mutable_graph()->add_input(), "x", {2});
  add_node(model.mutable_graph(), name, inputs, outputs, "call")->set_domain("com.example");
  for (const std::string& output : outputs)
    if (!output.empty()) model.mutable_graph()->add_output()->set_name(output);
  return model;
}

onnx::FunctionProto* add_function(onnx::ModelProto& model, const std::string& name,
                                  std::initializer_list<std::string> inputs,
                                  std::initializer_list<std::string> outputs) {
  onnx::FunctionProto* function = model.add_functions();
  function->set_domain("com.example");
  function->set_name(name);
  for (const std::string& input : inputs) function->add_input(input);
  for (const std::string& output : outputs) function->add_output(output);
  return function;
}

template <class Message>
void add_unknown(Message* message, int field, const std::string& bytes) {
  google::protobuf::io::StringOutputStream stream(message->mutable_unknown_fields());
  google::protobuf::io::CodedOutputStream output(&stream);
  google::protobuf::internal::WireFormatLite::WriteBytes(field, bytes, &output);
}

Names operators_of(const graph::Graph& graph) {
  Names result;
  for (const graph::Node& node : graph.nodes) result.push_back(node.op_type);
  return result;
}

TEST(Functions, AreInlinedWithNamesOfTheirOwn) {
  onnx::ModelProto model = calling("Twice", {"x"}, {"y"});
  add_node(model.mutable_graph(), "Twice", {"y"}, {"z"}, "call")->set_domain("com.example");
  onnx::FunctionProto* function = add_function(model, "Twice", {"a"}, {"c"});
  add_node(function, "Add", {"b", "b"}, {"c"}, "add");  // before what it needs
  add_node(function, "Abs", {"a"}, {"b"}, "abs");
  model.mutable_graph()->add_output()->set_name("z");
  const graph::Graph loaded = load(model).graph;
  graph::verify(loaded);
  EXPECT_EQ(operators_of(loaded), (Names{"Abs", "Add", "Abs", "Add"}));
  EXPECT_EQ(loaded.nodes[0].name, "call/abs");
  EXPECT_EQ(names(loaded, loaded.nodes[0].inputs), Names{"x"});
  EXPECT_EQ(names(loaded, loaded.nodes[1].inputs), (Names{"call/b", "call/b"}));
  EXPECT_EQ(names(loaded, loaded.nodes[1].outputs), Names{"y"});
  EXPECT_EQ(names(loaded, loaded.nodes[3].inputs), (Names{"call/b_1", "call/b_1"}));
  EXPECT_EQ(names(loaded, loaded.nodes[3].outputs), Names{"z"});
}

TEST(Functions, BodiesUseTheirOwnOperatorSets) {
  onnx::ModelProto model = calling("F", {"x"}, {"y"});
  onnx::FunctionProto* function = add_function(model, "F", {"a"}, {"c"});
  auto* import = function->add_opset_import();
  import->set_version(9);
  add_node(function, "Abs", {"a"}, {"b"});
  add_node(function, "Foo", {"b"}, {"c"})->set_domain("org.foreign");
  import = model.add_opset_import();
  import->set_domain("org.foreign");
  import->set_version(4);
  const graph::Graph loaded = load(model).graph;
  EXPECT_EQ(loaded.nodes[0].version, 9);
  EXPECT_EQ(loaded.nodes[1].version, 4);  // as the model has it
}

TEST(Functions, AttributesReferToTheCallOrTheDefault) {
  onnx::ModelProto model = calling("F", {"x"}, {"y"});
  add_attribute(model.mutable_graph()->mutable_node(0), "slope", AttributeProto::FLOAT)->set_f(0.25f);
  onnx::FunctionProto* function = add_function(model, "F", {"a"}, {"b"});
  for (const std::string name : {"slope", "axis", "absent"}) function->add_attribute(name);
  AttributeProto axis;
  axis.set_name("axis");
  axis.set_type(AttributeProto::INT);
  axis.set_i(3);
  add_unknown(function, 11, serialize(axis));
  AttributeProto slope = axis;
  slope.set_name("slope");
  add_unknown(function, 11, serialize(slope));
  onnx::NodeProto* node = add_node(function, "LeakyRelu", {"a"}, {"b"}, "inner");
  add_attribute(node, "alpha", AttributeProto::FLOAT)->set_ref_attr_name("slope");
  add_attribute(node, "axis", AttributeProto::INT)->set_ref_attr_name("axis");
  add_attribute(node, "gone", AttributeProto::INT)->set_ref_attr_name("absent");
  const graph::Node loaded = load(model).graph.nodes[0];
  EXPECT_EQ(loaded.required<float>("alpha"), 0.25f);
  EXPECT_EQ(loaded.required<std::int64_t>("axis"), 3);
  EXPECT_FALSE(loaded.has("gone"));
  node->mutable_attribute(0)->set_type(AttributeProto::INTS);
  EXPECT_EQ(load_error(model),
            "invalid_model: node 'call' (com.example::F): node 'inner' (LeakyRelu, opset 17): attribute 'alpha': it is "
            "of kind ints, but the call gives 'slope' as float");
}

TEST(Functions, NestAndHoldSubgraphs) {
  onnx::ModelProto model = calling("Outer", {"x"}, {"y"});
  add_attribute(model.mutable_graph()->mutable_node(0), "n", AttributeProto::INT)->set_i(5);
  onnx::FunctionProto* outer = add_function(model, "Outer", {"a"}, {"b"});
  onnx::NodeProto* node = add_node(outer, "If", {"a"}, {"b"}, "if");
  onnx::GraphProto* branch = add_attribute(node, "then_branch", AttributeProto::GRAPH)->mutable_g();
  onnx::NodeProto* call = add_node(branch, "Inner", {"a"}, {"r"}, "inner");
  call->set_domain("com.example");
  add_attribute(call, "m", AttributeProto::INT)->set_ref_attr_name("n");
  branch->add_output()->set_name("r");
  onnx::FunctionProto* inner = add_function(model, "Inner", {"i"}, {"o"});
  add_attribute(add_node(inner, "Abs", {"i"}, {"o"}, "abs"), "k", AttributeProto::INT)->set_ref_attr_name("m");
  const graph::Graph loaded = load(model).graph;
  graph::verify(loaded);
  const auto& body = loaded.nodes[0].required<graph::Subgraph>("then_branch");
  ASSERT_EQ(body.captures.size(), 1u);
  EXPECT_EQ(loaded.values[body.captures[0].outer].name, "x");
  ASSERT_EQ(body.graph->nodes.size(), 1u);
  EXPECT_EQ(body.graph->nodes[0].name, "call/inner/abs");
  EXPECT_EQ(body.graph->nodes[0].inputs, std::vector<graph::ValueId>{body.captures[0].inner});
  EXPECT_EQ(body.graph->nodes[0].outputs, body.graph->outputs);
  EXPECT_EQ(body.graph->nodes[0].required<std::int64_t>("k"), 5);
}

TEST(Functions, AGraphCanBeAnArgument) {
  onnx::ModelProto model = calling("F", {"x"}, {"y"});
  AttributeProto* body = add_attribute(model.mutable_graph()->mutable_node(0), "body", AttributeProto::GRAPH);
  add_node(body->mutable_g(), "Abs", {"x"}, {"r"});
  body->mutable_g()->add_output()->set_name("r");
  onnx::FunctionProto* function = add_function(model, "F", {"a"}, {"b"});
  onnx::NodeProto* node = add_node(function, "If", {"a"}, {"b"}, "if");
  add_attribute(node, "then_branch", AttributeProto::GRAPH)->set_ref_attr_name("body");
  const graph::Graph loaded = load(model).graph;
  const auto& branch = loaded.nodes[0].required<graph::Subgraph>("then_branch");
  EXPECT_EQ(loaded.values[branch.captures.at(0).outer].name, "x");

  onnx::GraphProto around;
  around.mutable_node()->Add()->Swap(node);
  around.add_output()->set_name("b");
  *node = onnx::NodeProto();
  node->set_op_type("If");
  node->add_input("a");
  node->add_output("b");
  *add_attribute(node, "else_branch", AttributeProto::GRAPH)->mutable_g() = around;
  EXPECT_EQ(load_error(model),
            "unsupported: node 'call' (com.example::F): node '-> b' (If, opset 17): attribute 'else_branch': node 'if' "
            "(If, opset 17): attribute 'then_branch': the graph that the call gives as 'body' is used inside another "
            "graph");
}

TEST(Functions, AbsentInputsAndOutputs) {
  onnx::ModelProto model = calling("F", {"x"}, {"", "y"});
  onnx::FunctionProto* function = add_function(model, "F", {"a", "low"}, {"unused", "b"});
  add_node(function, "Abs", {"a"}, {"unused"});
  add_node(function, "Clip", {"a", "low"}, {"b"});
  const graph::Graph loaded = load(model).graph;
  graph::verify(loaded);
  EXPECT_EQ(names(loaded, loaded.nodes[1].inputs), (Names{"x", "-"}));
  EXPECT_EQ(names(loaded, loaded.nodes[1].outputs), Names{"y"});
}

TEST(Functions, AnInputCanBeTheOutput) {
  onnx::ModelProto model = calling("F", {"x"}, {"y", "z"});
  add_function(model, "F", {"a"}, {"a", "a"});
  const graph::Graph loaded = load(model).graph;
  graph::verify(loaded);
  EXPECT_EQ(operators_of(loaded), (Names{"Identity", "Identity"}));
  EXPECT_EQ(names(loaded, loaded.outputs), (Names{"y", "z"}));
}

TEST(Functions, ThoseThatSpellOutOperatorsOfOursAreThese) {
  onnx::ModelProto model = empty_model();
  declare(model.mutable_graph()->add_input(), "x", {2});
  std::string last = "x";
  for (const std::string name : {"Gelu_tanh", "Threshold", "Erfc", "Unheard"}) {
    onnx::NodeProto* call = add_node(model.mutable_graph(), name, {last}, {name}, name);
    call->set_domain("ranvier");
    add_attribute(call, "approximate", AttributeProto::STRING)->set_s("tanh");
    onnx::FunctionProto* function = add_function(model, name, {"a"}, {"b"});
    function->set_domain("ranvier");
    add_node(function, "Abs", {"a"}, {"b"});
    last = name;
  }
  model.mutable_graph()->add_output()->set_name(last);
  const graph::Graph loaded = load(model).graph;
  EXPECT_EQ(operators_of(loaded), (Names{"Gelu", "Threshold", "Erfc", "Abs"}));
  EXPECT_EQ(loaded.nodes[0].domain, "");
  EXPECT_EQ(loaded.nodes[0].version, 20);  // the first, though the model is of opset 17
  EXPECT_EQ(loaded.nodes[0].required<std::string>("approximate"), "tanh");
  EXPECT_EQ(names(loaded, loaded.nodes[0].inputs), Names{"x"});
  EXPECT_EQ(loaded.nodes[1].domain, "ranvier");
  EXPECT_EQ(loaded.nodes[1].version, 1);
  EXPECT_EQ(loaded.nodes[2].domain, "");
}

TEST(Functions, OverloadsAreDifferentFunctions) {
  onnx::ModelProto model = calling("F", {"x"}, {"y"});
  for (const std::string op_type : {"Abs", "Neg"}) {
    onnx::FunctionProto* function = add_function(model, "F", {"a"}, {"b"});
    add_node(function, op_type, {"a"}, {"b"});
    if (op_type == "Neg") add_unknown(function, 13, "negative");
  }
  EXPECT_EQ(operators_of(load(model).graph), Names{"Abs"});
  add_unknown(model.mutable_graph()->mutable_node(0), 8, "negative");
  EXPECT_EQ(operators_of(load(model).graph), Names{"Neg"});
  add_function(model, "F", {}, {});
  EXPECT_EQ(load_error(model), "invalid_model: the function 'com.example::F' is defined twice");
}

TEST(Functions, ConstantsOfABodyAreReadOnce) {
  onnx::ModelProto model = calling("F", {"x"}, {"y"});
  add_node(model.mutable_graph(), "F", {"y"}, {"z"}, "again")->set_domain("com.example");
  onnx::FunctionProto* function = add_function(model, "F", {"a"}, {"b"});
  set_floats(add_attribute(add_node(function, "Constant", {}, {"c"}), "value", AttributeProto::TENSOR)->mutable_t(), "",
             {1}, {2});
  add_node(function, "Add", {"a", "c"}, {"b"});
  const graph::Graph loaded = load(model).graph;
  std::vector<const void*> constants;
  for (const graph::Node& node : loaded.nodes)
    if (const Tensor* constant = node.find<Tensor>("value")) constants.push_back(constant->data());
  ASSERT_EQ(constants.size(), 2u);
  EXPECT_EQ(constants[0], constants[1]);
}

TEST(Functions, WhatDoesNotFit) {
  onnx::ModelProto recursive = calling("F", {"x"}, {"y"});
  add_node(add_function(recursive, "F", {"a"}, {"b"}), "G", {"a"}, {"b"}, "g")->set_domain("com.example");
  add_node(add_function(recursive, "G", {"a"}, {"b"}), "F", {"a"}, {"b"}, "f")->set_domain("com.example");
  EXPECT_EQ(load_error(recursive),
            "invalid_model: node 'call' (com.example::F): node 'g' (com.example::G): node 'f' (com.example::F): the "
            "function 'com.example::F' calls itself");
  onnx::ModelProto arguments = calling("F", {"x", "x"}, {"y"});
  add_function(arguments, "F", {"a"}, {"b"});
  EXPECT_EQ(
      load_error(arguments),
      "invalid_model: node 'call' (com.example::F): it has 2 inputs and 1 outputs, the function takes 1 and gives "
      "1");
  onnx::ModelProto output = calling("F", {"x"}, {"y"});
  add_function(output, "F", {"a"}, {"b"});
  EXPECT_EQ(load_error(output),
            "invalid_model: node 'call' (com.example::F): the output 'b' of the function is made by nothing");
  onnx::ModelProto outside = calling("F", {"x"}, {"y"});
  add_node(add_function(outside, "F", {"a"}, {"b"}), "Abs", {"x"}, {"b"}, "abs");
  EXPECT_EQ(
      load_error(outside),
      "invalid_model: node 'call' (com.example::F): node 'abs' (Abs, opset 17): input 0, 'x', is made by nothing");
}

/// `levels` functions, each of which calls the next `calls` times.
onnx::ModelProto tower(int levels, int calls) {
  onnx::ModelProto model = calling("F0", {"x"}, {"y"});
  for (int level = 0; level < levels; ++level) {
    onnx::FunctionProto* function =
        add_function(model, "F" + std::to_string(level), {"v0"}, {"v" + std::to_string(calls)});
    for (int i = 0; i < calls; ++i) {
      const bool last = level + 1 == levels;
      onnx::NodeProto* node = add_node(function, last ? "Abs" : "F" + std::to_string(level + 1),
                                       {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
      if (!last) node->set_domain("com.example");
    }
  }
  return model;
}

TEST(Functions, BlowUpAndDepthAreLimited) {
  EXPECT_EQ(load(tower(10, 2)).graph.nodes.size(), 1024u);
  const std::string blow_up = load_error(tower(40, 2));
  EXPECT_NE(blow_up.find("unsupported: "), std::string::npos);
  EXPECT_NE(blow_up.find("the model has more than 1000000 nodes, those of its functions included"), std::string::npos);
  EXPECT_NE(load_error(tower(100, 1)).find("subgraphs and functions nest deeper than 64 levels"), std::string::npos);
}

TEST(Functions, RepeatedTextIsLimited) {
  onnx::ModelProto model = tower(12, 2);
  for (auto& node : *model.mutable_functions(11)->mutable_node())
    add_attribute(&node, "text", AttributeProto::STRING)->set_s(std::string(300'000, 'x'));
  EXPECT_NE(load_error(model).find("the model's functions and subgraphs repeat more than 1073741824 bytes"),
            std::string::npos);
}

}  // namespace
}  // namespace ranvier::loader
