#include "runtime/loader/builder.h"

#include <gtest/gtest.h>

#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using namespace testing;

TEST(Builder, ReadsAPlainModel) {
  onnx::ModelProto model = empty_model();
  onnx::GraphProto* graph = model.mutable_graph();
  declare(graph->add_input(), "x", {-1, 2});
  graph->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_param(
      "batch");
  set_floats(graph->add_initializer(), "w", {2, 1}, {3, 4});
  add_node(graph, "MatMul", {"x", "w"}, {"y"}, "dense");
  add_node(graph, "Clip", {"y", "", "z"}, {"out", ""});
  add_node(graph, "Const", {}, {"z"})->set_domain("ai.onnx");
  graph->add_output()->set_name("out");
  const graph::Graph loaded = load(model).graph;
  graph::verify(loaded);
  EXPECT_EQ(loaded.name, "g");
  EXPECT_EQ(names(loaded, loaded.inputs), Names{"x"});
  EXPECT_EQ(names(loaded, loaded.outputs), Names{"out"});
  EXPECT_EQ(to_string(value(loaded, "x").shape), "[batch, 2]");
  EXPECT_EQ(value(loaded, "x").type, DataType::float32);
  EXPECT_EQ(to_string(value(loaded, "w").shape), "[2, 1]");
  EXPECT_EQ(elements<float>(*value(loaded, "w").constant), (std::vector<float>{3, 4}));
  EXPECT_EQ(value(loaded, "y").type, DataType::undefined);
  EXPECT_EQ(to_string(value(loaded, "y").shape), "unknown rank");
  ASSERT_EQ(loaded.nodes.size(), 3u);
  EXPECT_EQ(loaded.nodes[0].describe(), "node 'dense' (MatMul, opset 17)");
  EXPECT_EQ(loaded.nodes[1].domain, "");
  EXPECT_EQ(names(loaded, loaded.nodes[2].inputs), (Names{"y", "-", "z"}));
  EXPECT_EQ(names(loaded, loaded.nodes[2].outputs), (Names{"out", "-"}));
}

TEST(Builder, ValueInfoDeclaresWhatNodesMake) {
  onnx::ModelProto model = relu_model();
  add_node(model.mutable_graph(), "Abs", {"y"}, {"z"});
  declare(model.mutable_graph()->add_value_info(), "z", {4});
  declare(model.mutable_graph()->add_value_info(), "unknown", {4});
  const graph::Graph loaded = load(model).graph;
  EXPECT_EQ(to_string(value(loaded, "z").shape), "[4]");
  EXPECT_EQ(to_string(value(loaded, "y").shape), "[?, 2]");
}

onnx::ModelProto model_with_default(std::int64_t ir_version) {
  onnx::ModelProto model = empty_model(ir_version);
  onnx::GraphProto* graph = model.mutable_graph();
  declare(graph->add_input(), "w", {-1});
  declare(graph->add_input(), "x", {2});
  set_floats(graph->add_initializer(), "w", {2}, {3, 4});
  add_node(graph, "Add", {"x", "w"}, {"y"});
  graph->add_output()->set_name("y");
  return model;
}

TEST(Builder, InitializersListedAsInputsAreDefaultsSinceIrVersion4) {
  const graph::Graph newer = load(model_with_default(4)).graph;
  EXPECT_EQ(names(newer, newer.inputs), (Names{"w", "x"}));
  EXPECT_TRUE(value(newer, "w").overridable);
  EXPECT_EQ(newer.constant(newer.inputs[0]), nullptr);
  EXPECT_EQ(elements<float>(*value(newer, "w").constant), (std::vector<float>{3, 4}));
  EXPECT_EQ(to_string(value(newer, "w").shape), "[?]");
  const graph::Graph older = load(model_with_default(3)).graph;
  EXPECT_EQ(names(older, older.inputs), Names{"x"});
  EXPECT_FALSE(value(older, "w").overridable);
  EXPECT_EQ(to_string(value(older, "w").shape), "[2]");
}

TEST(Builder, SparseInitializers) {
  onnx::ModelProto model = empty_model();
  onnx::SparseTensorProto* sparse = model.mutable_graph()->add_sparse_initializer();
  set_floats(sparse->mutable_values(), "w", {1}, {5});
  set_integers(sparse->mutable_indices(), "", {1}, {2});
  sparse->add_dims(3);
  model.mutable_graph()->add_output()->set_name("w");
  EXPECT_EQ(elements<float>(*value(load(model).graph, "w").constant), (std::vector<float>{0, 0, 5}));
}

TEST(Builder, InputsThatAreNoTensorsAreKept) {
  onnx::ModelProto model = relu_model();
  auto* sequence = model.mutable_graph()->add_input();
  sequence->set_name("s");
  sequence->mutable_type()->mutable_sequence_type();
  auto* optional = model.mutable_graph()->add_output();
  optional->set_name("o");
  optional->mutable_type()->mutable_optional_type();
  add_node(model.mutable_graph(), "Optional", {"x"}, {"o"});
  const graph::Graph loaded = load(model).graph;
  EXPECT_EQ(name(value(loaded, "s").kind), "sequence");
  EXPECT_EQ(name(value(loaded, "o").kind), "optional");
  EXPECT_EQ(name(value(loaded, "x").kind), "tensor");
}

/// An If whose branches add the outer "x" to the outer initializer "w", the else branch one level deeper.
onnx::ModelProto nested_model() {
  onnx::ModelProto model = relu_model();
  onnx::GraphProto* graph = model.mutable_graph();
  declare(graph->add_input(), "condition", {});
  set_floats(graph->add_initializer(), "w", {2}, {3, 4});
  onnx::NodeProto* outer = add_node(graph, "If", {"condition"}, {"z"}, "outer");
  onnx::GraphProto* then_branch = add_attribute(outer, "then_branch", onnx::AttributeProto::GRAPH)->mutable_g();
  add_node(then_branch, "Add", {"y", "w"}, {"sum"});
  then_branch->add_output()->set_name("sum");
  onnx::GraphProto* else_branch = add_attribute(outer, "else_branch", onnx::AttributeProto::GRAPH)->mutable_g();
  onnx::NodeProto* inner = add_node(else_branch, "If", {"condition"}, {"chosen"}, "inner");
  for (const std::string name : {"then_branch", "else_branch"}) {
    onnx::GraphProto* branch = add_attribute(inner, name, onnx::AttributeProto::GRAPH)->mutable_g();
    add_node(branch, "Add", {"y", "w"}, {"x"});  // shadows the model's input
    branch->add_output()->set_name("x");
  }
  else_branch->add_output()->set_name("chosen");
  graph->add_output()->set_name("z");
  return model;
}

TEST(Builder, SubgraphsCaptureThroughEveryLevel) {
  const graph::Graph loaded = load(nested_model()).graph;
  graph::verify(loaded);
  const graph::Node& outer = loaded.nodes[1];
  const auto& then_branch = outer.required<graph::Subgraph>("then_branch");
  ASSERT_EQ(then_branch.captures.size(), 1u);
  EXPECT_EQ(loaded.values[then_branch.captures[0].outer].name, "y");
  EXPECT_EQ(then_branch.graph->values[then_branch.captures[0].inner].name, "y");
  EXPECT_EQ(to_string(value(*then_branch.graph, "y").shape), "[?, 2]");

  const auto& else_branch = outer.required<graph::Subgraph>("else_branch");
  const graph::Graph& middle = *else_branch.graph;
  std::vector<std::string> captured;
  for (const graph::Capture& capture : else_branch.captures) captured.push_back(loaded.values[capture.outer].name);
  EXPECT_EQ(captured, (Names{"condition", "y"}));
  const auto& innermost = middle.nodes[0].required<graph::Subgraph>("else_branch");
  ASSERT_EQ(innermost.captures.size(), 1u);
  EXPECT_EQ(innermost.captures[0].outer, else_branch.captures[1].inner);
  EXPECT_EQ(names(*innermost.graph, innermost.graph->nodes[0].inputs), (Names{"y", "w"}));
  EXPECT_EQ(names(*innermost.graph, innermost.graph->outputs), Names{"x"});
}

TEST(Builder, SubgraphsShareTheConstantsAround) {
  const graph::Graph loaded = load(nested_model()).graph;
  const auto& branch = loaded.nodes[1].required<graph::Subgraph>("then_branch");
  ASSERT_TRUE(value(*branch.graph, "w").constant);
  EXPECT_EQ(value(*branch.graph, "w").constant->data(), value(loaded, "w").constant->data());
}

TEST(Builder, ABranchMayGiveAnOuterValue) {
  onnx::ModelProto model = relu_model();
  onnx::NodeProto* node = add_node(model.mutable_graph(), "If", {"x"}, {"z"});
  add_attribute(node, "then_branch", onnx::AttributeProto::GRAPH)->mutable_g()->add_output()->set_name("y");
  const graph::Graph loaded = load(model).graph;
  const auto& branch = loaded.nodes[1].required<graph::Subgraph>("then_branch");
  ASSERT_EQ(branch.captures.size(), 1u);
  EXPECT_EQ(branch.graph->outputs, std::vector<graph::ValueId>{branch.captures[0].inner});
}

TEST(Builder, NamesHaveToBeThereAndOnce) {
  onnx::ModelProto missing = relu_model();
  add_node(missing.mutable_graph(), "MatMul", {"x", "w"}, {"z"}, "dense");
  EXPECT_EQ(load_error(missing), "invalid_model: node 'dense' (MatMul, opset 17): input 1, 'w', is made by nothing");
  onnx::ModelProto twice = relu_model();
  add_node(twice.mutable_graph(), "Abs", {"x"}, {"y"});
  EXPECT_EQ(load_error(twice), "invalid_model: node '-> y' (Abs, opset 17): a value 'y' exists already");
  onnx::ModelProto input = relu_model();
  add_node(input.mutable_graph(), "Abs", {"y"}, {"x"});
  EXPECT_EQ(load_error(input), "invalid_model: node '-> x' (Abs, opset 17): a value 'x' exists already");
  onnx::ModelProto inputs = relu_model();
  declare(inputs.mutable_graph()->add_input(), "x", {});
  EXPECT_EQ(load_error(inputs), "invalid_model: input 'x': a value 'x' exists already");
  onnx::ModelProto initializers = model_with_default(8);
  set_floats(initializers.mutable_graph()->add_initializer(), "w", {}, {1});
  EXPECT_EQ(load_error(initializers), "invalid_model: initializer 'w': a value 'w' exists already");
  onnx::ModelProto output = relu_model();
  output.mutable_graph()->add_output()->set_name("nowhere");
  EXPECT_EQ(load_error(output), "invalid_model: the graph output 'nowhere' is made by nothing");
  onnx::ModelProto no_outputs = relu_model();
  no_outputs.mutable_graph()->clear_output();
  EXPECT_EQ(load_error(no_outputs), "invalid_model: the graph has no outputs");
  onnx::ModelProto nameless = relu_model();
  set_floats(nameless.mutable_graph()->add_initializer(), "", {}, {1});
  EXPECT_EQ(load_error(nameless), "invalid_model: initializer '': the name is missing");
}

TEST(Builder, ACycleIsNamed) {
  onnx::ModelProto model = relu_model();
  add_node(model.mutable_graph(), "Add", {"x", "b"}, {"a"}, "first");
  add_node(model.mutable_graph(), "Abs", {"a"}, {"b"}, "second");
  EXPECT_EQ(load_error(model),
            "invalid_model: the graph has a cycle through or before node 'first' (Add, opset 17), node 'second' (Abs, "
            "opset 17)");
}

TEST(Builder, ASubgraphCannotReadWhatItsOwnNodeMakes) {
  onnx::ModelProto model = relu_model();
  onnx::NodeProto* node = add_node(model.mutable_graph(), "If", {"x"}, {"z"}, "if");
  add_attribute(node, "then_branch", onnx::AttributeProto::GRAPH)->mutable_g()->add_output()->set_name("z");
  EXPECT_EQ(load_error(model), "invalid_model: the graph has a cycle through or before node 'if' (If, opset 17)");
}

TEST(Builder, ErrorsInSubgraphsGoFromTheOutsideIn) {
  onnx::ModelProto model = nested_model();
  onnx::NodeProto* outer = model.mutable_graph()->mutable_node(1);
  add_node(outer->mutable_attribute(1)->mutable_g(), "Abs", {"w2"}, {"v"}, "abs");
  EXPECT_EQ(load_error(model),
            "invalid_model: node 'outer' (If, opset 17): attribute 'else_branch': node 'abs' (Abs, opset 17): input 0, "
            "'w2', is made by nothing");
}

TEST(Builder, DeclaredTypesHaveToAgreeWithInitializers) {
  onnx::ModelProto model = model_with_default(8);
  model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(7);
  EXPECT_EQ(load_error(model), "invalid_model: initializer 'w': it has type float, the input of that name has int64");
}

TEST(Builder, OperatorSets) {
  onnx::ModelProto old = relu_model();
  old.set_ir_version(2);
  old.clear_opset_import();
  EXPECT_EQ(load(old).graph.nodes[0].version, 1);
  old.set_ir_version(3);
  EXPECT_EQ(load_error(old),
            "invalid_model: node 'relu' (Relu): the model does not import the operator set of domain 'ai.onnx'");
  onnx::ModelProto foreign = relu_model();
  add_node(foreign.mutable_graph(), "Foo", {"x"}, {"z"}, "foo")->set_domain("com.example");
  EXPECT_EQ(load_error(foreign),
            "invalid_model: node 'foo' (com.example::Foo): the model does not import the operator set of domain "
            "'com.example'");
  auto* import = foreign.add_opset_import();
  import->set_domain("com.example");
  import->set_version(3);
  import = foreign.add_opset_import();
  import->set_domain("ai.onnx");
  import->set_version(99);
  const LoadedModel loaded = load(foreign);
  EXPECT_EQ(loaded.graph.nodes[0].version, 99);
  EXPECT_EQ(loaded.graph.nodes[1].version, 3);
  EXPECT_EQ(loaded.opsets, (std::map<std::string, std::int64_t>{{"", 99}, {"com.example", 3}}));
}

}  // namespace
}  // namespace ranvier::loader
