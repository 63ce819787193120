// ranvier graph: what it shows at each stage, in each format.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

using loader::testing::add_node;
using nlohmann::json;

/// y = swish(2 * x + w), where the 1 of Keras' swish is computed from a constant.
onnx::ModelProto swish_model() {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto* graph = model.mutable_graph();
  loader::testing::declare(graph->add_input(), "x", {-1, 3});
  graph->mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_param(
      "rows");
  loader::testing::declare(graph->add_output(), "y", {-1, 3});
  const auto constant = [&](const std::string& name, std::vector<std::int64_t> dims, std::vector<float> values) {
    onnx::TensorProto* tensor = graph->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t dim : dims) tensor->add_dims(dim);
    for (const float value : values) tensor->add_float_data(value);
  };
  constant("two", {}, {2});
  constant("w", {3}, {1, 2, 3});
  constant("minus_one", {}, {-1});
  add_node(graph, "Mul", {"two", "x"}, {"doubled"}, "double");
  add_node(graph, "Add", {"doubled", "w"}, {"sum"}, "");
  add_node(graph, "Neg", {"minus_one"}, {"one"}, "negate");
  add_node(graph, "Mul", {"one", "sum"}, {"scaled"}, "scale");
  add_node(graph, "Sigmoid", {"scaled"}, {"gate"}, "");
  add_node(graph, "Mul", {"sum", "gate"}, {"y"}, "swish");
  return model;
}

class GraphCommand : public Cli {
 protected:
  GraphCommand() { write("swish.onnx", swish_model()); }

  std::string graph_of(const std::string& file, const Arguments& options = {}) const {
    Arguments arguments = {"graph", file};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return output_of(arguments);
  }
};

TEST_F(GraphCommand, TextHasALineForEachNode) {
  EXPECT_EQ(graph_of("swish.onnx"),
            "swish.onnx, optimized: 3 nodes, 2 rewrites\n"
            "input   x: float [rows, 3]\n"
            "output  y: float [rows, 3]\n"
            "1  Mul    doubled  float [rows, 3]     <- 2, x\n"
            "2  Add    sum      float [rows, 3]  3  <- doubled, float [3]\n"
            "3  Swish  y        float [rows, 3]     <- sum  {alpha=1}\n");
  EXPECT_EQ(graph_of("swish.onnx", {"--stage", "loaded"}),
            "swish.onnx, loaded: 6 nodes\n"
            "input   x: float [rows, 3]\n"
            "output  y: float [rows, 3]\n"
            "1  Mul      doubled  float [rows, 3]     <- 2, x\n"
            "2  Add      sum      float [rows, 3]  3  <- doubled, float [3]\n"
            "3  Neg      one      float []            <- -1\n"
            "4  Mul      scaled   float [rows, 3]     <- one, sum\n"
            "5  Sigmoid  gate     float [rows, 3]     <- scaled\n"
            "6  Mul      y        float [rows, 3]     <- sum, gate\n");
}

TEST_F(GraphCommand, ExplainTellsWhatEachNodeIsMadeOf) {
  EXPECT_EQ(graph_of("swish.onnx", {"--explain"}),
            "swish.onnx, optimized: 3 nodes, 2 rewrites\n"
            "input   x: float [rows, 3]\n"
            "output  y: float [rows, 3]\n"
            "1  Mul    doubled  float [rows, 3]     <- 2, x\n"
            "2  Add    sum      float [rows, 3]  3  <- doubled, float [3]\n"
            "3  Swish  y        float [rows, 3]     <- sum  {alpha=1}\n"
            "     made of scale, Sigmoid -> gate, swish by restore_activations\n"
            "     1 node folded into constants: negate\n"
            "The optimizer left nothing alone that almost fits a pattern.\n");
}

TEST_F(GraphCommand, ExplainTellsWhatIsLeftAloneAndWhy) {
  onnx::ModelProto model = swish_model();
  loader::testing::declare(model.mutable_graph()->add_output(), "gate", {-1, 3});
  write("open.onnx", model);
  const std::string text = graph_of("open.onnx", {"--explain"});
  EXPECT_NE(text.find("\nLeft alone by the optimizer:\n  "), std::string::npos) << text;
  EXPECT_NE(text.find("would be Swish@24"), std::string::npos) << text;
  EXPECT_NE(text.find("; but "), std::string::npos) << text;
}

TEST_F(GraphCommand, ExplainOfAPlanTellsHowEachNodeRuns) {
  const std::string text = graph_of("swish.onnx", {"--explain", "--stage", "planned", "--batch", "5"});
  EXPECT_TRUE(text.starts_with("swish.onnx, planned: 3 nodes, 2 rewrites, 128 bytes of arena, ")) << text;
  EXPECT_NE(text.find("1  Mul    doubled  float [5, 3]     <- 2, x\n     runs by "), std::string::npos) << text;
  EXPECT_NE(text.find(", at 64 of the arena, 60 bytes\n"), std::string::npos) << text;
  EXPECT_NE(text.find(", in the output\n"), std::string::npos) << text;
  EXPECT_EQ(graph_of("swish.onnx", {"--explain", "--stage", "planned", "--shape", "x=5x3"}), text);
}

TEST_F(GraphCommand, ExplainOfAPlanTellsWhyImplementationsRefused) {
  const json plan = json::parse(graph_of("models/digits_mlp/model.onnx", {"--stage", "planned", "--format", "json"}));
  const std::string text = graph_of("models/digits_mlp/model.onnx", {"--stage", "planned", "--explain"});
  for (const json& node : plan["nodes"]) {
    EXPECT_NE(text.find("runs by " + node["implementation"].get<std::string>()), std::string::npos) << node;
    for (const json& refused : node["refused"])
      EXPECT_NE(text.find(fmt::format("not by {}: {}\n", refused["implementation"].get<std::string>(),
                                      refused["reason"].get<std::string>())),
                std::string::npos)
          << refused;
  }
}

TEST_F(GraphCommand, JsonHasAllOfIt) {
  const json graph = json::parse(graph_of("swish.onnx", {"--format", "json"}));
  EXPECT_EQ(graph["model"], "swish.onnx");
  EXPECT_EQ(graph["stage"], "optimized");
  ASSERT_EQ(graph["nodes"].size(), 3u);
  const json& swish = graph["nodes"][2];
  EXPECT_EQ(swish["id"], 2);
  EXPECT_EQ(swish["name"], "swish");
  EXPECT_EQ(swish["operator"], "Swish");
  EXPECT_EQ(swish["attributes"], json::parse(R"({"alpha": 1.0})"));
  EXPECT_EQ(swish["made_of"], json({"scale", "Sigmoid -> gate", "swish"}));
  EXPECT_EQ(swish["folded"], json({"negate"}));
  EXPECT_EQ(swish["passes"], json({"restore_activations"}));
  EXPECT_EQ(graph["nodes"][1]["name"], "Add -> sum");
  EXPECT_EQ(graph["nodes"][1]["made_of"], json({"Add -> sum"}));
  EXPECT_EQ(graph["nodes"][1]["parameters"], 3);
  const auto value = [&](const json& id) {
    return *std::find_if(graph["values"].begin(), graph["values"].end(), [&](const json& v) { return v["id"] == id; });
  };
  EXPECT_EQ(swish["outputs"], graph["outputs"]);
  const json y = value(graph["outputs"][0]);
  EXPECT_EQ(y["name"], "y");
  EXPECT_EQ(y["type"], "float");
  EXPECT_EQ(y["shape"], json({"rows", 3}));
  EXPECT_EQ(y["constant"], false);
  EXPECT_EQ(value(graph["nodes"][1]["inputs"][1])["constant"], true);
  EXPECT_EQ(value(graph["inputs"][0])["name"], "x");
  ASSERT_EQ(graph["rewrites"].size(), 2u);
  EXPECT_EQ(graph["rewrites"][0]["pass"], "fold_constants");
  EXPECT_EQ(graph["rewrites"][0]["nodes"], json({"negate"}));
  EXPECT_EQ(graph["refusals"], json::array());
  EXPECT_FALSE(graph.contains("arena_bytes"));
}

TEST_F(GraphCommand, JsonOfAPlanHasPlaces) {
  const json graph = json::parse(graph_of("swish.onnx", {"--format", "json", "--stage", "planned", "--batch", "5"}));
  EXPECT_EQ(graph["arena_bytes"], 128);
  EXPECT_GE(graph["threads"], 1);
  EXPECT_EQ(graph["copies"], json::array());
  std::vector<std::string> places;
  for (const json& value : graph["values"])
    if (value.contains("place"))
      places.push_back(fmt::format("{} {} {}", value["name"].get<std::string>(),
                                   value["place"]["kind"].get<std::string>(), value["place"]["bytes"].get<int>()));
  std::sort(places.begin(), places.end());
  EXPECT_EQ(places, (std::vector<std::string>{"doubled arena 60", "sum arena 60", "y output 60"}));
}

TEST_F(GraphCommand, APlanHasNothingThatIsComputedWhilePlanning) {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto* graph = model.mutable_graph();
  loader::testing::declare(graph->add_input(), "x", {-1});
  loader::testing::declare(graph->add_input(), "like", {-1, -1});
  loader::testing::declare(graph->add_output(), "y", {-1, -1});
  loader::testing::declare(graph->add_output(), "like", {-1, -1});
  add_node(graph, "Shape", {"like"}, {"sizes"}, "shape");
  add_node(graph, "Reshape", {"x", "sizes"}, {"reshaped"}, "reshape");
  add_node(graph, "Neg", {"reshaped"}, {"y"}, "negate");
  write("reshape.onnx", model);
  const Arguments planned = {"--stage", "planned", "--shape", "x=6", "--shape", "like=2x3"};
  const std::string text = graph_of("reshape.onnx", planned);
  EXPECT_NE(text.find("\n1  Reshape  reshaped  float [2, 3]    <- x, int64 [2]\n"
                      "2  Neg      y         float [2, 3]    <- reshaped\n"
                      "output 'like' is copied from the input that it is\n"
                      "computed while planning: 1 node\n"),
            std::string::npos)
      << text;
  Arguments explained = planned;
  explained.push_back("--explain");
  const std::string more = graph_of("reshape.onnx", explained);
  EXPECT_NE(more.find("\n     shares the memory of its input\n"), std::string::npos) << more;
  EXPECT_NE(more.find("\ncomputed while planning: shape\n"), std::string::npos) << more;
}

TEST_F(GraphCommand, WhatDependsOnElementsIsNotPlanned) {
  onnx::ModelProto model = identity_model();
  model.mutable_graph()->mutable_node(0)->set_op_type("NonZero");
  auto* output = model.mutable_graph()->mutable_output(0)->mutable_type()->mutable_tensor_type();
  output->set_elem_type(onnx::TensorProto::INT64);
  output->clear_shape();
  write("places.onnx", model);
  const std::string text = graph_of("places.onnx", {"--stage", "planned", "--explain"});
  EXPECT_NE(text.find("\n     is planned once a run knows elements before it\n"), std::string::npos) << text;
}

TEST_F(GraphCommand, StopAfterShowsWhatEachRewriteDoes) {
  EXPECT_TRUE(
      graph_of("swish.onnx", {"--stop-after", "0"}).starts_with("swish.onnx, optimized: 6 nodes, 0 rewrites\n"));
  EXPECT_TRUE(graph_of("swish.onnx", {"--stop-after", "1"}).starts_with("swish.onnx, optimized: 5 nodes, 1 rewrite\n"));
  EXPECT_TRUE(
      graph_of("swish.onnx", {"--stop-after", "9"}).starts_with("swish.onnx, optimized: 3 nodes, 2 rewrites\n"));
}

TEST_F(GraphCommand, StrictOnnxLeavesAloneWhatDiffersAtInfinities) {
  const std::string text = graph_of("swish.onnx", {"--strict-onnx", "--explain"});
  EXPECT_EQ(text.find("Swish "), std::string::npos) << text;
  EXPECT_NE(text.find("Left alone by the optimizer:\n"), std::string::npos) << text;
}

TEST_F(GraphCommand, DotHasABoxForEachNodeAndAFrameAroundWhatIsMade) {
  const std::string dot = graph_of("swish.onnx", {"--format", "dot"});
  EXPECT_TRUE(dot.starts_with("digraph model {\n")) << dot;
  EXPECT_TRUE(dot.ends_with("}\n")) << dot;
  EXPECT_NE(dot.find("<b>Add</b>"), std::string::npos) << dot;
  EXPECT_NE(dot.find("3 parameters"), std::string::npos) << dot;
  EXPECT_NE(dot.find("label=\"3 nodes, by restore_activations\""), std::string::npos) << dot;
  EXPECT_NE(dot.find("n0 -> n1 [label=\"  float [rows, 3]\"]"), std::string::npos) << dot;
  EXPECT_EQ(dot.find("Sigmoid"), std::string::npos) << dot;
  EXPECT_EQ(dot.find("n3"), std::string::npos) << "constants are no nodes";
  EXPECT_NE(graph_of("swish.onnx", {"--format", "dot", "--explain"}).find("Sigmoid -&gt; gate<br"), std::string::npos);
  const std::string weights = graph_of("models/digits_mlp/model.onnx", {"--format", "dot", "--stage", "loaded"});
  EXPECT_NE(weights.find("64 -&gt; 128, 8,192 parameters"), std::string::npos) << weights;
}

TEST_F(GraphCommand, SvgIsLaidOut) {
  for (const std::string stage : {"loaded", "optimized", "planned"}) {
    const std::string svg = graph_of("models/digits_mlp/model.onnx", {"--format", "svg", "--stage", stage});
    EXPECT_TRUE(svg.starts_with("<?xml ")) << svg.substr(0, 100);
    EXPECT_NE(svg.find(">pixels<"), std::string::npos);
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
  }
}

TEST_F(GraphCommand, NamesAreDrawnAsTheyAre) {
  onnx::ModelProto model = identity_model();
  model.mutable_graph()->mutable_node(0)->set_op_type("Neg");
  model.mutable_graph()->mutable_node(0)->set_name("a\\N\"<b>&amp;</font>\x1b[31m\xff\n{|}");
  write("odd.onnx", model);
  for (const Arguments& options : {Arguments{}, {"--explain"}}) {
    Arguments arguments = {"--format", "svg"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const std::string svg = graph_of("odd.onnx", arguments);
    EXPECT_NE(svg.find("&quot;&lt;b&gt;&amp;amp;&lt;/font&gt;"), std::string::npos) << svg;
    EXPECT_EQ(svg.find('\x1b'), std::string::npos);
    EXPECT_EQ(svg.find('\xff'), std::string::npos);
  }
  EXPECT_EQ(json::parse(graph_of("odd.onnx", {"--format", "json"}))["nodes"][0]["operator"], "Neg");
}

TEST_F(GraphCommand, WithoutGraphvizSvgSaysWhatIsMissing) {
  expect_error(4,
               "the program 'dot' of Graphviz cannot be run: No such file or directory; install it (Debian: graphviz), "
               "or write --format dot",
               {"graph", "swish.onnx", "--format", "svg"}, {.shell = R"(PATH=/nowhere exec "$0" "$@")"});
  EXPECT_EQ(run({"graph", "swish.onnx", "--format", "dot"}, {.shell = R"(PATH=/nowhere exec "$0" "$@")"}).code, 0);
}

TEST_F(GraphCommand, WhatGraphvizSaysOfAFailureIsHandedOn) {
  write("dot", "#!/bin/sh\necho broken >&2\nexit 1\n");
  std::filesystem::permissions(folder / "dot", std::filesystem::perms::owner_all);
  expect_error(4, "Graphviz' program 'dot' did not draw the model: broken", {"graph", "swish.onnx", "--format", "svg"},
               {.shell = R"(PATH=. exec "$0" "$@")"});
}

TEST_F(GraphCommand, WritesFiles) {
  EXPECT_EQ(graph_of("swish.onnx", {"-o", "graph.txt"}), "");
  EXPECT_EQ(read("graph.txt"), graph_of("swish.onnx"));
  expect_error(4, "none/graph.txt: cannot be written: No such file or directory",
               {"graph", "swish.onnx", "-o", "none/graph.txt"});
}

TEST_F(GraphCommand, UnsupportedModelsAreDrawnAsLoaded) {
  onnx::ModelProto model = swish_model();
  model.mutable_graph()->mutable_node(4)->set_op_type("Foo");
  write("foo.onnx", model);
  for (const std::string format : {"text", "dot", "svg", "json"})
    EXPECT_NE(graph_of("foo.onnx", {"--stage", "loaded", "--format", format}).find("Foo"), std::string::npos) << format;
  for (const std::string stage : {"optimized", "planned"}) {
    const Outcome outcome = run({"graph", "foo.onnx", "--stage", stage});
    EXPECT_EQ(outcome.code, 3);
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("Foo"), std::string::npos) << outcome.err;
  }
}

TEST_F(GraphCommand, BadModelsAndBadUseAreTold) {
  expect_error(3, "none.onnx: cannot open the file: No such file or directory", {"graph", "none.onnx"});
  expect_error(3, "none.onnx: cannot open the file: No such file or directory",
               {"graph", "none.onnx", "--stage", "loaded"});
  expect_error(2, "--batch goes with --stage planned only", {"graph", "swish.onnx", "--batch", "2"});
  expect_error(2, "--shape goes with --stage planned only", {"graph", "swish.onnx", "--shape", "2x3"});
  expect_error(2, "--stop-after does not go with --stage loaded: nothing is optimized",
               {"graph", "swish.onnx", "--stage", "loaded", "--stop-after", "1"});
  expect_error(2, "--strict-onnx does not go with --stage loaded: nothing is optimized",
               {"graph", "swish.onnx", "--stage", "loaded", "--strict-onnx"});
  expect_error(2, "--shape 2x4: input 'x': expected shape [rows, 3], got [2, 4]",
               {"graph", "swish.onnx", "--stage", "planned", "--shape", "2x4"});
}

/// Every model of the project, at every stage and in every format.
TEST_F(GraphCommand, DrawsTheModels) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "models")) {
    if (!entry.is_directory()) continue;
    ++count;
    const std::string file = "models/" + entry.path().filename().string() + "/model.onnx";
    for (const std::string stage : {"loaded", "optimized", "planned"}) {
      for (const std::string format : {"text", "dot", "svg"})
        EXPECT_NE(graph_of(file, {"--stage", stage, "--format", format, "--explain"}).find("MatMul"), std::string::npos)
            << file << stage << format;
      const json graph = json::parse(graph_of(file, {"--stage", stage, "--format", "json"}));
      for (const json& node : graph["nodes"]) EXPECT_EQ(node["made_of"].empty(), stage == "loaded") << file << node;
    }
  }
  EXPECT_GE(count, 5u);
}

}  // namespace
}  // namespace ranvier::cli
