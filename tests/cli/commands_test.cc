// The commands beside `run`, and what every command answers.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

using nlohmann::json;

const std::vector<std::string> commands = {"run",   "verify",  "summary", "graph", "check",
                                           "bench", "profile", "health",  "ops",   "completion"};

TEST_F(Cli, HelpExplainsEveryCommandWithAnExample) {
  const std::string help = output_of({"--help"});
  EXPECT_EQ(output_of({"-h"}), help);
  for (const std::string& command : commands) {
    EXPECT_NE(help.find("\n  " + command + " "), std::string::npos);
    const std::string text = output_of({command, "--help"});
    const std::size_t examples = text.find("\nExample");
    ASSERT_NE(examples, std::string::npos) << text;
    EXPECT_NE(text.find("ranvier " + command + (command == "ops" ? "\n" : " "), examples), std::string::npos) << text;
  }
  for (const std::string code : {"0 good", "1 a check failed", "2 usage", "3 bad or unsupported model",
                                 "4 bad input, unwritable output or too little memory", "5 an error in Ranvier itself"})
    EXPECT_NE(help.find(code), std::string::npos) << code;
}

TEST_F(Cli, VersionIsOneLine) { EXPECT_EQ(output_of({"--version"}), "ranvier " RANVIER_VERSION "\n"); }

TEST_F(Cli, CompletionIsAScriptThatBashTakes) {
  write("completion.bash", output_of({"completion", "bash"}));
  const auto completed = [&](const std::string& words, const std::string& last) {
    const std::string script = "source completion.bash; COMP_WORDS=(ranvier " + words + "); COMP_CWORD=" + last +
                               "; _ranvier; echo ${COMPREPLY[*]}";
    return run({script}, {.shell = R"(exec bash -c "$1")"}).out;
  };
  EXPECT_EQ(completed("ver", "1"), "verify\n");
  EXPECT_EQ(completed("--v", "1"), "--version\n");
  EXPECT_EQ(completed("run --b", "2"), "--batch-size\n");
  EXPECT_EQ(completed("verify models --r", "3"), "--reference --rtol\n");
  EXPECT_EQ(completed("run mod", "2"), "\n");  // files are for bash itself
}

TEST_F(Cli, EveryCommandNoticesThatItCannotWrite) {
  const std::string nowhere = R"(exec "$0" "$@" >/dev/full)";
  for (const Arguments& arguments : {Arguments{"--help"},
                                     {"--version"},
                                     {"run", "--help"},
                                     {"run", "models/digits_mlp/model.onnx", "--random"},
                                     {"verify", "models/digits_mlp"},
                                     {"verify", "models/digits_mlp", "--json"},
                                     {"check", "models/digits_mlp/model.onnx"},
                                     {"summary", "models/digits_mlp/model.onnx"},
                                     {"graph", "models/digits_mlp/model.onnx"},
                                     {"profile", "models/digits_mlp/model.onnx", "--seconds", "0.01"},
                                     {"health", "models/digits_mlp/model.onnx", "--random"},
                                     {"ops"},
                                     {"ops", "--json"},
                                     {"completion", "bash"}})
    expect_error(4, "standard output: cannot be written: No space left on device", arguments, {.shell = nowhere});
}

TEST_F(Cli, AClosedStandardErrorChangesNothing) {
  const Outcome outcome = run({"check", "none.onnx"}, {.shell = R"(exec "$0" "$@" 2>&-)"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.out, "");
}

TEST_F(Cli, AReaderThatGoesAwayEndsTheCommand) {
  const Outcome outcome = run({"ops", "--json"}, {.shell = R"("$0" "$@" | head -n 1)"});
  EXPECT_EQ(outcome.out, "[\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Cli, SummaryListsLayers) {
  EXPECT_EQ(output_of({"summary", "models/tutorial_2d_layers/model.onnx"}).substr(0, 9), "Layer    ");
  const json summary = json::parse(output_of({"summary", "models/wide_and_deep/model.onnx", "--json"}));
  EXPECT_EQ(summary["model"], "models/wide_and_deep/model.onnx");
  EXPECT_EQ(summary["parameters"], 4941);  // as Keras counts them, the bias of the last, one element, too
  EXPECT_EQ(summary["bytes"], 4 * 4941);
  EXPECT_EQ(summary["inputs"][1], json::parse(R"({"name": "deep", "type": "float", "shape": ["unk__5", 30]})"));
  EXPECT_EQ(summary["outputs"], json::parse(R"([{"name": "Identity:0", "type": "float", "shape": ["unk__5", 1]}])"));
  EXPECT_EQ(summary["opsets"][""], 15);
  EXPECT_EQ(summary["producer"], "tf2onnx");
  std::int64_t flops = 0;
  for (const json& layer : summary["layers"]) flops += layer["flops"].get<std::int64_t>();
  EXPECT_EQ(summary["flops"], flops);
}

TEST_F(Cli, SummaryHasTheLayersOfKeras) {
  const json summary = json::parse(output_of({"summary", "models/digits_mlp/model.onnx", "--json"}));
  std::vector<std::string> layers;
  for (const json& layer : summary["layers"])
    layers.push_back(fmt::format("{} {} {}", layer["name"].get<std::string>(), layer["output_shape"][1].get<int>(),
                                 layer["parameters"].get<int>()));
  EXPECT_EQ(layers, (std::vector<std::string>{"dense 128 8320", "dense_1 64 8256", "probabilities 10 650"}));
  EXPECT_EQ(summary["parameters"], 17226);
  EXPECT_NE(output_of({"summary", "models/digits_mlp/model.onnx"}).find("(None, 128)"), std::string::npos);
}

/// The trainable parameters that model.summary() of Keras counts.
TEST_F(Cli, SummaryCountsParametersAsKerasDoes) {
  std::filesystem::create_directory_symlink(RANVIER_SOURCE_DIR "/tests/corpus", folder / "corpus");
  const auto expect_count = [&](const std::string& model, int parameters) {
    const json summary = json::parse(output_of({"summary", "corpus/" + model + "/model.onnx", "--json"}));
    EXPECT_EQ(summary["parameters"], parameters) << model;
  };
  // Dense(24) on 16 features, then Dense(8): of every exporter, with every activation.
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "corpus")) {
    const std::string model = entry.path().filename().string();
    const bool other = model.starts_with("dense_glu") || model.starts_with("dense_3d") || model.starts_with("dense_4d");
    if (!model.starts_with("dense_") || other) continue;
    expect_count(model, 16 * 24 + 24 + 24 * 8 + 8);
    ++count;
  }
  EXPECT_GT(count, 60);
  expect_count("tutorial_2d_inline.torch", 16 * 32 + 32 + 32 * 10 + 10);
  expect_count("tutorial_3d_inline.keras", 16 * 32 + 32 + 32 * 10 + 10);
  expect_count("layer_prelu.keras", 16 * 24 + 24 + 24 + 24 * 8 + 8);
}

TEST_F(Cli, SummaryIsATable) {
  onnx::ModelProto model = identity_model();
  model.set_producer_name("hand");
  model.set_producer_version("1");
  model.mutable_graph()->mutable_node(0)->set_op_type("Neg");
  write("model.onnx", model);
  EXPECT_EQ(output_of({"summary", "model.onnx"}),
            "Layer     Operator  Output shape  Parameters  Bytes  FLOPs\n"
            "----------------------------------------------------------\n"
            "identity  Neg       (rows, 2)              0      0      2\n"
            "----------------------------------------------------------\n"
            "Total                                      0      0      2\n"
            "input   x: float [rows, 2]\n"
            "output  y: float [rows, 2]\n"
            "opset   17\n"
            "made by hand 1\n");
  model.mutable_graph()->mutable_node(0)->set_op_type("Foo");
  write("model.onnx", model);
  const Outcome outcome = run({"summary", "model.onnx"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "ranvier: not supported, `ranvier check` says why; this is what the file declares\n");
  EXPECT_NE(outcome.out.find("identity  Foo       (rows, 2)"), std::string::npos) << outcome.out;
}

TEST_F(Cli, CheckIsShortAboutGoodModels) {
  EXPECT_EQ(output_of({"check", "models/digits_mlp/model.onnx"}),
            "models/digits_mlp/model.onnx: good: opset 15, ai.onnx.ml 2, 9 nodes, all supported\n");
}

TEST_F(Cli, OpsListsTheTable) {
  const std::string table = output_of({"ops"});
  const json list = json::parse(output_of({"ops", "--json"}));
  EXPECT_TRUE(table.ends_with(fmt::format("\n{} operators\n", list.size())));
  const auto softmax = std::find_if(list.begin(), list.end(), [](const json& op) { return op["name"] == "Softmax"; });
  ASSERT_NE(softmax, list.end());
  EXPECT_EQ((*softmax)["domain"], "");
  EXPECT_EQ((*softmax)["since"], json({1, 13}));
  EXPECT_EQ((*softmax)["types"], json({"float", "float16", "double", "bfloat16"}));
  EXPECT_NE(table.find("\nSoftmax "), std::string::npos);
}

class Verify : public Cli {
 protected:
  Verify() {
    std::filesystem::copy(folder / "models" / "digits_mlp", folder / "digits",
                          std::filesystem::copy_options::recursive);
  }

  /// Expects one line for `digits` that begins with this, and a count.
  void expect_verdict(int code, const std::string& line, const std::string& count,
                      const Arguments& options = {}) const {
    Arguments arguments = {"verify", "digits"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, code);
    EXPECT_EQ(outcome.err, "");
    EXPECT_TRUE(outcome.out.starts_with(line)) << outcome.out;
    EXPECT_EQ(outcome.out.substr(outcome.out.find('\n') + 1), count + "\n");
  }

  const std::string one_failed = "0 passed, 1 failed, 0 unsupported";
};

TEST_F(Verify, PassesWhereOutputsAgree) {
  const std::string passed = "1 passed, 0 failed, 0 unsupported";
  const std::string line = "PASS         digits  2 sets  (largest difference ";
  expect_verdict(0, line, passed);
  expect_verdict(0, line, passed, {"--reference"});
  expect_verdict(0, line, passed, {"--unoptimized"});
  expect_verdict(0, line, passed, {"--reference", "--unoptimized", "--rtol", "1e-5", "--atol", "1e-6"});
}

TEST_F(Verify, FailsWhereOutputsDiffer) {
  const std::string line = "FAIL         digits  test_data_set_0, output 'Identity:0': ";
  expect_verdict(1, line, one_failed, {"--rtol", "0", "--atol", "0"});
  write("digits/expect.json", R"({"rtol": 0, "atol": 0})");
  expect_verdict(1, line, one_failed);
  expect_verdict(0, "PASS ", "1 passed, 0 failed, 0 unsupported", {"--rtol", "1e-4", "--atol", "1e-5"});
  write("digits/test_data_set_0/output_0.pb", read("digits/test_data_set_0/input_0.pb"));
  expect_verdict(1, line + "shape [3, 10] instead of [3, 64]", one_failed);
}

TEST_F(Verify, FailsWhereATestCannotBeRun) {
  const std::string line = "FAIL         digits  ";
  std::filesystem::remove(folder / "digits/test_data_set_0/output_0.pb");
  expect_verdict(1, line + "test_data_set_0: 1 outputs instead of 0", one_failed);
  write("digits/test_data_set_0/output_0.pb", "nonsense");
  expect_verdict(1, line + "digits/test_data_set_0/output_0.pb: the file does not hold one ONNX tensor", one_failed);
  std::filesystem::remove(folder / "digits/test_data_set_0/output_0.pb");
  std::filesystem::remove(folder / "digits/test_data_set_0/input_0.pb");
  expect_verdict(1, line + "test_data_set_0: input 'pixels' is missing", one_failed);
  write("digits/model.onnx", "nonsense");
  expect_verdict(1, line + "not an ONNX model, or a truncated one: its 8 bytes cannot be read", one_failed);
}

TEST_F(Verify, KeepsUnsupportedModelsApart) {
  onnx::ModelProto model = identity_model();
  model.mutable_graph()->mutable_node(0)->set_op_type("Foo");
  write("digits/model.onnx", model);
  expect_verdict(3, "UNSUPPORTED  digits  Foo (opset 17): not supported; node 'identity'\n",
                 "0 passed, 0 failed, 1 unsupported");
  EXPECT_EQ(run({"verify", "digits", "models/digits_mlp"}).code, 3);
  EXPECT_EQ(run({"verify", "digits", "models/digits_mlp", "--rtol", "0", "--atol", "0"}).code, 1);
}

TEST_F(Verify, SearchesSeveralFolders) {
  const Outcome outcome = run({"verify", "digits", "models/"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 10);
  EXPECT_TRUE(outcome.out.ends_with("\n9 passed, 0 failed, 0 unsupported\n")) << outcome.out;
}

TEST_F(Verify, WritesJson) {
  const json good = json::parse(output_of({"verify", "digits", "--json"}));
  EXPECT_EQ(good["passed"], 1);
  EXPECT_EQ(good["models"][0]["folder"], "digits");
  EXPECT_EQ(good["models"][0]["verdict"], "PASS");
  EXPECT_EQ(good["models"][0]["sets"], 2);
  EXPECT_LT(good["models"][0]["largest_difference"], 1e-6);
  write("digits/test_data_set_1/output_0.pb", "nonsense");
  const Outcome bad = run({"verify", "digits", "--json"});
  EXPECT_EQ(bad.code, 1);
  EXPECT_EQ(json::parse(bad.out)["failed"], 1);
  EXPECT_EQ(json::parse(bad.out)["models"][0]["why"],
            "digits/test_data_set_1/output_0.pb: the file does not hold one ONNX tensor (TensorProto)");
}

TEST_F(Verify, RefusesFoldersWithoutModels) {
  std::filesystem::create_directory(folder / "empty");
  expect_error(4, "empty: expected a folder with model.onnx and test_data_set_0 in or below it, found none",
               {"verify", "empty"});
  expect_error(4, "nowhere: there is no such folder", {"verify", "nowhere"});
  expect_error(4, "digits/model.onnx: there is no such folder", {"verify", "digits/model.onnx"});
  write("digits/expect.json", R"({"rtol": "small"})");
  expect_error(4, "digits/expect.json: type must be number, but is string", {"verify", "digits"});
  write("digits/expect.json", "{");
  const Outcome outcome = run({"verify", "digits"});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_TRUE(outcome.err.starts_with("ranvier: digits/expect.json: parse error at line 1, column 2: ")) << outcome.err;
}

}  // namespace
}  // namespace ranvier::cli
