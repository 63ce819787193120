#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

constexpr float infinity = std::numeric_limits<float>::infinity();

template <class T = float>
Tensor vector(const std::vector<T>& values) {
  return Tensor::of<T>({static_cast<std::int64_t>(values.size())}, values);
}

template <class T = float>
Tensor scalar(T value) {
  return Tensor::of<T>({}, {value});
}

TEST(Clip, LimitsToInputs) {
  const Tensor x = vector({-3, -0.5f, 0, 2, 7});
  EXPECT_EQ(elements<float>(run({"Clip", 11}, {x, scalar(-1.0f), scalar(2.5f)})[0]),
            (std::vector<float>{-1, -0.5f, 0, 2, 2.5f}));
  EXPECT_EQ(elements<float>(run({"Clip", 13}, {x, scalar(-1.0f)})[0]), (std::vector<float>{-1, -0.5f, 0, 2, 7}));
  EXPECT_EQ(elements<float>(run({"Clip", 13}, {x, {}, scalar(1.0f)})[0]), (std::vector<float>{-3, -0.5f, 0, 1, 1}));
  EXPECT_EQ(elements<float>(run({"Clip", 13}, {x, {}, {}})[0]), elements<float>(x));
  EXPECT_EQ(elements<float>(run({"Clip", 13}, {x})[0]), elements<float>(x));
}

TEST(Clip, TakesABoundOfOneElement) {
  EXPECT_EQ(elements<float>(run({"Clip", 13}, {vector({-3, 3}), vector({0})})[0]), (std::vector<float>{0, 3}));
}

TEST(Clip, GivesTheMaximumWhereTheMinimumIsAboveIt) {
  EXPECT_EQ(elements<float>(run({"Clip", 13}, {vector({-3, 1.5f, 3}), scalar(2.0f), scalar(1.0f)})[0]),
            (std::vector<float>{1, 1, 1}));
}

TEST(Clip, LetsNanAndUnlimitedInfinitiesThrough) {
  const Tensor x = vector({std::nanf(""), -infinity, infinity});
  const auto limited = elements<float>(run({"Clip", 13}, {x, scalar(-1.0f), scalar(1.0f)})[0]);
  EXPECT_TRUE(std::isnan(limited[0]));
  EXPECT_EQ(limited[1], -1);
  EXPECT_EQ(limited[2], 1);
  const auto free = elements<float>(run({"Clip", 13}, {x})[0]);
  EXPECT_TRUE(std::isnan(free[0]));
  EXPECT_EQ(free[1], -infinity);
  EXPECT_EQ(free[2], infinity);
}

TEST(Clip, IgnoresABoundThatIsNan) {
  EXPECT_EQ(elements<float>(run({"Clip", 13}, {vector({-3, 3}), scalar(std::nanf("")), scalar(1.0f)})[0]),
            (std::vector<float>{-3, 1}));
}

TEST(Clip, TakesIntegers) {
  EXPECT_EQ(elements<std::int8_t>(run({"Clip", 12}, {vector<std::int8_t>({-128, 5, 127}), scalar<std::int8_t>(-7)})[0]),
            (std::vector<std::int8_t>{-7, 5, 127}));
  constexpr std::uint64_t large = std::numeric_limits<std::uint64_t>::max();
  const Tensor limited =
      run({"Clip", 12}, {vector<std::uint64_t>({0, large}), {}, scalar<std::uint64_t>(large - 1)})[0];
  EXPECT_EQ(elements<std::uint64_t>(limited), (std::vector<std::uint64_t>{0, large - 1}));
}

TEST(Clip, TakesHalfPrecision) {
  const Tensor x = vector<Float16>({Float16(-3), Float16(0.25f), Float16(3)});
  const Tensor y = run({"Clip", 13}, {x, scalar(Float16(-1)), scalar(Float16(1))})[0];
  ASSERT_EQ(y.type(), DataType::float16);
  EXPECT_EQ(static_cast<float>(y.values<Float16>()[0]), -1);
  EXPECT_EQ(static_cast<float>(y.values<Float16>()[1]), 0.25f);
  EXPECT_EQ(static_cast<float>(y.values<Float16>()[2]), 1);
}

TEST(Clip, KeepsTheShape) {
  const Tensor empty(DataType::float32, {2, 0});
  EXPECT_EQ(run({"Clip", 13}, {empty, scalar(0.0f)})[0].shape(), (Shape{2, 0}));
  EXPECT_EQ(run({"Clip", 13}, {scalar(3.0f), scalar(0.0f)})[0].shape(), Shape{});
}

TEST(Clip, SaysWhatIsWrong) {
  EXPECT_EQ(error_of([] {
              run({"Clip", 13}, {vector({1}), vector({0, 1})});
            }),
            "invalid_argument: input 1 (min) has shape [2], expected a scalar");
  EXPECT_EQ(error_of([] {
              run({"Clip", 13}, {vector({1}), {}, vector({})});
            }),
            "invalid_argument: input 2 (max) has shape [0], expected a scalar");
  EXPECT_EQ(error_of([] {
              run({"Clip", 13}, {vector({1}), {}, scalar(1.0)});
            }),
            "invalid_model: input 2 (max) has type double, expected float as the first input");
}

}  // namespace
}  // namespace ranvier::operators
