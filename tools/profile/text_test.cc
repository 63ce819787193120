#include <gtest/gtest.h>

#include "tools/profile/testing.h"
#include "tools/profile/writers.h"

namespace ranvier::profile {
namespace {

TEST(Text, IsATableWithTotals) {
  EXPECT_EQ(text_of(testing::report()), R"(model        model.onnx
inputs       x [4, 500]
threads      2
peak         100 GFLOP/s with AVX2; reads 10 GB/s from 1.23 MB, as much as a run works on
calls        1,200 of each step, timed in groups of 3

   Step                                      Operator              Output    By        Time   Share              GFLOP/s  GB/s  Nearest limit
1  .../a/name/longer/than/columns/are/dense  ranvier.Dense + relu  [4, 500]  simd  40.00 us  80.0 %  ████████         50   0.4  50.0 % of compute
2  y                                         copy                  [4, 500]  copy  10.00 us  20.0 %  ██                -     5  50.0 % of memory

sum          50.00 us
timed run    52.00 us, with 2 readings of the clock of 20.0 ns, which the times above leave out
untimed run  50.00 us by Binding::run: looking costs 2.00 us, 4.0 %
hottest      a/scope/with/a/name/longer/than/columns/are/dense (80.0 %), y (20.0 %)
by operator  1 ranvier.Dense + relu (80.0 %), 1 copy (20.0 %)
)");
}

TEST(Text, SaysSoWhereLookingCostsNothingThatCanBeSeen) {
  Report report = testing::report();
  report.recording.timed.median = report.recording.untimed.median;
  const std::string text = text_of(report);
  EXPECT_NE(text.find("\nuntimed run  50.00 us by Binding::run: looking costs less than runs differ anyway\n"),
            std::string::npos)
      << text;
}

TEST(Text, NamesTheHottestOfMany) {
  Report report = testing::report();
  report.work.steps.clear();
  report.recording.steps.clear();
  for (const int microseconds : {1, 2, 3, 4, 5, 6, 29}) {
    const std::string number = std::to_string(microseconds);
    Work& work = report.work.steps.emplace_back();
    work.name = "n" + number;
    work.op = "Op" + number;
    report.recording.steps.push_back({0, static_cast<double>(microseconds), 0});
  }
  const std::string text = text_of(report);
  EXPECT_NE(text.find("\nhottest      n29 (58.0 %), n6 (12.0 %), n5 (10.0 %)\n"
                      "by operator  1 Op29 (58.0 %), 1 Op6 (12.0 %), 1 Op5 (10.0 %), 1 Op4 (8.0 %), 1 Op3 (6.0 %), "
                      "2 others (6.0 %)\n"),
            std::string::npos)
      << text;
}

TEST(Text, OfOneStepNeedsNoList) {
  Report report = testing::report();
  report.work.steps.pop_back();
  report.recording.steps.pop_back();
  report.recording.group = 1;
  const std::string text = text_of(report);
  EXPECT_EQ(text.find("hottest"), std::string::npos) << text;
  EXPECT_NE(text.find("calls        1,200 of each step\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace ranvier::profile
