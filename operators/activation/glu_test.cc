#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "operators/activation/functions.h"
#include "operators/activation/kernels.h"
#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::vector<Tensor> run(const Tensor& x, const testing::Attributes& attributes = {}) {
  return testing::run({.op_type = "Glu", .version = 1, .attributes = attributes, .domain = "ranvier"}, {x}, 1e-6);
}

/// Glu of one a and one b.
float glu(float a, float b) { return run(Tensor::of<float>({2}, {a, b}))[0].values<float>()[0]; }

TEST(Glu, MultipliesOneHalfByTheSigmoidOfTheOther) {
  // Values in decimal arithmetic with 40 digits.
  const auto y = elements<double>(run(Tensor::of<double>({2, 4}, {1, -2, 0, 3, 0.5, 4, -1, -50}))[0]);
  const double expected[] = {0.5, -1.9051482536448664382, 0.13447071068499756037, 7.7149993918556711321e-22};
  ASSERT_EQ(y.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(y[i], expected[i], 1e-15 * std::abs(expected[i])) << i;
}

TEST(Glu, CutsTheAxis) {
  const Tensor x = Tensor::of<float>({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const float big = 100;  // whose sigmoid is 1
  const Tensor gates = Tensor::of<float>({2, 2, 2}, {1, 2, big, big, 3, 4, big, big});
  EXPECT_EQ(elements<float>(run(gates, {{"axis", std::int64_t{1}}})[0]), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(run(x, {{"axis", std::int64_t{0}}})[0].shape(), (Shape{1, 2, 2}));
  EXPECT_EQ(run(x, {{"axis", std::int64_t{1}}})[0].shape(), (Shape{2, 1, 2}));
  EXPECT_EQ(run(x)[0].shape(), (Shape{2, 2, 1}));
  EXPECT_EQ(elements<float>(run(x, {{"axis", std::int64_t{-3}}})[0]),
            elements<float>(run(x, {{"axis", std::int64_t{0}}})[0]));
  EXPECT_EQ(elements<float>(run(Tensor::of<float>({2, 2}, {1, big, 2, -infinity}))[0]), (std::vector<float>{1, 0}));
}

TEST(Glu, IsDefinedAtInfinityAndLetsNanThrough) {
  EXPECT_EQ(glu(infinity, infinity), infinity);
  EXPECT_EQ(glu(-infinity, 1), -infinity);
  EXPECT_EQ(glu(infinity, -200), infinity);
  EXPECT_EQ(glu(infinity, -infinity), 0);
  EXPECT_TRUE(std::signbit(glu(-infinity, -infinity)));
  EXPECT_EQ(glu(0, -infinity), 0);
  EXPECT_TRUE(std::signbit(glu(-0.0f, 5)));
  for (const float b : {-infinity, -200.0f, 0.0f, 200.0f, infinity, nan}) EXPECT_TRUE(std::isnan(glu(nan, b))) << b;
  for (const float a : {-infinity, 0.0f, 1.0f, infinity}) EXPECT_TRUE(std::isnan(glu(a, nan))) << a;
}

/// The largest error where results are ordinary floats, in units of the last place.
double largest_error(const std::vector<float>& y, const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double truth = functions::gated_linear(double{a[i]}, double{b[i]});
    if (std::abs(truth) < std::numeric_limits<float>::min()) continue;
    largest = std::max(largest, std::abs(double{y[i]} - truth) / std::ldexp(1.0, std::ilogb(truth) - 23));
  }
  return largest;
}

TEST(Glu, IsWithinTwoUnitsOfTheLastPlaceOnEveryInstructionSet) {
  constexpr std::size_t count = 200'003;
  std::minstd_rand random(7);
  std::uniform_real_distribution<float> significand(1, 2), exponent(-60, 120), gate(least_exact_gate, 30);
  std::vector<float> a(count), b(count);
  for (std::size_t i = 0; i < count; ++i) {
    a[i] = std::ldexp(i % 2 == 0 ? significand(random) : -significand(random), static_cast<int>(exponent(random)));
    b[i] = i % 3 == 0 ? gate(random) : gate(random) / 16;
  }
  std::vector<float> first;
  for (const ActivationKernels& set : all_activation_kernels()) {
    std::vector<float> y(count);
    EXPECT_TRUE(set.glu(a.data(), b.data(), y.data(), count));
    EXPECT_LE(largest_error(y, a, b), 2) << set.instruction_set;
    EXPECT_GE(largest_error(y, a, b), 0.5) << set.instruction_set << ": nothing was compared";
    if (!set.fused_multiply_add) continue;
    if (first.empty()) first = y;
    EXPECT_EQ(y, first) << set.instruction_set;
  }
}

TEST(Glu, KeepsItsDigitsWhereTheGateHasNone) {
  std::vector<float> a, b;
  for (float gate = -86; gate > -180; gate -= 0.37f) {
    a.push_back(1.7e38f);
    b.push_back(gate);
  }
  const auto count = static_cast<std::int64_t>(a.size());
  std::vector<float> x = a;
  x.insert(x.end(), b.begin(), b.end());
  const auto y = elements<float>(run(Tensor::of<float>({2 * count}, x))[0]);
  EXPECT_LE(largest_error(y, a, b), 2);
  for (const ActivationKernels& set : all_activation_kernels()) {
    std::vector<float> ignored(a.size());
    EXPECT_FALSE(set.glu(a.data(), b.data(), ignored.data(), a.size())) << set.instruction_set;
    EXPECT_FALSE(set.glu(a.data(), b.data() + 3, ignored.data(), 1)) << set.instruction_set;
  }
}

TEST(Glu, IsTheSameWhereItIsSharedOut) {
  std::minstd_rand random(3);
  std::normal_distribution<float> normal(0, 3);
  std::vector<float> numbers(3 * 2 * 171 * 1001);
  for (float& number : numbers) number = normal(random);
  for (const std::int64_t axis : {1, 3}) {
    const Shape shape = axis == 1 ? Shape{3, 2, 171, 1001} : Shape{3, 171, 1001, 2};
    EXPECT_EQ(run(Tensor::of<float>(shape, numbers), {{"axis", axis}})[0].elements(), 3 * 171 * 1001);
  }
}

TEST(Glu, ComputesEveryFloatingType) {
  EXPECT_EQ(static_cast<float>(run(Tensor::of<Float16>({2}, {Float16(3), Float16(0)}))[0].values<Float16>()[0]), 1.5f);
  EXPECT_EQ(static_cast<float>(run(Tensor::of<BFloat16>({2}, {BFloat16(3), BFloat16(0)}))[0].values<BFloat16>()[0]),
            1.5f);
}

TEST(Glu, TakesEmptyTensors) {
  EXPECT_EQ(run(Tensor(DataType::float32, {3, 0}))[0].shape(), (Shape{3, 0}));
  EXPECT_EQ(run(Tensor(DataType::float32, {0, 4}))[0].shape(), (Shape{0, 2}));
  const std::int64_t huge = std::int64_t{1} << 62;
  EXPECT_EQ(run(Tensor(DataType::float32, {0, huge, 4}))[0].shape(), (Shape{0, huge, 2}));
}

TEST(Glu, SaysWhatIsWrong) {
  EXPECT_EQ(error_of([] {
              run(Tensor::of<float>({1, 3}, {1, 2, 3}));
            }),
            "invalid_argument: axis 1 of shape [1, 3] has size 3, expected an even one");
  EXPECT_EQ(error_of([] {
              run(Tensor::of<float>({2}, {1, 2}), {{"axis", std::int64_t{1}}});
            }),
            "invalid_model: axis 1 is out of range for a tensor of rank 1");
  EXPECT_EQ(error_of([] {
              run(Tensor::of<std::int32_t>({2}, {1, 2}));
            }),
            "unsupported: input 0 has type int32, supported are: float, float16, double, bfloat16");
}

}  // namespace
}  // namespace ranvier::operators
