#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/table.h"
#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

template <class T>
std::vector<T> computed(const std::string& op, const std::vector<T>& values) {
  return elements<T>(run({op}, {Tensor::of<T>({static_cast<std::int64_t>(values.size())}, values)})[0]);
}

/// An operator, what it computes in long double, and where.
struct Function {
  const char* name;
  long double (*exact)(long double);
  double first, last;
};

const Function functions[] = {
    {"Abs", [](long double x) { return std::abs(x); }, -3, 3},
    {"Acos", [](long double x) { return std::acos(x); }, -1, 1},
    {"Acosh", [](long double x) { return std::acosh(x); }, 1, 9},
    {"Asin", [](long double x) { return std::asin(x); }, -1, 1},
    {"Asinh", [](long double x) { return std::asinh(x); }, -9, 9},
    {"Atan", [](long double x) { return std::atan(x); }, -9, 9},
    {"Atanh", [](long double x) { return std::atanh(x); }, -0.99, 0.99},
    {"Ceil", [](long double x) { return std::ceil(x); }, -3, 3},
    {"Cos", [](long double x) { return std::cos(x); }, -9, 9},
    {"Cosh", [](long double x) { return std::cosh(x); }, -9, 9},
    {"Erf", [](long double x) { return std::erf(x); }, -4, 4},
    {"Erfc", [](long double x) { return std::erfc(x); }, -4, 9},
    {"Exp", [](long double x) { return std::exp(x); }, -9, 9},
    {"Expm1", [](long double x) { return std::expm1(x); }, -9, 9},
    {"Floor", [](long double x) { return std::floor(x); }, -3, 3},
    {"Log", [](long double x) { return std::log(x); }, 0, 9},
    {"Neg", [](long double x) { return -x; }, -9, 9},
    {"Reciprocal", [](long double x) { return 1 / x; }, -9, 9},
    {"Round", [](long double x) { return std::nearbyint(x); }, -3, 3},
    {"Sin", [](long double x) { return std::sin(x); }, -9, 9},
    {"Sinh", [](long double x) { return std::sinh(x); }, -9, 9},
    {"Sqrt", [](long double x) { return std::sqrt(x); }, 0, 9},
    {"Tan", [](long double x) { return std::tan(x); }, -9, 9},
};

TEST(Unary, FloatsAreRoundedOnce) {
  for (const Function& function : functions) {
    SCOPED_TRACE(function.name);
    std::vector<float> x;
    for (int i = 0; i <= 1000; ++i)
      x.push_back(static_cast<float>(function.first + (function.last - function.first) * i / 1000));
    const std::vector<float> y = computed(function.name, x);
    int wrong = 0;
    for (std::size_t i = 0; i < x.size(); ++i) wrong += y[i] != static_cast<float>(function.exact(x[i]));
    EXPECT_EQ(wrong, 0);
  }
}

TEST(Unary, HalvesAreRoundedOnce) {
  for (const Function& function : functions) {
    SCOPED_TRACE(function.name);
    const auto x = static_cast<Float16>(static_cast<float>(0.3 * function.first + 0.7 * function.last));
    const double y = static_cast<double>(function.exact(static_cast<float>(x)));
    const double got = static_cast<float>(computed<Float16>(function.name, {x})[0]);
    EXPECT_NEAR(got, y, 0x1p-11 * std::abs(y) + 0x1p-25);
    const BFloat16 b(static_cast<float>(x));
    EXPECT_NEAR(static_cast<float>(computed<BFloat16>(function.name, {b})[0]),
                static_cast<double>(function.exact(static_cast<float>(b))), 0.004 * std::abs(y) + 1e-3);
  }
}

TEST(Unary, NanGoesThroughAll) {
  for (const Function& function : functions)
    EXPECT_TRUE(std::isnan(computed<float>(function.name, {not_a_number})[0])) << function.name;
  EXPECT_TRUE(std::isnan(computed<float>("Sign", {not_a_number})[0]));
}

TEST(Unary, SpecialValues) {
  EXPECT_EQ(computed<float>("Log", {0}), (std::vector<float>{-infinity}));
  EXPECT_TRUE(std::isnan(computed<float>("Sqrt", {-1})[0]));
  EXPECT_EQ(computed<float>("Exp", {-infinity, infinity, 100}), (std::vector<float>{0, infinity, infinity}));
  EXPECT_EQ(computed<float>("Reciprocal", {0.0f, -0.0f}), (std::vector<float>{infinity, -infinity}));
  EXPECT_TRUE(std::signbit(computed<float>("Ceil", {-0.5f})[0]));
  EXPECT_EQ(computed<float>("Abs", {-infinity}), (std::vector<float>{infinity}));
}

TEST(Unary, RoundTakesTheEvenOfTwoHalves) {
  EXPECT_EQ(computed<float>("Round", {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -4.5f, 2.3f, infinity}),
            (std::vector<float>{0, 2, 2, -0.0f, -2, -4, 2, infinity}));
}

TEST(Unary, SignHasThreeValues) {
  EXPECT_EQ(computed<float>("Sign", {-2, -0.0f, 0.5f, infinity}), (std::vector<float>{-1, 0, 1, 1}));
  EXPECT_EQ(computed<std::int8_t>("Sign", {-128, 0, 127}), (std::vector<std::int8_t>{-1, 0, 1}));
  EXPECT_EQ(computed<std::uint64_t>("Sign", {0, ~0ull}), (std::vector<std::uint64_t>{0, 1}));
}

TEST(Unary, IntegersWrapAround) {
  constexpr auto least = std::numeric_limits<std::int32_t>::min();
  EXPECT_EQ(computed<std::int32_t>("Abs", {-5, least}), (std::vector<std::int32_t>{5, least}));
  EXPECT_EQ(computed<std::int8_t>("Neg", {-128, 3}), (std::vector<std::int8_t>{-128, -3}));
  EXPECT_EQ(computed<std::uint8_t>("Abs", {200}), (std::vector<std::uint8_t>{200}));
}

TEST(Unary, NotInvertsTruthAndBits) {
  EXPECT_EQ(elements<bool>(run({"Not", 1}, {Tensor::of<bool>({2}, {true, false})})[0]),
            (std::vector<bool>{false, true}));
  EXPECT_EQ(computed<std::uint8_t>("BitwiseNot", {0x0f}), (std::vector<std::uint8_t>{0xf0}));
  EXPECT_EQ(computed<std::int64_t>("BitwiseNot", {0, 5}), (std::vector<std::int64_t>{-1, -6}));
}

TEST(Unary, IsNanAndIsInfAnswerForEveryElement) {
  const Tensor x = Tensor::of<float>({2, 2}, {not_a_number, infinity, -infinity, 1});
  EXPECT_EQ(run({"IsNaN", 9}, {x})[0].shape(), (Shape{2, 2}));
  EXPECT_EQ(elements<bool>(run({"IsNaN", 9}, {x})[0]), (std::vector<bool>{true, false, false, false}));
  EXPECT_EQ(elements<bool>(run({"IsInf", 10}, {x})[0]), (std::vector<bool>{false, true, true, false}));
  EXPECT_EQ(elements<bool>(run({"IsInf", 10, {{"detect_negative", std::int64_t{0}}}}, {x})[0]),
            (std::vector<bool>{false, true, false, false}));
  EXPECT_EQ(elements<bool>(run({"IsInf", 10, {{"detect_positive", std::int64_t{0}}}}, {x})[0]),
            (std::vector<bool>{false, false, true, false}));
}

TEST(Unary, IsNanAndIsInfKnowFloat8) {
  const std::uint8_t codes[] = {0x7c, 0x7f, 0x80, 0xfc};
  const Tensor e5m2 = Tensor::view(DataType::float8e5m2, static_cast<const void*>(codes), {4});
  EXPECT_EQ(elements<bool>(run({"IsInf", 20}, {e5m2})[0]), (std::vector<bool>{true, false, false, true}));
  EXPECT_EQ(elements<bool>(run({"IsNaN", 20}, {e5m2})[0]), (std::vector<bool>{false, true, false, false}));
  const Tensor fnuz = Tensor::view(DataType::float8e4m3fnuz, static_cast<const void*>(codes), {4});
  EXPECT_EQ(elements<bool>(run({"IsNaN", 20}, {fnuz})[0]), (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(elements<bool>(run({"IsInf", 20}, {fnuz})[0]), (std::vector<bool>{false, false, false, false}));
}

TEST(Unary, KeepsShapesOfScalarsAndEmptyTensors) {
  EXPECT_EQ(run({"Sqrt"}, {Tensor::of<float>({}, {4})})[0].shape(), Shape{});
  EXPECT_EQ(run({"Sqrt"}, {Tensor(DataType::float32, {0, 2})})[0].shape(), (Shape{0, 2}));
}

TEST(Unary, RefusesOtherTypesAndVersions) {
  EXPECT_EQ(error_of([] { computed<std::int32_t>("Sqrt", {4}); }),
            "unsupported: input 0 has type int32, supported are: float, float16, double, bfloat16");
  EXPECT_EQ(error_of([] { computed<std::uint8_t>("Neg", {4}); }).substr(0, 40),
            "unsupported: input 0 has type uint8, sup");
  EXPECT_EQ(find_operator("", "Erf", 8), nullptr);
  EXPECT_NE(find_operator("", "Erfc", 1), nullptr);
  EXPECT_NE(find_operator("", "Expm1", 1), nullptr);
}

}  // namespace
}  // namespace ranvier::operators
