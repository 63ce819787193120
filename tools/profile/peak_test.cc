#include "tools/profile/peak.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ranvier::profile {
namespace {

TEST(Peak, IsMeasuredForAnyThreadsAndMemory) {
  for (const int threads : {1, 3})
    for (const std::int64_t footprint : {0, 1000, 1'000'000}) {
      const Peak peak = measure_peak(threads, footprint);
      EXPECT_FALSE(peak.instruction_set.empty());
      EXPECT_TRUE(std::isfinite(peak.flops) && peak.flops > 0) << peak.flops;
      EXPECT_TRUE(std::isfinite(peak.bandwidth) && peak.bandwidth > 0) << peak.bandwidth;
      EXPECT_GE(peak.footprint, footprint);
      EXPECT_LE(peak.footprint, footprint + threads * 4096) << "a unit more for each thread";
    }
}

TEST(Peak, ReadsNoMoreThanItMayTake) { EXPECT_EQ(measure_peak(1, std::int64_t{1} << 40).footprint, 64 << 20); }

}  // namespace
}  // namespace ranvier::profile
