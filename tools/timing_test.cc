#include "tools/timing.h"

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>

namespace ranvier::tools {
namespace {

using Clock = std::chrono::steady_clock;

void wait(std::chrono::microseconds duration) {
  const Clock::time_point end = Clock::now() + duration;
  while (Clock::now() < end) {
  }
}

TEST(Timing, PercentilesAreValuesThatOccurred) {
  std::vector<double> values(200);
  std::iota(values.begin(), values.end(), 1);
  EXPECT_EQ(percentile(values, 0), 1);
  EXPECT_EQ(percentile(values, 0.5), 100);
  EXPECT_EQ(percentile(values, 0.99), 198);
  EXPECT_EQ(percentile(values, 1), 200);
  EXPECT_EQ(percentile({7}, 0.5), 7);
  EXPECT_EQ(percentile({7, 8}, 0.99), 8);
}

TEST(Timing, TextHasTheUnitThatSuits) {
  EXPECT_EQ(duration_text(0.0125), "12.5 ns");
  EXPECT_EQ(duration_text(1.5), "1.50 us");
  EXPECT_EQ(duration_text(2345.6), "2.35 ms");
  EXPECT_EQ(duration_text(3e6), "3.00 s");
}

TEST(Timing, ShortCallsAreTimedInGroups) {
  std::int64_t calls = 0;
  const Timing timing = measure(
      [&](std::int64_t n) {
        calls += n;
        for (std::int64_t i = 0; i < n; ++i) wait(std::chrono::microseconds(2));
      },
      0.02);
  EXPECT_GE(timing.group, 2);
  EXPECT_LE(timing.group, 10);
  EXPECT_GE(timing.least, 2);
  EXPECT_LE(timing.least, timing.median);
  EXPECT_LE(timing.median, timing.p99);
  EXPECT_EQ(timing.calls % timing.group, 0);
  EXPECT_GT(timing.calls, 0);
  EXPECT_GT(calls, timing.calls) << "the first ones are not measured";
}

TEST(Timing, ACallLongerThanTheTimeIsMeasuredOnce) {
  std::int64_t calls = 0;
  const Timing timing = measure(
      [&](std::int64_t n) {
        calls += n;
        wait(std::chrono::milliseconds(3));
      },
      0.001);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(timing.calls, 1);
  EXPECT_EQ(timing.group, 1);
  EXPECT_GE(timing.least, 3000);
  EXPECT_EQ(timing.least, timing.p99);
}

TEST(Timing, CallsThatCostNothingDoNotTakeForever) {
  const Timing timing = measure([](std::int64_t n) { EXPECT_GT(n, 0); }, 0.01);
  EXPECT_GE(timing.calls, timing.group);
}

}  // namespace
}  // namespace ranvier::tools
