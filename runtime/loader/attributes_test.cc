#include <gtest/gtest.h>

#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using namespace testing;
using onnx::AttributeProto;

/// A model of one node, 'relu', to which a test gives attributes.
struct OneNode {
  onnx::ModelProto model = relu_model();
  onnx::NodeProto* node = model.mutable_graph()->mutable_node(0);

  AttributeProto* add(const std::string& name, AttributeProto::AttributeType type) {
    return add_attribute(node, name, type);
  }
  graph::Node loaded() const { return load(model).graph.nodes[0]; }
  std::string error() const { return load_error(model); }
};

TEST(Attributes, OfEveryKind) {
  OneNode one;
  one.add("float", AttributeProto::FLOAT)->set_f(0.5f);
  one.add("int", AttributeProto::INT)->set_i(-7);
  one.add("string", AttributeProto::STRING)->set_s("text");
  set_floats(one.add("tensor", AttributeProto::TENSOR)->mutable_t(), "", {1}, {2});
  one.add("floats", AttributeProto::FLOATS)->add_floats(1.5f);
  one.add("ints", AttributeProto::INTS)->add_ints(3);
  one.add("strings", AttributeProto::STRINGS)->add_strings("a");
  set_floats(one.add("tensors", AttributeProto::TENSORS)->add_tensors(), "", {1}, {4});
  one.add("graph", AttributeProto::GRAPH)->mutable_g()->set_name("body");
  const graph::Node node = one.loaded();
  EXPECT_EQ(node.required<float>("float"), 0.5f);
  EXPECT_EQ(node.required<std::int64_t>("int"), -7);
  EXPECT_EQ(node.required<std::string>("string"), "text");
  EXPECT_EQ(elements<float>(node.required<Tensor>("tensor")), (std::vector<float>{2}));
  EXPECT_EQ(node.required<std::vector<float>>("floats"), (std::vector<float>{1.5f}));
  EXPECT_EQ(node.required<std::vector<std::int64_t>>("ints"), (std::vector<std::int64_t>{3}));
  EXPECT_EQ(node.required<std::vector<std::string>>("strings"), (std::vector<std::string>{"a"}));
  EXPECT_EQ(elements<float>(node.required<std::vector<Tensor>>("tensors").at(0)), (std::vector<float>{4}));
  EXPECT_EQ(node.required<graph::Subgraph>("graph").graph->name, "body");
}

TEST(Attributes, WithoutATypeTheContentTells) {
  OneNode one;
  for (const std::string name : {"float", "ints"}) one.node->add_attribute()->set_name(name);
  one.node->mutable_attribute(0)->set_f(2);
  one.node->mutable_attribute(1)->add_ints(4);
  EXPECT_EQ(one.loaded().required<float>("float"), 2);
  EXPECT_EQ(one.loaded().required<std::vector<std::int64_t>>("ints"), (std::vector<std::int64_t>{4}));
  one.node->add_attribute()->set_name("empty");
  EXPECT_EQ(one.error(),
            "invalid_model: node 'relu' (Relu, opset 17): attribute 'empty': it has no type and no content");
}

TEST(Attributes, ZerosAndEmptyListsMayBeLeftOut) {
  OneNode one;
  one.add("int", AttributeProto::INT);
  one.add("floats", AttributeProto::FLOATS);
  EXPECT_EQ(one.loaded().required<std::int64_t>("int"), 0);
  EXPECT_TRUE(one.loaded().required<std::vector<float>>("floats").empty());
}

TEST(Attributes, TypeAndContentHaveToAgree) {
  OneNode wrong;
  wrong.add("alpha", AttributeProto::FLOAT)->set_i(1);
  EXPECT_EQ(wrong.error(),
            "invalid_model: node 'relu' (Relu, opset 17): attribute 'alpha': it is declared as float, but holds int");
  OneNode missing;
  missing.add("value", AttributeProto::TENSOR);
  EXPECT_EQ(missing.error(), "invalid_model: node 'relu' (Relu, opset 17): attribute 'value': its tensor is missing");
  OneNode twice;
  twice.add("alpha", AttributeProto::FLOAT)->set_f(1);
  twice.add("alpha", AttributeProto::FLOAT)->set_f(2);
  EXPECT_EQ(twice.error(), "invalid_model: node 'relu' (Relu, opset 17): attribute 'alpha': the node has it twice");
  OneNode reference;
  reference.add("alpha", AttributeProto::FLOAT)->set_ref_attr_name("beta");
  EXPECT_EQ(reference.error(),
            "invalid_model: node 'relu' (Relu, opset 17): attribute 'alpha': it refers to attribute 'beta' of a "
            "function, but the node is in none");
}

TEST(Attributes, ASparseConstantBecomesADenseOne) {
  OneNode one;
  one.node->set_op_type("Constant");
  onnx::SparseTensorProto* sparse = one.add("sparse_value", AttributeProto::SPARSE_TENSOR)->mutable_sparse_tensor();
  set_floats(sparse->mutable_values(), "", {1}, {5});
  set_integers(sparse->mutable_indices(), "", {1}, {1});
  sparse->add_dims(2);
  EXPECT_EQ(elements<float>(one.loaded().required<Tensor>("value")), (std::vector<float>{0, 5}));
  EXPECT_FALSE(one.loaded().has("sparse_value"));
}

TEST(Attributes, WhatCannotBeHeldIsReportedForKnownOperators) {
  OneNode one;
  one.node->set_op_type("Shape");
  one.add("graphs", AttributeProto::GRAPHS)->add_graphs();
  one.add("type", AttributeProto::TYPE_PROTO)->mutable_tp();
  EXPECT_EQ(load(one.model).unsupported,
            (Names{"node 'relu' (Shape, opset 17): attribute 'graphs': attributes of kind graphs are not supported",
                   "node 'relu' (Shape, opset 17): attribute 'type': attributes of kind type are not supported"}));
  one.node->set_op_type("NoSuchOperator");
  EXPECT_EQ(load(one.model).unsupported, Names{"NoSuchOperator (opset 17): not supported; node 'relu'"});
}

TEST(Attributes, WhatCannotBeHeldIsKnownForAllOperators) {
  OneNode one;
  one.add("type", AttributeProto::TYPE_PROTO)->mutable_tp();
  for (const std::string op : {"Shape", "NoSuchOperator"}) {
    one.node->set_op_type(op);
    EXPECT_EQ(load(one.model).not_held,
              Names{"node 'relu' (" + op + ", opset 17): attribute 'type': attributes of kind type are not supported"});
  }
}

}  // namespace
}  // namespace ranvier::loader
