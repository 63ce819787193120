// Models that are damaged, contradict themselves or ask for something unsupported: exit code 3, and one message that
// goes from the file to the node to what is wrong with it.
#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

using loader::testing::add_attribute;
using loader::testing::add_node;
using loader::testing::declare;
using loader::testing::empty_model;
using loader::testing::set_floats;
using loader::testing::set_integers;

constexpr std::int64_t huge = std::int64_t{1} << 40;

/// x -> y, with the nodes to be added.
onnx::ModelProto model_without_nodes() {
  onnx::ModelProto model = empty_model();
  declare(model.mutable_graph()->add_input(), "x", {1, 2});
  declare(model.mutable_graph()->add_output(), "y", {1, 2});
  return model;
}

/// y = op(x, second), a node of the op's name in small letters.
onnx::ModelProto binary(const std::string& op, const std::string& name) {
  onnx::ModelProto model = model_without_nodes();
  add_node(model.mutable_graph(), op, {"x", "second"}, {"y"}, name);
  return model;
}

/// y = op(x, second) with these integers as `second`.
onnx::ModelProto with_integers(const std::string& op, const std::string& name,
                               const std::vector<std::int64_t>& values) {
  onnx::ModelProto model = binary(op, name);
  set_integers(model.mutable_graph()->add_initializer(), "second", {static_cast<std::int64_t>(values.size())}, values);
  return model;
}

onnx::ModelProto with_weights(const std::vector<std::int64_t>& dims, const std::vector<float>& values) {
  onnx::ModelProto model = binary("Add", "add");
  set_floats(model.mutable_graph()->add_initializer(), "second", dims, values);
  return model;
}

/// y = x + ConstantOfShape(values).
onnx::ModelProto constant_of_shape(const std::vector<std::int64_t>& values) {
  onnx::ModelProto model = model_without_nodes();
  set_integers(model.mutable_graph()->add_initializer(), "shape", {static_cast<std::int64_t>(values.size())}, values);
  add_node(model.mutable_graph(), "ConstantOfShape", {"shape"}, {"filled"}, "fill");
  add_node(model.mutable_graph(), "Add", {"x", "filled"}, {"y"}, "add");
  return model;
}

class BadModels : public Cli {
 protected:
  /// Expects the message from `run`, and that `check` ends with the same exit code and says it too.
  void expect_refused(const std::string& message) const {
    expect_error(3, "model.onnx: " + message, {"run", "model.onnx", "--random", "-o", "y.csv"});
    const Outcome checked = run({"check", "model.onnx"});
    EXPECT_EQ(checked.code, 3);
    if (checked.err.empty()) {
      EXPECT_EQ(checked.out, message + "\nmodel.onnx: 1 problem\n");
    } else {
      EXPECT_EQ(checked.err, "ranvier: model.onnx: " + message + "\n");
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "y.csv"));
  }

  void expect_refused(const onnx::ModelProto& model, const std::string& message) const {
    write("model.onnx", model);
    expect_refused(message);
  }

  /// Expects that `run` says it with exit code 4: a machine with more memory would run the model.
  void expect_too_large(const onnx::ModelProto& model, const std::string& message) const {
    write("model.onnx", model);
    const Outcome outcome = run({"run", "model.onnx", "--random", "-o", "y.csv"});
    EXPECT_EQ(outcome.code, 4);
    EXPECT_TRUE(outcome.err.starts_with("ranvier: " + message)) << outcome.err;
    EXPECT_EQ(names(), std::vector<std::string>{"model.onnx"});
  }
};

TEST_F(BadModels, AreNoModels) {
  write("model.onnx", "");
  expect_refused("the file is empty, expected an ONNX model");
  write("model.onnx", "a,b\n1,2\n");
  expect_refused("not an ONNX model, or a truncated one: its 8 bytes cannot be read");
  write("model.onnx", read("models/digits_mlp/model.onnx").substr(0, 1000));
  expect_refused("not an ONNX model, or a truncated one: its 1000 bytes cannot be read");
  write("model.onnx", read("models/digits_mlp/test_data_set_0/input_0.pb"));
  EXPECT_EQ(run({"check", "model.onnx"}).code, 3);
  std::filesystem::remove(folder / "model.onnx");
  expect_refused("cannot open the file: No such file or directory");
  std::filesystem::create_directory(folder / "model.onnx");
  expect_refused("is a folder, expected a file");
}

TEST_F(BadModels, NameTheSameFaultInSummary) {
  write("model.onnx", "nonsense");
  expect_error(3, "model.onnx: not an ONNX model, or a truncated one: its 8 bytes cannot be read",
               {"summary", "model.onnx"});
}

TEST_F(BadModels, KeepTheirExternalDataInTheirFolder) {
  const auto external = [](const std::string& location, const std::string& offset = "0") {
    onnx::ModelProto model = binary("Add", "add");
    onnx::TensorProto* tensor = model.mutable_graph()->add_initializer();
    set_floats(tensor, "second", {2}, {});
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] : {std::pair("location", location), {"offset", offset}}) {
      auto* entry = tensor->add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    }
    return model;
  };
  write("weights.bin", std::string(8, '\0'));
  write("model.onnx", external("weights.bin"));
  EXPECT_NE(output_of({"run", "model.onnx", "--random"}), "");
  expect_refused(external("nothing.bin"), "tensor 'second': external data 'nothing.bin': No such file or directory");
  expect_refused(external("weights.bin", "4"),
                 "tensor 'second': external data 'weights.bin' has 8 bytes, 8 at offset 4 are needed");
  expect_refused(external("weights.bin", "-4"),
                 "tensor 'second': the offset of its external data is '-4', expected a number of bytes");
  for (const std::string location : {"../weights.bin", "models/../../weights.bin", "/etc/passwd"})
    expect_refused(external(location), "tensor 'second': external data '" + location +
                                           "' must lie in the folder of the model, as a path relative to it");
  expect_refused(external("models/digits_mlp/x.npy"),
                 "tensor 'second': external data 'models/digits_mlp/x.npy' is a "
                 "link that leads out of the folder of the model");
  expect_refused(external("."), "tensor 'second': external data '.': is a folder, expected a file");
}

TEST_F(BadModels, ContradictThemselves) {
  onnx::ModelProto cycle = model_without_nodes();
  add_node(cycle.mutable_graph(), "Add", {"x", "b"}, {"a"}, "first");
  add_node(cycle.mutable_graph(), "Relu", {"a"}, {"b"}, "second");
  add_node(cycle.mutable_graph(), "Relu", {"x"}, {"y"}, "aside");
  expect_refused(cycle,
                 "the graph has a cycle through or before node 'first' (Add, opset 17), node 'second' (Relu, "
                 "opset 17)");

  expect_refused(binary("Add", "add"), "node 'add' (Add, opset 17): input 1, 'second', is made by nothing");
  expect_refused(binary("Add", ""), "node '-> y' (Add, opset 17): input 1, 'second', is made by nothing");
  expect_refused(model_without_nodes(), "the graph output 'y' is made by nothing");

  onnx::ModelProto twice = model_without_nodes();
  for (const char* name : {"one", "other"}) add_node(twice.mutable_graph(), "Relu", {"x"}, {"y"}, name);
  expect_refused(twice, "node 'other' (Relu, opset 17): a value 'y' exists already");

  expect_refused(with_integers("Add", "add", {1, 2}),
                 "node 'add' (Add, opset 17): inputs 0 and 1 have types float and int64, expected the same");
  expect_refused(with_integers("Relu", "relu", {1}), "node 'relu' (Relu, opset 17): the node has 2 inputs, expected 1");
}

TEST_F(BadModels, HaveWrongAttributes) {
  const auto softmax = [](const auto& set) {
    onnx::ModelProto model = model_without_nodes();
    set(add_node(model.mutable_graph(), "Softmax", {"x"}, {"y"}, "softmax"));
    return model;
  };
  const std::string node = "node 'softmax' (Softmax, opset 17): ";
  expect_refused(softmax([](auto* to) { add_attribute(to, "axis", onnx::AttributeProto::STRING)->set_s("last"); }),
                 node + "attribute 'axis' is of kind string, expected int");
  expect_refused(softmax([](auto* to) { add_attribute(to, "axis", onnx::AttributeProto::INT)->set_f(1); }),
                 node + "attribute 'axis': it is declared as int, but holds float");
  expect_refused(softmax([](auto* to) { add_attribute(to, "axis", onnx::AttributeProto::INT)->set_i(2); }),
                 node + "axis 2 is out of range for a tensor of rank 2");
}

TEST_F(BadModels, NameEverythingUnsupportedAtOnce) {
  onnx::ModelProto model = model_without_nodes();
  auto* domain = model.add_opset_import();
  domain->set_domain("com.example");
  domain->set_version(3);
  add_node(model.mutable_graph(), "Foo", {"x"}, {"a"}, "first");
  add_node(model.mutable_graph(), "Bar", {"a"}, {"b"}, "second")->set_domain("com.example");
  add_node(model.mutable_graph(), "Foo", {"b"}, {"y"}, "");
  write("model.onnx", model);
  const std::string foo = "Foo (opset 17): not supported; nodes 'first', '-> y'";
  const std::string bar =
      "Bar (domain com.example, opset 3): a custom operator that is not registered (ModelOptions::operators); node "
      "'second'";
  expect_error(3, "model.onnx: " + foo + "\n  " + bar, {"run", "model.onnx", "--random"});
  const Outcome checked = run({"check", "model.onnx"});
  EXPECT_EQ(checked.code, 3);
  EXPECT_EQ(checked.out, foo + "\n" + bar + "\nmodel.onnx: 2 problems\n");
}

TEST_F(BadModels, HaveShapesThatAreNone) {
  expect_refused(with_weights({-1, 2}, {}), "tensor 'second': its shape [-1, 2] has a negative dimension");
  expect_refused(with_weights({huge, huge}, {}),
                 "tensor 'second': shape [1099511627776, 1099511627776] has more "
                 "elements than memory can hold");
  expect_refused(with_weights({huge}, {1}),
                 "tensor 'second': float[1099511627776] needs 1099511627776 entries in "
                 "float_data, found 1");
  expect_refused(with_weights({2}, {1}), "tensor 'second': float[2] needs 2 entries in float_data, found 1");
  onnx::ModelProto model = identity_model();
  auto* dims = model.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
  dims->mutable_dim(1)->set_dim_value(-5);
  expect_refused(model, "input 'x': dimension 1 is -5");

  const std::string negative = "has a negative dimension";
  expect_refused(with_integers("Reshape", "reshape", {-7, 2}),
                 "node 'reshape' (Reshape, opset 17): shape [-7, 2] " + negative);
  expect_refused(with_integers("Reshape", "reshape", std::vector<std::int64_t>(17, 1)),
                 "node 'reshape' (Reshape, opset 17): more than 16 dimensions are not supported");
  expect_refused(with_integers("Reshape", "reshape", {-1, -1}),
                 "node 'reshape' (Reshape, opset 17): shape [-1, -1] has more than one -1");
  expect_refused(with_integers("Expand", "expand", {-3, 2}),
                 "node 'expand' (Expand, opset 17): shape [-3, 2] " + negative);
  expect_refused(with_integers("Tile", "tile", {2, -1}),
                 "node 'tile' (Tile, opset 17): repeats [2, -1] have a negative number");
  expect_refused(constant_of_shape({-1, 2}), "node 'fill' (ConstantOfShape, opset 17): shape [-1, 2] " + negative);
}

TEST_F(BadModels, AskForMoreMemoryThanThereIs) {
  const std::string more = "has more elements than memory can hold\n";
  expect_too_large(with_integers("Reshape", "reshape", {huge, huge}),
                   "model.onnx: node 'reshape' (Reshape, opset 17): shape [1099511627776, 1099511627776] " + more);
  expect_too_large(with_integers("Expand", "expand", {huge, huge, 2}),
                   "model.onnx: node 'expand' (Expand, opset 17): shape [1099511627776, 1099511627776, 2] " + more);
  expect_too_large(with_integers("Expand", "expand", {huge, 2}),
                   "model.onnx: node 'expand' (Expand, opset 17): output 0 of shape [1099511627776, 2] takes "
                   "8796093022208 bytes, the limit is ");
  expect_too_large(constant_of_shape({huge, huge}),
                   "model.onnx: node 'fill' (ConstantOfShape, opset 17): shape [1099511627776, 1099511627776] " + more);
  expect_too_large(constant_of_shape({huge}),
                   "model.onnx: node 'fill' (ConstantOfShape, opset 17): output 0 of shape [1099511627776] takes "
                   "4398046511104 bytes, the limit is ");
  onnx::ModelProto input = identity_model();
  auto* dims = input.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
  dims->mutable_dim(0)->set_dim_value(huge);
  expect_too_large(input, "--random: input 'x': cannot allocate 8796093022208 bytes for a float tensor");
  dims->mutable_dim(1)->set_dim_value(huge);
  expect_too_large(input, "--random: input 'x': shape [1099511627776, 1099511627776] " + more);
}

TEST_F(BadModels, NameTheNodeThatDataBreaks) {
  onnx::ModelProto model = model_without_nodes();
  set_integers(model.mutable_graph()->add_initializer(), "indices", {1}, {5});
  add_node(model.mutable_graph(), "Gather", {"x", "indices"}, {"y"}, "");
  write("model.onnx", model);
  const std::string message =
      "model.onnx: node '-> y' (Gather, opset 17): index 5 is out of range for an axis of size 1: "
      "expected -1 to 0";
  expect_error(4, message, {"run", "model.onnx", "--random"});
}

TEST_F(BadModels, ThatOnlyRunWithSomeSizesAreToldApart) {
  onnx::ModelProto model = identity_model();
  model.mutable_graph()->clear_node();
  add_node(model.mutable_graph(), "Reshape", {"x", "shape"}, {"y"}, "reshape");
  set_integers(model.mutable_graph()->add_initializer(), "shape", {2}, {3, 4});
  write("model.onnx", model);
  const Outcome checked = run({"check", "model.onnx"});
  EXPECT_EQ(checked.code, 0);
  EXPECT_EQ(checked.out, "model.onnx: good: opset 17, 1 nodes, all supported\n");
  EXPECT_EQ(checked.err,
            "ranvier: with the sizes tried for unknown dimensions it does not run: node 'reshape' (Reshape, opset "
            "17): an input of shape [101, 2] does not fit the shape [3, 4]\n");
  EXPECT_NE(output_of({"run", "model.onnx", "--random", "--shape", "6x2"}), "");
  expect_error(4,
               "model.onnx: node 'reshape' (Reshape, opset 17): an input of shape [1, 2] does not fit the shape [3, 4]",
               {"run", "model.onnx", "--random"});
}

TEST_F(BadModels, CannotReachTheTerminal) {
  onnx::ModelProto model = model_without_nodes();
  add_node(model.mutable_graph(), "Foo", {"x"}, {"y"}, "red\x1b[31m and\nmore");
  write("model.onnx", model);
  expect_error(3, "model.onnx: Foo (opset 17): not supported; node 'red\\x1b[31m and\n  more'",
               {"run", "model.onnx", "--random"});
  for (const char* command : {"check", "summary"}) {
    const Outcome outcome = run({command, "model.onnx"});
    EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
    EXPECT_NE(outcome.out.find("red\\x1b[31m and"), std::string::npos) << outcome.out;
  }
}

}  // namespace
}  // namespace ranvier::cli
