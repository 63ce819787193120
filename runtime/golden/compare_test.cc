#include "runtime/golden/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ranvier::golden {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::string differs(const Tensor& got, const Tensor& want, const Tolerance& tolerance = {}) {
  return difference(got, want, tolerance).value_or("");
}

TEST(Difference, MeasuresAgainstTheWantedElement) {
  const auto want = Tensor::of<float>({3}, {1000, 1, 0});
  EXPECT_EQ(differs(Tensor::of<float>({3}, {1000.9f, 1.0009f, 1e-8f}), want), "");
  EXPECT_EQ(differs(Tensor::of<float>({3}, {1002, 1.1f, 0}), want),
            "2 of 3 elements differ, most at [0]: 1002 instead of 1000");
  EXPECT_EQ(differs(Tensor::of<float>({3}, {1002, 1.1f, 0}), want, {0, 3}), "");
}

TEST(Difference, TakesNaNAndInfinityAtTheirWord) {
  const auto want = Tensor::of<float>({3}, {nan, infinity, -infinity});
  EXPECT_EQ(differs(want, want), "");
  EXPECT_NE(differs(Tensor::of<float>({3}, {0, infinity, -infinity}), want), "");
  EXPECT_NE(differs(Tensor::of<float>({3}, {nan, -infinity, -infinity}), want), "");
  EXPECT_NE(differs(Tensor::of<float>({3}, {nan, 3e38f, -infinity}), want, {1, 1}), "");
  EXPECT_NE(differs(Tensor::of<float>({1}, {nan}), Tensor::of<float>({1}, {1}), {1, 1}), "");
  EXPECT_NE(differs(Tensor::of<float>({1}, {infinity}), Tensor::of<float>({1}, {1}), {1, 1}), "");
}

TEST(Difference, ComparesTypesAndShapesFirst) {
  EXPECT_EQ(differs(Tensor::of<float>({1}, {1}), Tensor::of<double>({1}, {1})), "type float instead of double");
  EXPECT_EQ(differs(Tensor::of<float>({1}, {1}), Tensor::of<float>({}, {1})), "shape [1] instead of []");
  EXPECT_EQ(differs(Tensor(DataType::float32, {0, 2}), Tensor(DataType::float32, {0, 2})), "");
}

TEST(Difference, ComparesStringsAndSmallTypesExactly) {
  EXPECT_EQ(differs(Tensor::of<std::string>({1}, {"a"}), Tensor::of<std::string>({1}, {"a"})), "");
  EXPECT_EQ(differs(Tensor::of<std::string>({1}, {"a"}), Tensor::of<std::string>({1}, {"b"})),
            "elements of type string differ");
  Tensor a(DataType::float8e4m3fn, {2});
  Tensor b(DataType::float8e4m3fn, {2});
  EXPECT_EQ(differs(a, b), "");
  static_cast<std::uint8_t*>(a.mutable_data())[1] = 1;
  EXPECT_EQ(differs(a, b), "elements of type float8e4m3fn differ");
}

TEST(Difference, KeepsLargeIntegersApart) {
  const auto want = Tensor::of<std::int64_t>({1}, {std::int64_t{1} << 62});
  EXPECT_EQ(differs(want, want), "");
  EXPECT_NE(differs(Tensor::of<std::int64_t>({1}, {-1}), want), "");
}

TEST(LargestDistance, SaysHowFarAndWhere) {
  const auto want = Tensor::of<float>({2, 2}, {1, 2, 3, nan});
  Distance largest = largest_distance(Tensor::of<float>({2, 2}, {1, 2.5f, 2.75f, nan}), want);
  EXPECT_EQ(largest.size, 0.5);
  EXPECT_EQ(largest.element, 1);
  EXPECT_EQ(largest_distance(want, want).size, 0);
  EXPECT_EQ(largest_distance(Tensor::of<float>({2, 2}, {1, 2, 3, 4}), want).size, HUGE_VAL);
  EXPECT_EQ(largest_distance(Tensor::of<float>({1}, {1}), want).size, 0);
}

}  // namespace
}  // namespace ranvier::golden
