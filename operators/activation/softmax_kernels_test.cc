#include "operators/activation/softmax_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

namespace ranvier::operators {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float untouched = 12345;
constexpr std::size_t sizes[] = {1, 2, 3, 10, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 1000};

struct Kind {
  const char* name;
  float low, high;         ///< Elements are uniform between these,
  float other;             ///< and every fifth one is this.
  float rise = 0;          ///< From each element to the next.
  std::size_t masked = 0;  ///< So many of the first are -infinity.
};
constexpr Kind kinds[] = {
    {"near zero", -3, 3, 0},
    {"wide", -100, 100, -90},
    {"masked with a large number", -8, 8, -1e30f},
    {"masked with infinity", -8, 8, -infinity},
    {"equal to the largest", -20, 5, 5},
    {"far from zero", 59990, 60000, 59995},
    {"beyond what shifts by powers of two", 1e6f, 1000020, 1000020},
    {"rising a little", -3, 3, 0, 0.03f},
    {"rising far", -3, 3, -150, 0.7f},
    {"rising beyond what shifts by powers of two", -3, 3, 0, 1000},
    {"masked at first", -3, 3, 0, 0, 70},
};

std::vector<float> row_of(const Kind& kind, std::size_t size) {
  std::mt19937 engine(static_cast<unsigned>(size));
  std::uniform_real_distribution<float> uniform(kind.low, kind.high);
  std::vector<float> row(size);
  for (std::size_t i = 0; i < size; ++i) {
    row[i] = (i % 5 == 3 ? kind.other : uniform(engine)) + static_cast<float>(i) * kind.rise;
    if (i < kind.masked && i + 1 < size) row[i] = -infinity;
  }
  return row;
}

std::vector<double> true_values(const std::vector<float>& x, bool logarithm) {
  const auto at = std::max_element(x.begin(), x.end());
  double others = 0;
  for (auto i = x.begin(); i != x.end(); ++i)
    if (i != at) others += std::exp(static_cast<double>(*i) - *at);
  std::vector<double> y;
  for (const float each : x) {
    const double difference = static_cast<double>(each) - *at;
    y.push_back(logarithm ? difference - std::log1p(others) : std::exp(difference) / (1 + others));
  }
  return y;
}

/// In units of the last place that a float of the true value's magnitude has; none where both are the same infinity.
double error_in_ulp(float got, double truth) {
  if (static_cast<double>(got) == truth) return 0;
  const int exponent = truth == 0 ? -126 : std::max(std::ilogb(truth), -126);
  return std::abs(static_cast<double>(got) - truth) * std::ldexp(1.0, 23 - exponent);
}

class SoftmaxKernel : public ::testing::TestWithParam<bool> {
 protected:
  static bool logarithm() { return GetParam(); }
  static RowKernel kernel(const SoftmaxKernels& set) { return logarithm() ? set.log_softmax : set.softmax; }
};

TEST_P(SoftmaxKernel, IsWithinTwoUnitsOfTheLastPlace) {
  for (const SoftmaxKernels& set : all_softmax_kernels())
    for (const Kind& kind : kinds)
      for (const std::size_t size : sizes) {
        const std::vector<float> x = row_of(kind, size);
        std::vector<float> y(size);
        kernel(set)(x.data(), y.data(), size);
        const std::vector<double> expected = true_values(x, logarithm());
        for (std::size_t i = 0; i < size; ++i)
          ASSERT_LE(error_in_ulp(y[i], expected[i]), 2)
              << set.instruction_set << ", " << kind.name << ", " << size << " elements: " << y[i] << " at " << i
              << ", expected " << expected[i];
      }
}

TEST_P(SoftmaxKernel, HasTheSameBitsOnEveryInstructionSetWithFusedMultiplyAdd) {
  for (const Kind& kind : kinds)
    for (const std::size_t size : sizes) {
      const std::vector<float> x = row_of(kind, size);
      std::vector<float> first;
      for (const SoftmaxKernels& set : all_softmax_kernels()) {
        if (!set.fused_multiply_add) continue;
        std::vector<float> y(size);
        kernel(set)(x.data(), y.data(), size);
        if (first.empty()) first = y;
        EXPECT_EQ(std::memcmp(first.data(), y.data(), size * sizeof(float)), 0)
            << set.instruction_set << ", " << kind.name << ", " << size << " elements";
      }
    }
}

TEST_P(SoftmaxKernel, WorksInPlaceAndTouchesTheRowOnly) {
  for (const SoftmaxKernels& set : all_softmax_kernels())
    for (const Kind& kind : kinds)
      for (std::size_t size = 1; size <= 300; size += size < 130 ? 1 : 85) {
        const std::vector<float> x = row_of(kind, size);
        std::vector<float> y(size), around(size + 64, untouched);
        kernel(set)(x.data(), y.data(), size);
        float* row = &around[7];
        std::copy(x.begin(), x.end(), row);
        kernel(set)(row, row, size);
        ASSERT_EQ(std::memcmp(row, y.data(), size * sizeof(float)), 0)
            << set.instruction_set << ", " << kind.name << ", " << size << " elements";
        ASSERT_EQ(std::count(around.begin(), around.end(), untouched), 64)
            << set.instruction_set << ", " << kind.name << ", " << size << " elements";
      }
}

TEST_P(SoftmaxKernel, IsNanWhereTheRowHasNanOrNoLargestElement) {
  for (const SoftmaxKernels& set : all_softmax_kernels())
    for (const float each : {std::numeric_limits<float>::quiet_NaN(), infinity})
      for (const std::size_t size : sizes) {
        std::vector<float> y = row_of(kinds[0], size);
        y[size / 2] = each;
        kernel(set)(y.data(), y.data(), size);
        for (const float value : y) ASSERT_TRUE(std::isnan(value)) << set.instruction_set << ", " << size;
      }
}

INSTANTIATE_TEST_SUITE_P(Softmax, SoftmaxKernel, ::testing::Values(false, true),
                         [](const auto& test) { return test.param ? "Logarithm" : "Plain"; });

}  // namespace
}  // namespace ranvier::operators
