#include "runtime/writer/writer.h"

#include <gtest/gtest.h>

#include "runtime/graph/patch.h"
#include "runtime/loader/unsupported.h"
#include "runtime/optimizer/optimizer.h"
#include "runtime/writer/testing.h"
#include "tools/golden/golden.h"

namespace ranvier::writer {
namespace {

using namespace testing;

namespace fs = std::filesystem;
using graph::ValueId;
using loader::LoadedModel;
using operators::testing::elements;

std::string name_of(const golden::Golden& model) { return model.folder.filename().string(); }

/// The models of the project and those of ONNX' node tests that the loader takes.
std::vector<std::pair<golden::Golden, LoadedModel>> models() {
  const fs::path source = RANVIER_SOURCE_DIR;
  std::vector<std::pair<golden::Golden, LoadedModel>> all;
  for (const fs::path& folder : {source / "models", source / "tests/corpus", fs::path(RANVIER_ONNX_NODE_TESTS)}) {
    if (!fs::is_directory(folder)) continue;
    for (const golden::Golden& model : golden::find(folder)) {
      try {
        all.emplace_back(model, loader::load_file(model.model()));
      } catch (const Error&) {  // which the loader's tests are about
      }
    }
  }
  return all;
}

/// How the answers of one model differ from those of another; nothing where they hardly do.
std::optional<std::string> difference(const Session& got, const Session& want, const golden::Golden& model) {
  for (const fs::path& set : model.sets) {
    const golden::TestSet test = golden::load(set);
    const std::vector<Tensor> a = got.run(test.inputs), b = want.run(test.inputs);
    for (std::size_t i = 0; i < b.size(); ++i)
      if (const auto how = golden::difference(a[i], b[i], {1e-6, 1e-7})) return how;
  }
  return std::nullopt;
}

TEST(Writer, WhatWasOptimizedGivesTheSameAnswersAgain) {
  std::size_t compared = 0;
  for (const auto& [model, file] : models()) {
    if (!file.unsupported.empty()) continue;
    ++compared;
    const Document document(file, optimizer::optimize(file.graph).graph);
    // As Ranvier reads it, which knows the functions.
    const Session own(parsed(bytes_of(document)), {.threads = 1});
    EXPECT_EQ(difference(own, Session(Model::load(model.model()), {.threads = 1}), model), std::nullopt)
        << name_of(model);
    // As others read it.
    const std::string spelled = loader::serialize(spelled_out(proto_of(document)));
    const Session others(parsed(spelled, {.optimize = false}), {.threads = 1});
    EXPECT_EQ(golden::mismatch(others, model, model.tolerance), std::nullopt) << name_of(model);
  }
  EXPECT_GE(compared, 200u);
}

TEST(Writer, WhatIsNotOptimizedStaysAsItIsSupportedOrNot) {
  std::size_t compared = 0;
  for (const auto& [model, file] : models()) {
    const bool of_tensors = loader::unsupported_ports(file.graph).empty();
    if (!of_tensors || !file.not_held.empty()) continue;
    ++compared;
    const LoadedModel again = read_again(Document(file, file.graph));
    EXPECT_EQ(to_text(again.graph), to_text(graph::sweep(file.graph))) << name_of(model);
    for (const auto& [domain, version] : again.opsets) {
      if (domain == "ranvier") continue;
      EXPECT_EQ(file.opsets.at(domain), version) << name_of(model);
    }
  }
  EXPECT_GE(compared, 240u);
}

TEST(Writer, KeepsWhatTheFileSaysOfItself) {
  Builder builder;
  const graph::Graph graph = builder.finish({builder.node("Relu", {builder.input("x")})});
  LoadedModel file = file_of(graph, 15, 7);
  file.producer = "tf2onnx";
  file.producer_version = "1.17";
  file.domain = "com.example";
  file.model_version = 3;
  file.description = "digits";
  file.metadata = {{"author", "me"}};
  const onnx::ModelProto proto = proto_of(Document(file, graph, {.producer_version = "0.1"}));
  EXPECT_EQ(proto.ir_version(), 7);
  EXPECT_EQ(proto.producer_name(), "ranvier");
  EXPECT_EQ(proto.producer_version(), "0.1");
  EXPECT_EQ(proto.domain(), "com.example");
  EXPECT_EQ(proto.model_version(), 3);
  EXPECT_EQ(proto.doc_string(), "digits");
  ASSERT_EQ(proto.metadata_props_size(), 1);
  EXPECT_EQ(proto.metadata_props(0).value(), "me");
  ASSERT_EQ(proto.opset_import_size(), 1);
  EXPECT_EQ(proto.opset_import(0).version(), 15);
  EXPECT_EQ(proto.functions_size(), 0);
}

TEST(Writer, FunctionsNeedTheirIrVersionAndTheirDomain) {
  Builder builder;
  const graph::Graph graph = builder.finish({builder.node("Mish", {builder.input("x")}, {}, 18)});
  const Document document(file_of(graph, 17, 6), graph);
  EXPECT_EQ(document.functions(), Names{"Mish"});
  const onnx::ModelProto proto = proto_of(document);
  EXPECT_EQ(proto.ir_version(), 8);
  EXPECT_EQ(proto.opset_import(1).domain(), "ranvier");
  EXPECT_EQ(proto.functions(0).opset_import(0).version(), 17);
  // Read again it is the operator, whose opset the file does not have.
  const graph::Graph again = read_again(document).graph;
  EXPECT_EQ(again.nodes[0].op_type, "Mish");
  EXPECT_EQ(again.nodes[0].domain, "");
  EXPECT_EQ(again.nodes[0].version, 18);
  EXPECT_EQ(proto_of(Document(file_of(graph, 18, 1), graph)).ir_version(), 4);
}

TEST(Writer, PortsAreDeclaredAsInTheFile) {
  Builder builder;
  const ValueId x = builder.input("x", DataType::float16, {{{-1, "batch"}, {-1, ""}, {3, ""}}});
  const ValueId any = builder.input("any", DataType::float16);
  const ValueId y = builder.node("Add", {x, any});
  builder.rename(y, "y");
  graph::Graph declared = builder.finish({y, y});
  declared.values[y].type = DataType::float16;
  graph::Graph graph = declared;
  graph.values[y].type = DataType::undefined;
  graph.values[x].shape.reset();
  const onnx::ModelProto proto = proto_of(Document(file_of(declared), graph));
  const auto& dims = proto.graph().input(0).type().tensor_type().shape();
  ASSERT_EQ(dims.dim_size(), 3);
  EXPECT_EQ(dims.dim(0).dim_param(), "batch");
  EXPECT_EQ(dims.dim(1).value_case(), onnx::TensorShapeProto::Dimension::VALUE_NOT_SET);
  EXPECT_EQ(dims.dim(2).dim_value(), 3);
  EXPECT_FALSE(proto.graph().input(1).type().tensor_type().has_shape());
  EXPECT_EQ(proto.graph().output(0).type().tensor_type().elem_type(), onnx::TensorProto::FLOAT16);
  ASSERT_EQ(proto.graph().output_size(), 2);
  EXPECT_EQ(proto.graph().output(1).name(), "y");
}

TEST(Writer, AnInputWithADefaultStaysOne) {
  Builder builder;
  const ValueId x = builder.input("x", DataType::float32, {{{2, ""}}});
  builder.graph().values[x].constant = counting({2});
  builder.graph().values[x].overridable = true;
  const graph::Graph graph = builder.finish({builder.node("Relu", {x})});
  const graph::Graph again = read_again(Document(file_of(graph), graph)).graph;
  ASSERT_EQ(again.inputs.size(), 1u);
  EXPECT_TRUE(again.values[again.inputs[0]].overridable);
  EXPECT_EQ(elements<float>(*again.values[again.inputs[0]].constant), (std::vector<float>{0, 1}));
}

TEST(Writer, EveryTypeOfTensorAndAttributeIsKept) {
  Builder builder;
  graph::Graph graph = builder.finish({builder.node("Relu", {builder.input("x")})});
  auto& attributes = graph.nodes[0].attributes;
  attributes = {{"f", 0.5f},
                {"i", std::int64_t{-3}},
                {"s", std::string("a\0b", 3)},
                {"fs", std::vector<float>{1, 2}},
                {"is", std::vector<std::int64_t>{}},
                {"ss", std::vector<std::string>{"", "b"}},
                {"ts", std::vector<Tensor>{counting({2}), counting({})}}};
  for (int type = 1; type < data_type_count; ++type)
    attributes.emplace(fmt::format("t{}", type), Tensor(static_cast<DataType>(type), {3}));
  attributes["t8"] = Tensor::of<std::string>({2}, std::vector<std::string>{"a", ""});
  const graph::Graph again = read_again(Document(file_of(graph), graph)).graph;
  for (const auto& [name, value] : attributes) {
    const graph::Attribute& got = again.nodes[0].attributes.at(name);
    EXPECT_EQ(kind(got), kind(value)) << name;
    if (const auto* tensor = std::get_if<Tensor>(&value)) {
      EXPECT_TRUE(golden::identical(std::get<Tensor>(got), *tensor)) << name;
    } else {
      EXPECT_EQ(to_text(got), to_text(value)) << name;
    }
  }
}

TEST(Writer, NamesAreUniqueAndThoseOfPortsAreKept) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId a = builder.node("Abs", {x}), b = builder.node("Neg", {a}), c = builder.node("Exp", {b});
  for (const ValueId id : {a, b}) builder.rename(id, "y");
  builder.rename(c, "y");
  const onnx::ModelProto proto = proto_of(Document(file_of(builder.finish({c})), builder.graph()));
  EXPECT_EQ(proto.graph().node(2).output(0), "y");
  EXPECT_EQ(proto.graph().node(0).output(0), "y_1");
  EXPECT_EQ(proto.graph().node(1).output(0), "y_2");
}

TEST(Writer, AConstantStandsInTheFileOnce) {
  Builder builder;
  const Tensor weights = counting({2}), copy = Tensor::of<float>({2}, elements<float>(weights));
  const ValueId x = builder.input("x", DataType::float32, {{{2, ""}}});
  // What may be given instead is no constant.
  builder.graph().values[x].constant = weights;
  builder.graph().values[x].overridable = true;
  ValueId y = x;
  for (const Tensor& each : {weights, weights, copy}) y = builder.node("Add", {y, builder.constant(each)});
  const graph::Graph graph = builder.finish({y});
  const onnx::ModelProto proto = proto_of(Document(file_of(graph), graph));
  EXPECT_EQ(proto.graph().initializer_size(), 3);
  EXPECT_EQ(proto.graph().node(0).input(1), proto.graph().node(1).input(1));
  EXPECT_NE(proto.graph().node(0).input(1), "x");
  EXPECT_NE(proto.graph().node(0).input(1), proto.graph().node(2).input(1));
}

/// If(condition): x + w, else: x - w - v; the branches bring w along, of which one has v.
graph::Graph branches(const Tensor& w, const Tensor& v) {
  Builder builder;
  const ValueId x = builder.input("x"), condition = builder.input("condition", DataType::boolean);
  Builder then;
  const ValueId then_x = then.input("x");
  const ValueId then_y = then.node("Add", {then_x, then.constant(w)});
  then.rename(then_y, "x");  // taken outside
  Builder otherwise;
  const ValueId else_x = otherwise.input("x");
  const ValueId difference = otherwise.node("Sub", {else_x, otherwise.constant(w)});
  const ValueId else_y = otherwise.node("Sub", {difference, otherwise.constant(v)});
  const auto branch = [&](Builder& body, ValueId inner, ValueId result) {
    body.graph().inputs.clear();
    return graph::Subgraph{std::make_shared<const graph::Graph>(body.finish({result})), {{x, inner}}};
  };
  const ValueId y =
      builder.node("If", {condition},
                   {{"then_branch", branch(then, then_x, then_y)}, {"else_branch", branch(otherwise, else_x, else_y)}});
  return builder.finish({y});
}

TEST(Writer, SubgraphsSeeTheGraphAround) {
  const graph::Graph graph = branches(counting({300}), counting({2}));
  const onnx::ModelProto proto = proto_of(Document(file_of(graph), graph));
  ASSERT_EQ(proto.graph().node_size(), 1);
  const onnx::GraphProto& otherwise = proto.graph().node(0).attribute(0).g();
  const onnx::GraphProto& then = proto.graph().node(0).attribute(1).g();
  EXPECT_EQ(then.node(0).input(0), "x");
  EXPECT_EQ(then.node(0).output(0), "x_1");
  EXPECT_EQ(then.output(0).name(), "x_1");
  // What both have stands outside, once.
  ASSERT_EQ(proto.graph().initializer_size(), 1);
  EXPECT_EQ(then.initializer_size(), 0);
  EXPECT_EQ(then.node(0).input(1), proto.graph().initializer(0).name());
  EXPECT_EQ(otherwise.node(0).input(1), proto.graph().initializer(0).name());
  EXPECT_EQ(otherwise.initializer_size(), 1);
  const graph::Graph again = loader::testing::load(proto).graph;
  EXPECT_EQ(again.nodes[0].required<graph::Subgraph>("then_branch").captures.size(), 1u);
}

TEST(Writer, LargeConstantsGoToAFileBesideTheModel) {
  Builder builder;
  const Tensor large = counting({300}), small = counting({2}), larger = counting({2000});
  ValueId y = builder.input("x");
  for (const Tensor& each : {large, small, larger}) y = builder.node("Add", {y, builder.constant(each)});
  const graph::Graph graph = builder.finish({y});
  const loader::testing::TemporaryFolder folder;
  const Document document(file_of(graph), graph, {.external_file = "m.data", .most_bytes_inside = 0});
  ASSERT_TRUE(document.has_external());
  std::string data;
  document.write_external([&](std::string_view bytes) { data += bytes; });
  EXPECT_EQ(data.size(), 4096u + 8000u);  // each begins a page
  folder.write("m.data", data);
  const LoadedModel again = loader::load_file(folder.write("m.onnx", bytes_of(document)));
  std::vector<Tensor> constants;
  for (const graph::Value& value : again.graph.values)
    if (value.constant) constants.push_back(*value.constant);
  ASSERT_EQ(constants.size(), 3u);
  EXPECT_TRUE(golden::identical(constants[0], large));
  EXPECT_TRUE(golden::identical(constants[1], small));
  EXPECT_TRUE(golden::identical(constants[2], larger));
  EXPECT_LT(bytes_of(document).size(), 1000u);
  const std::size_t all = large.bytes() + small.bytes() + larger.bytes();
  EXPECT_FALSE(Document(file_of(graph), graph, {.external_file = "m.data", .most_bytes_inside = all}).has_external());
  EXPECT_TRUE(
      Document(file_of(graph), graph, {.external_file = "m.data", .most_bytes_inside = all - 1}).has_external());
}

TEST(Writer, WhatTheGraphDoesNotHoldIsNotLeftOut) {
  onnx::ModelProto model = loader::testing::relu_model();
  model.mutable_graph()->mutable_node(0)->set_op_type("NoSuchOperator");
  loader::testing::add_attribute(model.mutable_graph()->mutable_node(0), "type", onnx::AttributeProto::TYPE_PROTO)
      ->mutable_tp();
  const LoadedModel file = loader::testing::load(model);
  EXPECT_EQ(error_of([&] { Document(file, file.graph); }),
            "unsupported: node 'relu' (NoSuchOperator, opset 17): attribute 'type': attributes of kind type are not "
            "supported");
  Builder builder;
  const ValueId x = builder.input("x");
  builder.graph().values[x].kind = graph::ValueKind::sequence;
  const graph::Graph graph = builder.finish({builder.node("SequenceAt", {x})});
  EXPECT_EQ(error_of([&] { Document(file_of(graph), graph); }),
            "unsupported: input 'x' is of kind sequence: only tensors are written");
}

TEST(Writer, ASinkMayThrow) {
  Builder builder;
  const graph::Graph graph = builder.finish({builder.node("Relu", {builder.input("x")})});
  const Document document(file_of(graph), graph);
  EXPECT_EQ(error_of([&] { document.write([](std::string_view) { fail(ErrorCode::io, "the disk is full"); }); }),
            "io: the disk is full");
}

TEST(Writer, WritingTwiceIsWritingOnce) {
  for (const char* name : {"dense_celu.keras", "dense_relu_slope_threshold.keras", "dense_sparsemax.keras"}) {
    const LoadedModel file = loader::load_file(fs::path(RANVIER_SOURCE_DIR) / "tests/corpus" / name / "model.onnx");
    const Document once(file, optimizer::optimize(file.graph).graph);
    const LoadedModel again = read_again(once);
    EXPECT_EQ(bytes_of(Document(again, optimizer::optimize(again.graph).graph)), bytes_of(once)) << name;
  }
}

}  // namespace
}  // namespace ranvier::writer
