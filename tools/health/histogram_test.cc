#include "tools/health/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace ranvier::health {
namespace {

Histogram::Bins bins_of(const std::vector<double>& numbers) {
  Histogram histogram;
  for (const double x : numbers) histogram.add(x);
  return histogram.bins();
}

void expect_equal(const Histogram::Bins& a, const Histogram::Bins& b) {
  EXPECT_EQ(a.from, b.from);
  EXPECT_EQ(a.to, b.to);
  EXPECT_EQ(a.counts, b.counts);
}

TEST(Histogram, HasNoBinsWithoutNumbers) { EXPECT_TRUE(bins_of({}).counts.empty()); }

TEST(Histogram, GivesPositiveNumbersTheBinThatTheyEnd) {
  const Histogram::Bins bins = bins_of({1.0 / 64, 2.0 / 64, 2.1 / 64, 1});
  EXPECT_EQ(bins.from, 0);
  EXPECT_EQ(bins.to, 1);
  ASSERT_EQ(bins.counts.size(), 64u);
  EXPECT_EQ(bins.counts[0], 1);
  EXPECT_EQ(bins.counts[1], 1);
  EXPECT_EQ(bins.counts[2], 1);
  EXPECT_EQ(bins.counts[63], 1);
}

TEST(Histogram, MirrorsNegativeNumbers) {
  const std::vector<double> numbers = {0.01, 0.3, 0.5, 0.51, 1};
  std::vector<double> negative = numbers;
  for (double& x : negative) x = -x;
  Histogram::Bins mirrored = bins_of(negative);
  std::reverse(mirrored.counts.begin(), mirrored.counts.end());
  const Histogram::Bins bins = bins_of(numbers);
  EXPECT_EQ(mirrored.counts, bins.counts);
  EXPECT_EQ(mirrored.from, -bins.to);
  EXPECT_EQ(mirrored.to, -bins.from);
}

TEST(Histogram, ShowsOnlyWhereNumbersAre) {
  const Histogram::Bins bins = bins_of({-0.5, 3});
  EXPECT_EQ(bins.from, -0.5);
  EXPECT_EQ(bins.to, 3);
  EXPECT_EQ(bins.counts.front(), 1);
  EXPECT_EQ(bins.counts.back(), 1);
  EXPECT_LE(bins.counts.size(), 64u);
  EXPECT_GE(bins.counts.size(), 33u);
}

TEST(Histogram, DoesNotDependOnTheOrder) {
  std::vector<double> numbers;
  for (int i = 1; i <= 5000; ++i) numbers.push_back((i % 7 == 0 ? -1 : 1) * std::ldexp(i * 0.37, i % 23 - 11));
  const Histogram::Bins rising = bins_of(numbers);
  std::reverse(numbers.begin(), numbers.end());
  expect_equal(bins_of(numbers), rising);
  std::sort(numbers.begin(), numbers.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  expect_equal(bins_of(numbers), rising);
  EXPECT_EQ(std::accumulate(rising.counts.begin(), rising.counts.end(), std::int64_t{0}), 5000);
}

TEST(Histogram, TakesTheSmallestAndTheLargestNumbers) {
  using Limits = std::numeric_limits<double>;
  for (const double x : {Limits::denorm_min(), Limits::min(), 1e-300, 1e300, Limits::max()}) {
    for (const double y : {Limits::denorm_min(), 1.0, -Limits::max()}) {
      const Histogram::Bins bins = bins_of({x, y, x});
      EXPECT_EQ(std::accumulate(bins.counts.begin(), bins.counts.end(), std::int64_t{0}), 3) << x << ' ' << y;
      EXPECT_TRUE(std::isfinite(bins.from) && std::isfinite(bins.to)) << x << ' ' << y;
      EXPECT_LE(bins.from, std::min(x, y));
      EXPECT_GE(bins.to, std::max(x, y));
    }
  }
}

}  // namespace
}  // namespace ranvier::health
