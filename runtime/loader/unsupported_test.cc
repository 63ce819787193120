#include "runtime/loader/unsupported.h"

#include <gtest/gtest.h>

#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using namespace testing;

TEST(Unsupported, OneLineForEachKindOfOperator) {
  onnx::ModelProto model = empty_model(8, 3);
  auto* import = model.add_opset_import();
  import->set_domain("com.example");
  import->set_version(2);
  onnx::GraphProto* graph = model.mutable_graph();
  declare(graph->add_input(), "x", {2});
  add_node(graph, "Shape", {"x"}, {"y"}, "supported");
  for (const std::string name : {"a", "b", "c", "", "e"})
    add_node(graph, "Foo", {"x"}, {"foo_" + name}, name)->set_domain("com.example");
  add_node(graph, "Where", {"x", "x", "x"}, {"w"}, "early");
  onnx::NodeProto* holder = add_node(graph, "NoSuchLoop", {"x"}, {"l"});
  onnx::GraphProto* body = add_attribute(holder, "body", onnx::AttributeProto::GRAPH)->mutable_g();
  add_node(body, "NoSuchBody", {"x"}, {"n"}, "inside");
  add_node(body, "Foo", {"x"}, {"f"}, "f")->set_domain("com.example");
  graph->add_output()->set_name("y");
  EXPECT_EQ(load(model).unsupported,
            (Names{"Foo (domain com.example, opset 2): a custom operator that is not registered "
                   "(ModelOptions::operators); nodes 'a', 'b', 'c' and 3 more",
                   "Where (opset 3): not supported at this version; node 'early'",
                   "NoSuchLoop (opset 3): not supported; node '-> l'",
                   "NoSuchBody (opset 3): not supported; node 'inside'"}));
}

TEST(Unsupported, InputsAndOutputsThatAreNoTensors) {
  onnx::ModelProto model = empty_model(8, 17);
  for (auto* port : {model.mutable_graph()->add_input(), model.mutable_graph()->add_output()}) {
    port->set_name("s");
    port->mutable_type()->mutable_sequence_type();
  }
  EXPECT_EQ(load(model).unsupported, (Names{"input 's' is of kind sequence: only tensors are supported",
                                            "output 's' is of kind sequence: only tensors are supported"}));
}

TEST(Unsupported, NothingOfASupportedModel) {
  onnx::ModelProto model = relu_model();
  model.mutable_graph()->mutable_node(0)->set_op_type("Shape");
  EXPECT_TRUE(load(model).unsupported.empty());
}

}  // namespace
}  // namespace ranvier::loader
