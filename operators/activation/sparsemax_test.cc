#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

Tensor run(const Tensor& x, const testing::Attributes& attributes = {}) {
  return testing::run({.op_type = "Sparsemax", .version = 1, .attributes = attributes, .domain = "ranvier"}, {x}, 0)[0];
}

std::vector<float> sparsemax(std::initializer_list<float> x) { return elements<float>(run(testing::row<float>(x))); }

/// As keras.ops.sparsemax has it, step by step.
std::vector<double> as_keras(const std::vector<double>& x) {
  std::vector<double> sorted = x;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  double sum = 0, safe_sum = 0, k = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    sum += sorted[i];
    if (sorted[i] - (sum - 1) / static_cast<double>(i + 1) <= 0) continue;
    k += 1;
    safe_sum += sum;
  }
  std::vector<double> y;
  for (const double value : x) y.push_back(std::max(value - (safe_sum - 1) / k, 0.0));
  return y;
}

TEST(Sparsemax, IsWhatKerasComputes) {
  EXPECT_EQ(sparsemax({3, 1, 0.5f}), (std::vector<float>{1, 0, 0})) << "the projection onto the simplex";
  EXPECT_EQ(sparsemax({1, 0.5f}), (std::vector<float>{0.25f, 0})) << "with two in the support it is not";
  EXPECT_EQ(sparsemax({-1, -1.5f}), (std::vector<float>{1.25f, 0.75f}));
  EXPECT_EQ(sparsemax({0, 0, 0, 0}), (std::vector<float>{0.25f, 0.25f, 0.25f, 0.25f}));
  EXPECT_EQ(sparsemax({1, 0}), (std::vector<float>{1, 0})) << "what reaches the threshold is outside the support";
  EXPECT_EQ(sparsemax({-1e30f, 1e30f, 7}), (std::vector<float>{0, 1, 0}));
}

TEST(Sparsemax, OfRowsOfEverySize) {
  std::minstd_rand random(5);
  for (const float spread : {0.01f, 0.3f, 3.0f}) {
    std::normal_distribution<float> normal(-0.2f, spread);
    for (const std::int64_t size : {1, 2, 3, 10, 100, 1000}) {
      std::vector<float> x(static_cast<std::size_t>(3 * size));
      for (float& value : x) value = normal(random);
      const auto y = elements<float>(run(Tensor::of<float>({3, size}, x)));
      for (std::int64_t row = 0; row < 3; ++row) {
        const auto expected = as_keras({x.begin() + row * size, x.begin() + (row + 1) * size});
        for (std::int64_t i = 0; i < size; ++i) {
          const double want = expected[static_cast<std::size_t>(i)];
          const double ulp = want == 0 ? 0 : std::ldexp(1.0, std::ilogb(want) - 23);
          EXPECT_NEAR(y[static_cast<std::size_t>(row * size + i)], want, ulp) << size << " " << spread;
        }
      }
    }
  }
}

TEST(Sparsemax, AlongEveryAxis) {
  const std::vector<float> x = {3, 0, 1, 4, 5, 9, 2, 6, 8, 7, -1, 0.5f};
  const auto along = [&](std::int64_t axis) {
    return elements<float>(run(Tensor::of<float>({2, 2, 3}, x), {{"axis", axis}}));
  };
  EXPECT_EQ(along(2), (std::vector<float>{1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0}));
  EXPECT_EQ(along(1), (std::vector<float>{0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0}));
  EXPECT_EQ(along(0), (std::vector<float>{1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0}));
  EXPECT_EQ(along(-3), along(0));
  EXPECT_EQ(along(-1), elements<float>(run(Tensor::of<float>({2, 2, 3}, x))));
}

TEST(Sparsemax, OfOneElementIsOne) {
  for (const float x : {-infinity, -1e30f, 0.0f, 0.1f, 1e30f, infinity})
    EXPECT_EQ(sparsemax({x}), std::vector<float>{1}) << x;
}

TEST(Sparsemax, AtInfinityIsWhatItTendsTo) {
  EXPECT_EQ(sparsemax({1, infinity, 2}), (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(sparsemax({infinity, infinity, 2}), (std::vector<float>{0, 0, 0}));
  EXPECT_EQ(sparsemax({-infinity, 0.5f, -infinity}), (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(sparsemax({-infinity, infinity}), (std::vector<float>{0, 1}));
  EXPECT_EQ(sparsemax({-infinity, -infinity}), (std::vector<float>{infinity, infinity}));
}

TEST(Sparsemax, IsNanWhereARowHasANan) {
  for (const auto& row : {sparsemax({nan, 1, 2}), sparsemax({1, nan, 2}), sparsemax({infinity, nan}), sparsemax({nan})})
    for (const float y : row) EXPECT_TRUE(std::isnan(y));
  const auto y = elements<float>(run(Tensor::of<float>({2, 2}, {nan, 1, 5, 1})));
  EXPECT_EQ(std::vector<float>(y.begin() + 2, y.end()), (std::vector<float>{1, 0})) << "the other rows are as ever";
}

TEST(Sparsemax, IsTheSameWhereItIsSharedOut) {
  std::minstd_rand random(3);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> x(700 * 301);
  for (float& value : x) value = normal(random);
  run(Tensor::of<float>({700, 301}, x));
  run(Tensor::of<float>({7, 301, 100}, x), {{"axis", std::int64_t{1}}});
  run(Tensor::of<float>({700 * 301}, x));
}

TEST(Sparsemax, ComputesEveryFloatingType) {
  EXPECT_EQ(elements<double>(run(Tensor::of<double>({2}, {1, 0.5}))), (std::vector<double>{0.25, 0}));
  EXPECT_EQ(static_cast<float>(run(Tensor::of<Float16>({2}, {Float16(1), Float16(0.5f)})).values<Float16>()[0]), 0.25f);
  EXPECT_EQ(static_cast<float>(run(Tensor::of<BFloat16>({2}, {BFloat16(1), BFloat16(0.5f)})).values<BFloat16>()[0]),
            0.25f);
}

TEST(Sparsemax, TakesEmptyTensors) {
  EXPECT_EQ(run(Tensor(DataType::float32, {3, 0})).shape(), (Shape{3, 0}));
  EXPECT_EQ(run(Tensor(DataType::float32, {0, 3})).shape(), (Shape{0, 3}));
  const Shape huge = {std::int64_t{1} << 62, 4, 0};
  EXPECT_EQ(run(Tensor(DataType::float32, huge)).shape(), huge);
}

TEST(Sparsemax, SaysWhatIsWrong) {
  EXPECT_EQ(error_of([] {
              run(Tensor::of<float>({2}, {1, 2}), {{"axis", std::int64_t{-2}}});
            }),
            "invalid_model: axis -2 is out of range for a tensor of rank 1");
  EXPECT_EQ(error_of([] { run(Tensor::of<float>({}, {1})); }),
            "invalid_model: axis -1 is out of range for a tensor of rank 0");
  EXPECT_EQ(error_of([] {
              run(Tensor::of<std::int32_t>({2}, {1, 2}));
            }),
            "unsupported: input 0 has type int32, supported are: float, float16, double, bfloat16");
}

}  // namespace
}  // namespace ranvier::operators
