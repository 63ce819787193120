#include "runtime/loader/loader.h"

#include <gtest/gtest.h>

#include <random>

#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using namespace testing;

TEST(Loader, KeepsWhatTheFileSaysAboutItself) {
  onnx::ModelProto model = relu_model();
  model.set_producer_name("tf2onnx");
  model.set_producer_version("1.16");
  model.set_domain("com.example");
  model.set_model_version(3);
  model.set_doc_string("digits");
  auto* entry = model.add_metadata_props();
  entry->set_key("author");
  entry->set_value("me");
  const LoadedModel loaded = load(model);
  EXPECT_EQ(loaded.ir_version, 8);
  EXPECT_EQ(loaded.producer, "tf2onnx");
  EXPECT_EQ(loaded.producer_version, "1.16");
  EXPECT_EQ(loaded.domain, "com.example");
  EXPECT_EQ(loaded.model_version, 3);
  EXPECT_EQ(loaded.description, "digits");
  EXPECT_EQ(loaded.metadata, (std::vector<std::pair<std::string, std::string>>{{"author", "me"}}));
}

TEST(Loader, TakesAnyIrVersion) {
  for (const std::int64_t version : {1, 3, 13, 1000}) {
    onnx::ModelProto model = relu_model();
    model.set_ir_version(version);
    EXPECT_EQ(load(model).ir_version, version);
  }
}

TEST(Loader, ErrorsBeginWithTheFile) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& bytes) {
    const auto file = folder.write("m.onnx", bytes);
    return without_path(error_of([&] { load_file(file); }), file);
  };
  EXPECT_EQ(error(serialize(relu_model())), "");
  EXPECT_EQ(error(""), "invalid_model: FILE: the file is empty, expected an ONNX model");
  EXPECT_EQ(error("hello, this is text"),
            "invalid_model: FILE: not an ONNX model, or a truncated one: its 19 bytes cannot be read");
  const std::string whole = serialize(relu_model());
  EXPECT_EQ(error(whole.substr(0, whole.size() - 1)),
            "invalid_model: FILE: not an ONNX model, or a truncated one: its " + std::to_string(whole.size() - 1) +
                " bytes cannot be read");
  onnx::ModelProto no_graph = relu_model();
  no_graph.clear_graph();
  EXPECT_EQ(error(serialize(no_graph)), "invalid_model: FILE: not an ONNX model: it holds no graph");
  onnx::ModelProto missing = relu_model();
  missing.mutable_graph()->mutable_node(0)->set_input(0, "w");
  EXPECT_EQ(error(serialize(missing)),
            "invalid_model: FILE: node 'relu' (Relu, opset 17): input 0, 'w', is made by nothing");
  EXPECT_EQ(error_of([&] { load_file(folder.path()); }),
            "io: " + folder.path().string() + ": is a folder, expected a file");
  EXPECT_EQ(error_of([&] { load_file("/no/such.onnx"); }),
            "io: /no/such.onnx: cannot open the file: No such file or directory");
  EXPECT_EQ(error_of([&] { load_file("/dev/null"); }), "io: /dev/null: is not a regular file");
}

TEST(Loader, NothingIsPrinted) {
  ::testing::internal::CaptureStderr();
  load_error(onnx::ModelProto());
  error_of([] { load("\x08"); });
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Loader, NestingBeyondProtobufsLimitIsAnError) {
  onnx::ModelProto model = relu_model();
  onnx::GraphProto* graph = model.mutable_graph();
  for (int level = 0; level < 40; ++level) {
    onnx::NodeProto* node = add_node(graph, "If", {"x"}, {"z" + std::to_string(level)});
    graph = add_attribute(node, "then_branch", onnx::AttributeProto::GRAPH)->mutable_g();
  }
  EXPECT_NE(load_error(model).find("invalid_model: not an ONNX model, or a truncated one"), std::string::npos);
}

/// A model with something of everything that the loader reads.
std::string rich_model() {
  onnx::ModelProto model = relu_model();
  onnx::GraphProto* graph = model.mutable_graph();
  set_floats(graph->add_initializer(), "w", {2, 2}, {1, 2, 3, 4});
  graph->add_initializer()->CopyFrom(graph->initializer(0));
  graph->mutable_initializer(1)->set_name("raw");
  graph->mutable_initializer(1)->clear_float_data();
  graph->mutable_initializer(1)->set_raw_data(std::string(16, 'r'));
  onnx::SparseTensorProto* sparse = graph->add_sparse_initializer();
  set_floats(sparse->mutable_values(), "s", {1}, {5});
  set_integers(sparse->mutable_indices(), "", {1, 2}, {1, 1});
  sparse->add_dims(2);
  sparse->add_dims(2);
  onnx::NodeProto* node = add_node(graph, "If", {"x"}, {"z"}, "if");
  onnx::GraphProto* branch = add_attribute(node, "then_branch", onnx::AttributeProto::GRAPH)->mutable_g();
  add_node(branch, "F", {"y", "w"}, {"r"}, "call")->set_domain("f");
  branch->add_output()->set_name("r");
  onnx::FunctionProto* function = model.add_functions();
  function->set_domain("f");
  function->set_name("F");
  for (const std::string input : {"a", "b"}) function->add_input(input);
  function->add_output("c");
  onnx::NodeProto* inner = add_node(function, "Concat", {"a", "b"}, {"c"});
  add_attribute(inner, "axis", onnx::AttributeProto::INT)->set_i(-1);
  add_attribute(inner, "list", onnx::AttributeProto::INTS)->add_ints(3);
  return serialize(model);
}

/// Loads; only an Error may come out of that.
void try_to_load(const std::string& bytes) {
  try {
    const LoadedModel loaded = load(bytes);
    graph::verify(loaded.graph);
  } catch (const Error& error) {
    ASSERT_NE(error.code(), ErrorCode::internal) << error.what();
  }
}

TEST(Loader, EveryTruncationLoadsOrIsAnError) {
  const std::string bytes = rich_model();
  load(bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) try_to_load(bytes.substr(0, size));
}

TEST(Loader, ChangedBytesLoadOrAreAnError) {
  const std::string bytes = rich_model();
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string changed = bytes;
    for (int i = 0; i < 1 + round % 4; ++i) changed[random() % changed.size()] = static_cast<char>(random());
    try_to_load(changed);
  }
}

}  // namespace
}  // namespace ranvier::loader
