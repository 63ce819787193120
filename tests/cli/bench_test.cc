// What `ranvier bench` reports. Times depend on the machine; what has to hold on every machine is tested.
#include <nlohmann/json.hpp>

#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

using nlohmann::json;

const std::string fixed_batch = RANVIER_SOURCE_DIR "/tests/corpus/dense_celu.torch_dynamo/model.onnx";

class Bench : public Cli {
 protected:
  static Arguments bench(Arguments arguments) {
    arguments.insert(arguments.begin(), "bench");
    arguments.insert(arguments.end(), {"--seconds", "0.05"});
    return arguments;
  }

  /// What bench writes as JSON, once the numbers in it make sense.
  json report(Arguments arguments) const;
};

json Bench::report(Arguments arguments) const {
  arguments.push_back("--json");
  const std::string text = output_of(bench(arguments));
  EXPECT_EQ(text.find('\n'), text.size() - 1) << "one line: " << text;
  json result = json::parse(text);
  const auto number = [&](const char* name) { return result.at(name).get<double>(); };
  EXPECT_GT(number("min_us"), 0);
  EXPECT_LE(number("min_us"), number("p50_us"));
  EXPECT_LE(number("p50_us"), number("p99_us"));
  EXPECT_GT(number("load_ms"), 0);
  EXPECT_GT(number("first_us"), 0);
  EXPECT_GT(number("peak_rss_kb"), 1000);
  EXPECT_GE(number("group"), 1);
  EXPECT_GE(number("runs"), number("group"));
  EXPECT_LT(number("min_us") * number("runs"), 5e6) << "--seconds 0.05";
  return result;
}

TEST_F(Bench, OpenSizesAreTheBatchAndOne) {
  const json one = report({"models/digits_mlp/model.onnx"});
  EXPECT_EQ(one.at("model"), "models/digits_mlp/model.onnx");
  EXPECT_EQ(one.at("shapes"), json::parse(R"({"pixels": [1, 64]})"));
  EXPECT_EQ(one.at("rows"), 1);
  const json three = report({"models/tutorial_3d_inline/model.onnx", "--batch", "3"});
  EXPECT_EQ(three.at("shapes"), json::parse(R"({"keras_tensor": [3, 1, 16]})"));
  EXPECT_EQ(three.at("rows"), 3);
}

TEST_F(Bench, ShapesAreTakenByName) {
  const json both = report({"models/wide_and_deep/model.onnx", "--shape", "wide=2x12", "--shape", "deep=2x30"});
  EXPECT_EQ(both.at("shapes"), json::parse(R"({"wide": [2, 12], "deep": [2, 30]})"));
  EXPECT_EQ(both.at("rows"), 2);
}

TEST_F(Bench, RunsInEveryWay) {
  const std::string embedding = "models/text_embedding_pool/model.onnx";
  const std::string digits = "models/digits_mlp/model.onnx";
  EXPECT_EQ(report({embedding, "--threads", "2", "--batch", "2"}).at("threads"), 2);
  EXPECT_EQ(report({digits, "--unoptimized", "--threads", "1"}).at("threads"), 1);
  EXPECT_EQ(report({digits, "--reference", "--batch", "2"}).at("rows"), 2);
  EXPECT_EQ(report({fixed_batch}).at("rows"), 3);
  EXPECT_EQ(report({fixed_batch, "--batch", "3"}).at("rows"), 3);
}

TEST_F(Bench, WritesATable) {
  const std::string text = output_of(bench({"models/digits_mlp/model.onnx", "--batch", "4"}));
  for (const char* part : {"inputs       pixels [4, 64]\n", "\nmedian       ", "\npeak memory  ", " a second\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

TEST_F(Bench, SaysWhatIsWrong) {
  const auto expect = [&](const Arguments& arguments, int code, const std::string& message) {
    expect_error(code, message, bench(arguments));
  };
  const std::string digits = "models/digits_mlp/model.onnx";
  expect({fixed_batch, "--batch", "2"}, 2, "--batch 2: no input has a first dimension of that size or of an open one");
  expect({digits, "--shape", "x=1x64"}, 2, "--shape: the model has no input 'x'; it has 'pixels'");
  expect({digits, "--batch", "0"}, 2,
         "--batch: expected a whole number from 1 to 1000000000, got '0' (ranvier bench --help explains)");
  expect({"models/none.onnx"}, 3, "models/none.onnx: cannot open the file: No such file or directory");
  expect({"models/text_embedding_pool/model.onnx", "--shape", "2x13"}, 2,
         "--shape 2x13: input 'tokens': expected shape [batch, 12], got [2, 13]");
}

}  // namespace
}  // namespace ranvier::cli
