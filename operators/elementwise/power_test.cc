#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

template <class T, class E>
std::vector<T> power(const std::vector<T>& base, const std::vector<E>& exponent) {
  return elements<T>(run({"Pow", 15}, {Tensor::of<T>({static_cast<std::int64_t>(base.size())}, base),
                                       Tensor::of<E>({static_cast<std::int64_t>(exponent.size())}, exponent)})[0]);
}

TEST(Pow, RaisesFloats) {
  EXPECT_EQ((power<float, float>({2, 3, -8, 0}, {3, -1, 2, 0})), (std::vector<float>{8, 1.0f / 3, 64, 1}));
  EXPECT_EQ((power<double, double>({2}, {0.5})), (std::vector<double>{std::sqrt(2.0)}));
  EXPECT_TRUE(std::isnan(power<float, float>({-1}, {0.5f})[0]));
  EXPECT_EQ((power<float, float>({1}, {NAN})), (std::vector<float>{1}));
}

TEST(Pow, TheBaseGivesTheType) {
  EXPECT_EQ((power<float, std::int64_t>({1.5f, 2}, {2, -2})), (std::vector<float>{2.25f, 0.25f}));
  EXPECT_EQ((power<float, std::uint8_t>({2}, {10})), (std::vector<float>{1024}));
  EXPECT_EQ((power<std::int64_t, float>({2, 10}, {3.0f, 0.5f})), (std::vector<std::int64_t>{8, 3}));
  EXPECT_EQ(static_cast<float>(power<Float16, float>({Float16(3.0f)}, {2})[0]), 9);
}

TEST(Pow, SquaresRowsByAScalar) {
  EXPECT_EQ((power<float, float>({1.5f, -3, NAN}, {2}))[1], 9);
  EXPECT_EQ((power<float, std::int32_t>({1.5f, -3}, {2})), (std::vector<float>{2.25f, 9}));
  EXPECT_EQ((power<std::int32_t, std::int32_t>({1 << 16, -3}, {2})), (std::vector<std::int32_t>{0, 9}));
  EXPECT_EQ((power<float, float>({2}, {1, 2, 3})), (std::vector<float>{2, 4, 8}));
}

TEST(Pow, OfIntegersIsExactAndWrapsAround) {
  EXPECT_EQ((power<std::int64_t, std::int64_t>({3, -2, 7}, {39, 63, 0})),
            (std::vector<std::int64_t>{4052555153018976267, std::numeric_limits<std::int64_t>::min(), 1}));
  EXPECT_EQ((power<std::int32_t, std::uint64_t>({2, -1, 0}, {40, ~0ull, 5})), (std::vector<std::int32_t>{0, -1, 0}));
}

TEST(Pow, OfIntegersToNegativePowersIsCutOff) {
  EXPECT_EQ((power<std::int32_t, std::int32_t>({2, 1, -1, -1}, {-1, -5, -3, -4})),
            (std::vector<std::int32_t>{0, 1, -1, 1}));
  EXPECT_EQ(error_of([] { power<std::int32_t, std::int32_t>({0}, {-1}); }),
            "invalid_argument: zero to a negative power");
}

TEST(Pow, GoesThroughMoreThanOneBlock) {
  const std::vector<float> base(1000, 2.0f);
  std::vector<std::int32_t> exponents(1000);
  for (int i = 0; i < 1000; ++i) exponents[static_cast<std::size_t>(i)] = i % 100;
  const std::vector<float> result = power(base, exponents);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(result[static_cast<std::size_t>(i)], std::ldexp(1.0f, i % 100));
}

TEST(Pow, RefusesOtherTypes) {
  EXPECT_EQ(error_of([] { power<std::uint8_t, float>({1}, {1}); }),
            "unsupported: input 0 has type uint8, supported are: float, int32, int64, float16, double, bfloat16");
  EXPECT_EQ(error_of([] { power<float, std::string>({1}, {"2"}); }),
            "invalid_model: input 1 has type string, expected a number");
}

}  // namespace
}  // namespace ranvier::operators
