#include "tools/health/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ranvier::health {
namespace {

using Indices = std::vector<std::int64_t>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

Tensor floats(const Shape& shape, const std::vector<float>& values) { return Tensor::of<float>(shape, values); }

Statistics of(const Focus& focus, const std::vector<Tensor>& tensors) {
  Statistics statistics(focus);
  for (const Tensor& tensor : tensors) statistics.add(tensor);
  return statistics;
}

constexpr Focus relu = {.gate = Gate::positive};
constexpr Focus softmax = {.classes = Classes::probabilities};

TEST(Moments, DoNotCancelFarFromZero) {
  Statistics statistics({});
  for (const double far : {1e9, 1e9 + 4})
    statistics.add(Tensor::of<double>({3}, std::vector<double>{far, far + 1, far + 2}));
  EXPECT_DOUBLE_EQ(statistics.moments().mean, 1e9 + 3);
  EXPECT_NEAR(statistics.moments().variance(), 4 + 2.0 / 3, 1e-9);
}

TEST(Moments, MergeToThoseOfAllNumbers) {
  Moments all;
  for (int i = 1; i <= 10; ++i) all.merge({.count = 1, .mean = i * 1.0, .squares = 0});
  all.merge({});
  EXPECT_EQ(all.count, 10);
  EXPECT_DOUBLE_EQ(all.mean, 5.5);
  EXPECT_DOUBLE_EQ(all.variance(), 8.25);
  EXPECT_TRUE(std::isnan(Moments().variance()));
}

TEST(Statistics, CountApartWhatIsNoFiniteNumber) {
  const Statistics seen = of({}, {floats({2, 3}, {nan, 2, infinity, -0.0f, 4, -infinity})});
  EXPECT_EQ(seen.elements(), 6);
  EXPECT_EQ(seen.nan(), 1);
  EXPECT_EQ(seen.infinite(), 2);
  EXPECT_EQ(seen.zeros(), 1);
  EXPECT_EQ(seen.minimum(), 0);
  EXPECT_EQ(seen.maximum(), 4);
  EXPECT_EQ(seen.moments().count, 3);
  EXPECT_DOUBLE_EQ(seen.moments().mean, 2);
  const std::vector<std::int64_t> counts = seen.histogram().bins().counts;
  EXPECT_EQ(counts.front() + counts.back(), 2) << "2 and 4";
}

TEST(Statistics, OfNaNAloneHaveNoMoments) {
  const Statistics seen = of(relu, {floats({1, 2}, {nan, nan})});
  EXPECT_EQ(seen.moments().count, 0);
  EXPECT_EQ(seen.units().never_on(), Indices{});
  EXPECT_EQ(seen.units().always_on(), Indices{});
}

TEST(Statistics, CountTheFlatPartWithItsBounds) {
  const Focus hard_tanh = {.steep = {-1, 1}};
  EXPECT_EQ(of(hard_tanh, {floats({7}, {-1, -0.999f, 0, 0.999f, 1, infinity, nan})}).flat(), 3);
  EXPECT_EQ(of({}, {floats({2}, {-infinity, infinity})}).flat(), 2);
}

TEST(Statistics, TellUnitsByWhatTheyDoInAllBatches) {
  const Statistics seen = of(relu, {floats({2, 5}, {0, 1, 0, -1, nan,  //
                                                    0, 2, 3, -2, nan}),
                                    floats({1, 5}, {0, 3, 0, 0, 5})});
  EXPECT_EQ(seen.units().count(), 5);
  EXPECT_EQ(seen.units().never_on(), (Indices{0, 3}));
  EXPECT_EQ(seen.units().dead(), (Indices{0}));
  EXPECT_EQ(seen.units().always_on(), (Indices{1, 4}));
  EXPECT_EQ(seen.values_per_unit(), 3);
}

TEST(Statistics, OfShrinkersCountNegativeNumbersAsOn) {
  const Statistics seen = of({.gate = Gate::nonzero}, {floats({2, 3}, {0, -1, 1, 0, -2, 0})});
  EXPECT_EQ(seen.units().never_on(), (Indices{0}));
  EXPECT_EQ(seen.units().always_on(), (Indices{1}));
}

TEST(Statistics, FindUnitsOnTheAxisThatIsAskedFor) {
  Focus channels = relu;
  channels.units.index = 1;
  const Statistics seen = of(channels, {floats({2, 3, 2}, {0, 0, 1, 0, 2, 3,  //
                                                           0, 0, 0, 1, 1, 1})});
  EXPECT_EQ(seen.units().count(), 3);
  EXPECT_EQ(seen.units().dead(), (Indices{0}));
  EXPECT_EQ(seen.units().always_on(), (Indices{2}));
}

TEST(Statistics, FollowNoUnitsWhoseNumberChanges) {
  const Statistics seen = of(relu, {floats({1, 3}, {0, 0, 1}), floats({1, 2}, {0, 1})});
  EXPECT_TRUE(seen.units().changing());
  EXPECT_EQ(seen.units().dead(), Indices{});
  EXPECT_EQ(seen.elements(), 5);
}

TEST(Statistics, TakeScalarsAndEmptyTensors) {
  const Statistics scalar = of(relu, {floats({}, {3})});
  EXPECT_EQ(scalar.moments().mean, 3);
  EXPECT_EQ(scalar.units().always_on(), (Indices{0}));
  const Statistics empty = of(softmax, {floats({0, 4}, {})});
  EXPECT_EQ(empty.elements(), 0);
  EXPECT_EQ(empty.share(empty.zeros()), 0);
}

TEST(Statistics, TakeEveryNumberType) {
  const Statistics whole = of(relu, {Tensor::of<std::int32_t>({1, 3}, {-1, 0, 5})});
  EXPECT_EQ(whole.maximum(), 5);
  EXPECT_EQ(whole.units().never_on(), (Indices{0, 1}));
  const Statistics half = of({}, {Tensor::of<Float16>({2}, {Float16(0.5f), Float16(1.5f)})});
  EXPECT_EQ(half.moments().mean, 1);
}

TEST(Certainty, IsEntropyRelativeToEqualClasses) {
  EXPECT_NEAR(of(softmax, {floats({1, 4}, {0.25f, 0.25f, 0.25f, 0.25f})}).certainty().mean_entropy(), 1, 1e-12);
  EXPECT_NEAR(of(softmax, {floats({1, 4}, {0.5f, 0.5f, 0, 0})}).certainty().mean_entropy(), 0.5, 1e-12);
  const Certainty sure = of(softmax, {floats({2, 2}, {1, 0, 0.9995f, 0.0005f})}).certainty();
  EXPECT_EQ(sure.certain, 2);
  EXPECT_LT(sure.mean_entropy(), 0.01);
}

TEST(Certainty, LeavesOutRowsThatSayNothing) {
  EXPECT_EQ(of(softmax, {floats({2, 2}, {nan, 1, 0.5f, 0.5f})}).certainty().rows, 1);
  EXPECT_EQ(of(softmax, {floats({3, 1}, {1, 1, 1})}).certainty().rows, 0);
}

TEST(Certainty, ReadsLogarithms) {
  const float half = std::log(0.5f);
  const Focus focus = {.classes = Classes::logarithms};
  const Certainty seen = of(focus, {floats({2, 2}, {half, half, 0, -infinity})}).certainty();
  EXPECT_EQ(seen.rows, 2);
  EXPECT_EQ(seen.certain, 1);
  EXPECT_NEAR(seen.mean_entropy(), 0.5, 1e-7);
}

TEST(Certainty, FollowsTheAxis) {
  Focus focus = softmax;
  focus.lanes = {.index = 1};
  const Tensor columns = floats({1, 2, 2}, {1, 0.5f, 0, 0.5f});
  EXPECT_NEAR(of(focus, {columns}).certainty().mean_entropy(), 0.5, 1e-12);
  focus.lanes.with_rest = true;
  const Certainty joined = of(focus, {floats({2, 2, 2}, {.25f, .25f, .25f, .25f, 1, 0, 0, 0})}).certainty();
  EXPECT_EQ(joined.rows, 2);
  EXPECT_NEAR(joined.mean_entropy(), 0.5, 1e-12);
}

TEST(Statistics, AreTheSameInBatches) {
  std::vector<float> values;
  for (int i = 0; i < 600; ++i) values.push_back(i % 11 == 0 ? 0 : std::sin(static_cast<float>(i)) * (i % 100));
  const Statistics whole = of(relu, {floats({100, 6}, values)});
  Statistics parts(relu);
  for (std::int64_t row = 0; row < 100; row += 10)
    parts.add(floats({10, 6}, std::vector<float>(values.begin() + row * 6, values.begin() + (row + 10) * 6)));
  EXPECT_EQ(parts.elements(), whole.elements());
  EXPECT_EQ(parts.zeros(), whole.zeros());
  EXPECT_EQ(parts.histogram().bins().counts, whole.histogram().bins().counts);
  EXPECT_NEAR(parts.moments().mean, whole.moments().mean, 1e-12);
  EXPECT_NEAR(parts.moments().variance(), whole.moments().variance(), 1e-9);
  EXPECT_EQ(parts.units().never_on(), whole.units().never_on());
}

}  // namespace
}  // namespace ranvier::health
