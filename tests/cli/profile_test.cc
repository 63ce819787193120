// What `ranvier profile` reports. Times depend on the machine; what has to hold on every machine is tested.
#include <nlohmann/json.hpp>

#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

using nlohmann::json;

const std::string digits = "models/digits_mlp/model.onnx";

class Profile : public Cli {
 protected:
  static Arguments profile(Arguments arguments) {
    arguments.insert(arguments.begin(), "profile");
    arguments.insert(arguments.end(), {"--seconds", "0.02"});
    return arguments;
  }

  /// What profile writes as JSON, once the numbers in it make sense.
  json report(Arguments arguments) const;
};

void expect_spread(const json& spread) {
  const auto number = [&](const char* name) { return spread.at(name).get<double>(); };
  EXPECT_GT(number("min_us"), 0);
  EXPECT_LE(number("min_us"), number("p50_us"));
  EXPECT_LE(number("p50_us"), number("p99_us"));
}

json Profile::report(Arguments arguments) const {
  arguments.push_back("--json");
  json result = json::parse(output_of(profile(arguments)));
  const json& peak = result.at("peak");
  EXPECT_GT(peak.at("gflops").get<double>(), 0);
  EXPECT_GT(peak.at("gb_per_s").get<double>(), 0);
  EXPECT_GE(result.at("runs"), result.at("group"));
  EXPECT_GT(result.at("clock_us").get<double>(), 0);
  expect_spread(result.at("timed"));
  expect_spread(result.at("untimed"));
  double shares = 0;
  for (const json& step : result.at("steps")) {
    expect_spread(step);
    EXPECT_EQ(step.at("calls"), result.at("runs"));
    const double seconds = step.at("p50_us").get<double>() / 1e6;
    const auto expect_rate = [&](const char* rate, const char* amount, const char* share, const char* of) {
      const double expected = step.at(amount).get<double>() / seconds / 1e9;
      EXPECT_NEAR(step.at(rate).get<double>(), expected, 1e-9 * expected);
      EXPECT_NEAR(step.at(share).get<double>(), expected / peak.at(of).get<double>(), 1e-9);
    };
    expect_rate("gflops", "flops", "share_of_peak_flops", "gflops");
    expect_rate("gb_per_s", "bytes", "share_of_peak_bandwidth", "gb_per_s");
    const bool computes = step.at("share_of_peak_flops") >= step.at("share_of_peak_bandwidth");
    EXPECT_EQ(step.at("limit"), computes ? "compute" : "memory");
    shares += step.at("share").get<double>();
  }
  EXPECT_NEAR(shares, 1, 1e-9);
  return result;
}

TEST_F(Profile, CountsWhatEveryStepDoes) {
  const json result = report({digits, "--batch", "4", "--threads", "1"});
  EXPECT_EQ(result.at("model"), digits);
  EXPECT_EQ(result.at("shapes"), json::parse(R"({"pixels": [4, 64]})"));
  EXPECT_EQ(result.at("threads"), 1);
  ASSERT_EQ(result.at("steps").size(), 3u);
  const auto expect_dense = [&](std::size_t i, const std::string& name, int inner, int columns) {
    const json& step = result.at("steps").at(i);
    EXPECT_EQ(step.at("name"), name);
    EXPECT_EQ(step.at("flops"), 2 * 4 * inner * columns);
    EXPECT_EQ(step.at("bytes"), 4 * (4 * inner + inner * columns + columns + 4 * columns));
    EXPECT_EQ(step.at("implementation"), "simd");
    EXPECT_EQ(step.at("inputs").at(0), json({{"type", "float"}, {"shape", {4, inner}}}));
    EXPECT_EQ(step.at("outputs"), json({{{"type", "float"}, {"shape", {4, columns}}}}));
  };
  expect_dense(0, "sequential_1/dense_1/MatMul", 64, 128);
  expect_dense(1, "sequential_1/dense_1_2/MatMul", 128, 64);
  expect_dense(2, "sequential_1/probabilities_1/MatMul", 64, 10);
  // Weights and biases, inputs and outputs, and what lies between them where two of three are needed at a time.
  const int least = 4 * (64 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10 + 4 * (64 + 10) + 4 * (128 + 64));
  EXPECT_GE(result.at("peak").at("bytes"), least);
  EXPECT_LE(result.at("peak").at("bytes"), least + 8192) << "whole cache lines, whole units of reading";
}

TEST_F(Profile, ThreadsAndShapesAreTaken) {
  const json both =
      report({"models/wide_and_deep/model.onnx", "--shape", "wide=2x12", "--shape", "deep=2x30", "--threads", "2"});
  EXPECT_EQ(both.at("shapes"), json::parse(R"({"wide": [2, 12], "deep": [2, 30]})"));
  EXPECT_EQ(both.at("threads"), 2);
}

/// The complete events of a trace, whose times do not overlap.
std::vector<json> events_of(const std::string& text) {
  const json trace = json::parse(text);
  std::vector<json> events;
  for (const json& event : trace.at("traceEvents"))
    if (event.at("ph") == "X") events.push_back(event);
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].at("pid"), events[0].at("pid"));
    EXPECT_EQ(events[i].at("tid"), events[0].at("tid"));
    EXPECT_GE(events[i].at("dur").get<double>(), 0);
    if (i == 0) continue;
    const double end = events[i - 1].at("ts").get<double>() + events[i - 1].at("dur").get<double>();
    EXPECT_GE(events[i].at("ts").get<double>(), end - 1e-4) << "microseconds, which a file has to a thousandth";
  }
  return events;
}

TEST_F(Profile, TheTraceHasAnEventForEachStepOfEachRun) {
  const json result = report({digits, "--trace", "trace.json"});
  const json& steps = result.at("steps");
  const std::vector<json> events = events_of(read("trace.json"));
  ASSERT_EQ(events.size(), std::min<std::size_t>(result.at("runs").get<std::size_t>(), 100) * steps.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const json& step = steps.at(i % steps.size());
    EXPECT_EQ(events[i].at("name"), step.at("name"));
    EXPECT_EQ(events[i].at("args").at("run"), i / steps.size());
    for (const char* member : {"operator", "implementation", "flops", "bytes"})
      EXPECT_EQ(events[i].at("args").at(member), step.at(member));
  }
  EXPECT_EQ(events[0].at("args").at("inputs"), "float [1, 64], float [64, 128], float [128]");
  EXPECT_EQ(names(), (std::vector<std::string>{"trace.json"}));
}

TEST_F(Profile, TheTraceMayGoToStandardOutput) {
  EXPECT_FALSE(events_of(output_of(profile({digits, "--trace", "-"}))).empty());
}

TEST_F(Profile, WritesATable) {
  const std::string text = output_of(profile({digits, "--batch", "4"}));
  for (const char* part : {"inputs       pixels [4, 64]\n", "\n1  sequential_1/dense_1/MatMul ", " [4, 128] ",
                           "\nuntimed run  ", "\nhottest      ", "\nby operator  "})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

TEST_F(Profile, ReachesThroughModelsOfEveryKind) {
  const std::string corpus = RANVIER_SOURCE_DIR "/tests/corpus/";
  for (const char* model : {"attention_plain.keras", "text_embedding_pool.keras", "dense_sparsemax.keras",
                            "merge_layers.torch", "digits_mlp.fp16", "bare_relu.keras"})
    EXPECT_FALSE(report({corpus + model + "/model.onnx", "--batch", "3"}).at("steps").empty()) << model;
}

TEST_F(Profile, SaysWhatIsWrong) {
  const auto expect = [&](const Arguments& arguments, int code, const std::string& message) {
    expect_error(code, message, profile(arguments));
  };
  const std::string explained = " (ranvier profile --help explains)";
  expect({digits, "--json", "--trace", "-"}, 2, "--json and --trace - both write to standard output");
  expect({digits, "--trace", "none/trace.json"}, 4, "none/trace.json: cannot be written: No such file or directory");
  expect({digits, "--shape", "x=1x64"}, 2, "--shape: the model has no input 'x'; it has 'pixels'");
  expect({digits, "--batch", "0"}, 2, "--batch: expected a whole number from 1 to 1000000000, got '0'" + explained);
  expect({digits, "--shape", "2x64", "--batch", "3"}, 2,
         "--batch 3: no input has a first dimension of that size or of an open one");
  expect({digits, "--threads", "1025"}, 2, "--threads: expected a whole number from 0 to 1024, got '1025'" + explained);
  expect({"models/none.onnx"}, 3, "models/none.onnx: cannot open the file: No such file or directory");
  expect_error(2, "--seconds: expected a number from 0.001 to 100000, got '0'" + explained,
               {"profile", digits, "--seconds", "0"});
  expect_error(2, "MODEL is required" + explained, {"profile"});
}

TEST_F(Profile, ShapesHaveToBeKnownBeforeARun) {
  onnx::ModelProto model = identity_model();
  model.mutable_graph()->mutable_node(0)->set_op_type("NonZero");
  model.mutable_graph()->mutable_output(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
      onnx::TensorProto::INT64);
  write("model.onnx", model);
  expect_error(3, "model.onnx: outputs cannot be bound: their shapes depend on the elements of the inputs",
               profile({"model.onnx"}));
}

}  // namespace
}  // namespace ranvier::cli
