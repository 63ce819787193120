#include "tools/profile/report.h"

#include <gtest/gtest.h>

#include "tools/profile/testing.h"

namespace ranvier::profile {
namespace {

TEST(Ratings, CompareStepsWithEachOtherAndWithThePeak) {
  const std::vector<Rating> rated = ratings(testing::report());
  ASSERT_EQ(rated.size(), 2u);
  const Rating& multiplies = rated[0];
  EXPECT_DOUBLE_EQ(multiplies.share, 0.8);
  EXPECT_DOUBLE_EQ(multiplies.flops, 50e9);
  EXPECT_DOUBLE_EQ(multiplies.bandwidth, 0.4e9);
  EXPECT_DOUBLE_EQ(multiplies.share_of_flops, 0.5);
  EXPECT_DOUBLE_EQ(multiplies.share_of_bandwidth, 0.04);
  EXPECT_EQ(multiplies.limit(), "compute");
  EXPECT_DOUBLE_EQ(multiplies.share_of_limit(), 0.5);
  const Rating& copies = rated[1];
  EXPECT_DOUBLE_EQ(copies.share, 0.2);
  EXPECT_EQ(copies.flops, 0);
  EXPECT_DOUBLE_EQ(copies.bandwidth, 5e9);
  EXPECT_EQ(copies.limit(), "memory");
  EXPECT_DOUBLE_EQ(copies.share_of_limit(), 0.5);
}

}  // namespace
}  // namespace ranvier::profile
