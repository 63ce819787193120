// ranvier optimize: what it says, and what it leaves behind.
#include <fmt/format.h>

#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

using loader::testing::add_node;

/// y = gelu(x) as Keras exports it, and the names of what it is made of.
onnx::ModelProto gelu_model() {
  onnx::ModelProto model = identity_model();
  onnx::GraphProto* graph = model.mutable_graph();
  graph->clear_node();
  for (const auto& [name, value] : {std::pair("half", 0.5f), {"minus_sqrt_half", -0.70710677f}}) {
    onnx::TensorProto* tensor = graph->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    tensor->add_float_data(value);
  }
  add_node(graph, "Mul", {"x", "minus_sqrt_half"}, {"scaled"});
  add_node(graph, "Erfc", {"scaled"}, {"tail"});
  add_node(graph, "Mul", {"half", "x"}, {"halved"});
  add_node(graph, "Mul", {"halved", "tail"}, {"y"});
  return model;
}

class Optimize : public Cli {
 protected:
  Optimize() { write("gelu.onnx", gelu_model()); }

  /// What it says on standard error, after "ranvier: ".
  std::string said(const Arguments& options) const {
    Arguments arguments = {"optimize", "gelu.onnx"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("ranvier: ")) << outcome.err;
    return outcome.err.substr(std::string("ranvier: ").size());
  }

  onnx::ModelProto model_of(const std::string& name) const {
    onnx::ModelProto model;
    EXPECT_TRUE(model.ParseFromString(read(name))) << name;
    return model;
  }
};

TEST_F(Optimize, SaysInALineWhatBecameOfTheModel) {
  EXPECT_EQ(said({"-o", "out.onnx"}), "out.onnx: 4 nodes -> 1, 1 rewrite, 1 function (Gelu)\n");
  EXPECT_EQ(names(), (std::vector<std::string>{"gelu.onnx", "out.onnx"}));
  const onnx::ModelProto model = model_of("out.onnx");
  EXPECT_EQ(model.producer_name(), "ranvier");
  EXPECT_EQ(model.producer_version(), RANVIER_VERSION);
  EXPECT_EQ(model.graph().node(0).op_type(), "Gelu");
  write("x.csv", "1,-2\n");
  EXPECT_EQ(output_of({"run", "out.onnx", "-i", "x.csv"}), output_of({"run", "gelu.onnx", "-i", "x.csv"}));
}

TEST_F(Optimize, StopsAfterSoManyRewrites) {
  EXPECT_EQ(said({"-o", "out.onnx", "--stop-after", "0"}), "out.onnx: 4 nodes -> 4, 0 rewrites, 1 function (Erfc)\n");
  EXPECT_EQ(said({"-o", "out.onnx", "--strict-onnx"}), "out.onnx: 4 nodes -> 4, 0 rewrites, 1 function (Erfc)\n");
}

TEST_F(Optimize, ANewerOpsetIsSaid) {
  onnx::ModelProto old = gelu_model();
  old.mutable_opset_import(0)->set_version(8);
  write("gelu.onnx", old);
  EXPECT_EQ(said({"-o", "out.onnx"}), "out.onnx: 4 nodes -> 1, 1 rewrite, 1 function (Gelu), opset 8 -> 9\n");
}

TEST_F(Optimize, WritesInPlaceOrToStandardOutput) {
  said({"-o", "out.onnx"});
  const Outcome piped = run({"optimize", "gelu.onnx", "-o", "-"});
  EXPECT_EQ(piped.code, 0);
  EXPECT_EQ(piped.out, read("out.onnx"));
  EXPECT_EQ(piped.err, "ranvier: standard output: 4 nodes -> 1, 1 rewrite, 1 function (Gelu)\n");
  said({"-o", "gelu.onnx"});
  EXPECT_EQ(read("gelu.onnx"), read("out.onnx"));
}

TEST_F(Optimize, WeightsBesideTheModel) {
  onnx::ModelProto model = identity_model();
  onnx::GraphProto* graph = model.mutable_graph();
  graph->mutable_node(0)->set_op_type("Add");
  graph->mutable_node(0)->add_input("w");
  onnx::TensorProto* tensor = graph->add_initializer();
  tensor->set_name("w");
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  for (const int dim : {200, 2}) tensor->add_dims(dim);
  for (int i = 0; i < 400; ++i) tensor->add_float_data(static_cast<float>(i));
  write("gelu.onnx", model);
  std::filesystem::create_directory(folder / "sub");
  EXPECT_EQ(said({"-o", "sub/out.onnx", "--external-data"}), "sub/out.onnx: 1 node -> 1, 0 rewrites\n");
  EXPECT_EQ(read("sub/out.onnx.data").size(), 1600u);
  EXPECT_EQ(model_of("sub/out.onnx").graph().initializer(0).external_data(0).value(), "out.onnx.data");
  write("x.csv", "1,-2\n");
  EXPECT_EQ(output_of({"run", "sub/out.onnx", "-i", "x.csv"}), output_of({"run", "gelu.onnx", "-i", "x.csv"}));
  // In place, the file beside the model is the one that its weights are read from.
  EXPECT_EQ(run({"optimize", "sub/out.onnx", "-o", "sub/out.onnx", "--external-data"}).code, 0);
  EXPECT_EQ(output_of({"run", "sub/out.onnx", "-i", "x.csv"}), output_of({"run", "gelu.onnx", "-i", "x.csv"}));
}

TEST_F(Optimize, WhatRanvierCannotRunStaysAsItIs) {
  onnx::ModelProto model = gelu_model();
  model.mutable_graph()->mutable_node(3)->set_output(0, "g");
  add_node(model.mutable_graph(), "NoSuchOperator", {"g"}, {"y"});
  write("gelu.onnx", model);
  EXPECT_EQ(said({"-o", "out.onnx"}), "out.onnx: 5 nodes -> 2, 1 rewrite, 1 function (Gelu)\n");
  EXPECT_EQ(model_of("out.onnx").graph().node(1).op_type(), "NoSuchOperator");
}

TEST_F(Optimize, OptionsHaveToFit) {
  expect_error(2, "-o is required (ranvier optimize --help explains)", {"optimize", "gelu.onnx"});
  expect_error(2, "--external-data: standard output has no file beside it",
               {"optimize", "gelu.onnx", "-o", "-", "--external-data"});
  expect_error(2, "--stop-after: expected a whole number of at least 0, got '-1' (ranvier optimize --help explains)",
               {"optimize", "gelu.onnx", "-o", "out.onnx", "--stop-after", "-1"});
  EXPECT_EQ(names(), std::vector<std::string>{"gelu.onnx"});
}

TEST_F(Optimize, NothingIsWrittenOfAModelThatIsNone) {
  write("bad.onnx", "no model");
  expect_error(3, "bad.onnx: not an ONNX model, or a truncated one: its 8 bytes cannot be read",
               {"optimize", "bad.onnx", "-o", "out.onnx"});
  onnx::ModelProto model = gelu_model();
  onnx::ValueInfoProto* input = model.mutable_graph()->add_input();
  input->set_name("list");
  input->mutable_type()->mutable_sequence_type();
  write("list.onnx", model);
  expect_error(3, "list.onnx: input 'list' is of kind sequence: only tensors are written",
               {"optimize", "list.onnx", "-o", "out.onnx"});
  EXPECT_EQ(names(), (std::vector<std::string>{"bad.onnx", "gelu.onnx", "list.onnx"}));
}

TEST_F(Optimize, OutputsThatCannotBeWritten) {
  expect_error(4, "no/out.onnx: cannot be written: No such file or directory",
               {"optimize", "gelu.onnx", "-o", "no/out.onnx"});
  expect_error(4, "models: cannot be written: it is a folder", {"optimize", "gelu.onnx", "-o", "models"});
}

}  // namespace
}  // namespace ranvier::cli
