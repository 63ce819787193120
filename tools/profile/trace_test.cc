#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tools/profile/testing.h"
#include "tools/profile/writers.h"

namespace ranvier::profile {
namespace {

using nlohmann::json;

TEST(Trace, HasACompleteEventForEachStepOfEachRun) {
  const json trace = json::parse(trace_of(testing::report()));
  std::vector<json> steps;
  for (const json& event : trace.at("traceEvents"))
    if (event.at("ph") == "X") steps.push_back(event);
  ASSERT_EQ(steps.size(), 4u);
  const std::vector<std::pair<double, double>> expected = {{0, 40}, {40, 10}, {100, 40}, {140, 10}};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].at("ts"), expected[i].first);
    EXPECT_EQ(steps[i].at("dur"), expected[i].second);
    EXPECT_EQ(steps[i].at("pid"), ::getpid());
    EXPECT_EQ(steps[i].at("tid"), ::gettid());
    EXPECT_EQ(steps[i].at("args").at("run"), i / 2);
  }
  EXPECT_EQ(steps[2].at("name"), "a/scope/with/a/name/longer/than/columns/are/dense");
  EXPECT_EQ(steps[2].at("args"), json::parse(R"({"run": 1, "operator": "ranvier.Dense + relu",
    "implementation": "simd", "inputs": "float [4, 500], float [500, 500]", "outputs": "float [4, 500]",
    "flops": 2000000, "bytes": 16000})"));
}

TEST(Trace, NamesProcessAndThread) {
  const json trace = json::parse(trace_of(testing::report()));
  EXPECT_EQ(trace.at("displayTimeUnit"), "ns");
  const json& process = trace.at("traceEvents").at(0);
  EXPECT_EQ(process.at("ph"), "M");
  EXPECT_EQ(process.at("name"), "process_name");
  EXPECT_EQ(process.at("args").at("name"), "ranvier profile model.onnx");
  EXPECT_EQ(trace.at("traceEvents").at(1).at("name"), "thread_name");
}

TEST(Trace, NamesThatAreNoTextStayJson) {
  Report report = testing::report();
  report.work.steps[0].name = "bad \xff \"quoted\"";
  const json trace = json::parse(trace_of(report));
  EXPECT_EQ(trace.at("traceEvents").at(2).at("name"), "bad \xef\xbf\xbd \"quoted\"");
}

}  // namespace
}  // namespace ranvier::profile
