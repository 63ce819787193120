// What `ranvier bench` reports. Times depend on the machine; what has to hold on every machine is tested.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace ranvier {
namespace {

using nlohmann::json;

const std::string models = RANVIER_SOURCE_DIR "/models/";
const std::string fixed_batch = RANVIER_SOURCE_DIR "/tests/corpus/dense_celu.torch_dynamo/model.onnx";

struct Answer {
  int code = -1;
  std::string text;  ///< Standard output and error.
};

Answer bench(const std::string& arguments) {
  const std::string command = "'" RANVIER "' bench " + arguments + " --seconds 0.05 2>&1";
  Answer answer;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return answer;
  std::array<char, 4096> block;
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), pipe))
    answer.text.append(block.data(), count);
  const int status = ::pclose(pipe);
  answer.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return answer;
}

/// What bench writes as JSON, once the numbers in it make sense.
json report(const std::string& arguments) {
  const Answer answer = bench(arguments + " --json");
  EXPECT_EQ(answer.code, 0) << answer.text;
  EXPECT_EQ(answer.text.find('\n'), answer.text.size() - 1) << "one line: " << answer.text;
  json result = json::parse(answer.text);
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

TEST(Bench, OpenSizesAreTheBatchAndOne) {
  const std::string digits = models + "digits_mlp/model.onnx";
  const json one = report(digits);
  EXPECT_EQ(one.at("model"), digits);
  EXPECT_EQ(one.at("shapes"), json::parse(R"({"pixels": [1, 64]})"));
  EXPECT_EQ(one.at("rows"), 1);
  const json three = report(models + "tutorial_3d_inline/model.onnx --batch 3");
  EXPECT_EQ(three.at("shapes"), json::parse(R"({"keras_tensor": [3, 1, 16]})"));
  EXPECT_EQ(three.at("rows"), 3);
}

TEST(Bench, ShapesAreTakenByName) {
  const json both = report(models + "wide_and_deep/model.onnx --shape wide=2x12 --shape deep=2x30");
  EXPECT_EQ(both.at("shapes"), json::parse(R"({"wide": [2, 12], "deep": [2, 30]})"));
  EXPECT_EQ(both.at("rows"), 2);
}

TEST(Bench, RunsInEveryWay) {
  EXPECT_EQ(report(models + "text_embedding_pool/model.onnx --threads 2 --batch 2").at("threads"), 2);
  EXPECT_EQ(report(models + "digits_mlp/model.onnx --unoptimized --threads 1").at("threads"), 1);
  EXPECT_EQ(report(models + "digits_mlp/model.onnx --reference --batch 2").at("rows"), 2);
  EXPECT_EQ(report(fixed_batch).at("rows"), 3);
  EXPECT_EQ(report(fixed_batch + " --batch 3").at("rows"), 3);
}

TEST(Bench, WritesATable) {
  const Answer answer = bench(models + "digits_mlp/model.onnx --batch 4");
  EXPECT_EQ(answer.code, 0);
  for (const char* part : {"inputs       pixels [4, 64]\n", "\nmedian       ", "\npeak memory  ", " a second\n"})
    EXPECT_NE(answer.text.find(part), std::string::npos) << part << " in\n" << answer.text;
}

TEST(Bench, SaysWhatIsWrong) {
  const auto expect = [](const std::string& arguments, int code, const std::string& message) {
    const Answer answer = bench(arguments);
    EXPECT_EQ(answer.code, code) << arguments;
    EXPECT_EQ(answer.text, "ranvier: " + message + "\n");
  };
  expect(fixed_batch + " --batch 2", 2, "--batch 2: no input has a first dimension of that size or of an open one");
  expect(models + "digits_mlp/model.onnx --shape x=1x64", 2, "--shape: the model has no input 'x'; it has 'pixels'");
  expect(models + "digits_mlp/model.onnx --batch 0", 2,
         "--batch: Value 0 not in range 1 to 1000000000 (ranvier bench --help explains)");
  expect(models + "none.onnx", 3, models + "none.onnx: cannot open the file: No such file or directory");
  expect(models + "text_embedding_pool/model.onnx --shape 2x13", 2,
         "--shape 2x13: input 'tokens': expected shape [batch, 12], got [2, 13]");
}

}  // namespace
}  // namespace ranvier
