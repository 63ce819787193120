#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;
using Floats = std::vector<float>;
using Ints = std::vector<std::int64_t>;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

Tensor six() { return Tensor::of<float>({2, 3}, {1, -2, 3, 4, 5, 6}); }
Tensor axes(const Ints& values) { return Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values); }

/// One member on one row of numbers.
template <class T>
T reduced(const std::string& member, const std::vector<T>& row) {
  const Tensor in = Tensor::of<T>({static_cast<std::int64_t>(row.size())}, row);
  return run({"Reduce" + member}, {in})[0].template values<T>()[0];
}

struct Expectation {
  std::string member;
  double of_row;    ///< 1, -2, 3
  double of_empty;  ///< no elements
  float identity;   ///< -2 with no axes folded
};

const std::vector<Expectation> expectations = {
    {"L1", 6, 0, 2},
    {"L2", std::sqrt(14.0), 0, 2},
    {"LogSum", std::log(2.0), -infinity, nan},
    {"LogSumExp", std::log(std::exp(1.0) + std::exp(-2.0) + std::exp(3.0)), -infinity, -2},
    {"Max", 3, -infinity, -2},
    {"Mean", 2.0 / 3, nan, -2},
    {"Min", -2, infinity, -2},
    {"Prod", -6, 1, -2},
    {"Sum", 2, 0, -2},
    {"SumSquare", 14, 0, 4},
};

void expect_same(float got, float expected, const std::string& what) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(got)) << what << ": " << got;
  } else {
    EXPECT_FLOAT_EQ(got, expected) << what;
  }
}

TEST(Reduce, EveryMember) {
  for (const Expectation& each : expectations) {
    expect_same(reduced<float>(each.member, {1, -2, 3}), each.of_row, each.member);
    expect_same(reduced<float>(each.member, {}), each.of_empty, each.member + " of nothing");
    const Tensor kept = run({"Reduce" + each.member, 18, {{"noop_with_empty_axes", std::int64_t{1}}}}, {six()})[0];
    EXPECT_EQ(kept.shape(), (Shape{2, 3}));
    expect_same(kept.values<float>()[1], each.identity, each.member + " without axes");
    expect_same(reduced<float>(each.member, {1, nan, 3}), nan, each.member + " with NaN");
    expect_same(reduced<float>(each.member, Floats(20, nan)), nan, each.member + " of NaN");
  }
}

TEST(Reduce, EveryMemberOfEveryVersionFoldsTheSameAxes) {
  for (const Expectation& each : expectations) {
    const std::int64_t since = each.member == "Sum" ? 13 : 18;
    const Tensor by_input = run({"Reduce" + each.member, since}, {six(), axes({-1})})[0];
    const Tensor by_attribute = run({"Reduce" + each.member, since - 1, {{"axes", Ints{1}}}}, {six()})[0];
    EXPECT_EQ(by_input.shape(), (Shape{2, 1}));
    EXPECT_EQ(elements<float>(by_input), elements<float>(by_attribute)) << each.member;
    expect_same(by_input.values<float>()[0], each.of_row, each.member);
    EXPECT_EQ(error_of([&] {
                run({"Reduce" + each.member, since - 1}, {six(), axes({1})});
              }),
              "invalid_model: the node has 2 inputs, expected 1");
  }
}

TEST(Reduce, AxesAndKeepdims) {
  const testing::Attributes drop = {{"keepdims", std::int64_t{0}}};
  EXPECT_EQ(elements<float>(run({"ReduceSum", 13, drop}, {six(), axes({0})})[0]), (Floats{5, 3, 9}));
  EXPECT_EQ(run({"ReduceSum", 13, drop}, {six(), axes({0})})[0].shape(), (Shape{3}));
  EXPECT_EQ(run({"ReduceSum", 13, drop}, {six()})[0].shape(), Shape());
  EXPECT_EQ(run({"ReduceSum"}, {six()})[0].shape(), (Shape{1, 1}));
  EXPECT_EQ(run({"ReduceSum"}, {six(), axes({})})[0].shape(), (Shape{1, 1}));
  EXPECT_EQ(run({"ReduceSum", 11, {{"axes", Ints{}}}}, {six()})[0].shape(), (Shape{1, 1}));
  EXPECT_EQ(elements<float>(run({"ReduceSum", 13, drop}, {six(), axes({1, -2})})[0]), Floats{17});
  EXPECT_EQ(elements<float>(run({"ReduceSum"}, {Tensor::of<float>({}, {7.0f})})[0]), Floats{7});
}

TEST(Reduce, EmptySetsBesideAxesThatStay) {
  const Tensor empty(DataType::float32, {2, 0, 4});
  EXPECT_EQ(run({"ReduceMax"}, {empty, axes({1})})[0].shape(), (Shape{2, 1, 4}));
  EXPECT_EQ(elements<float>(run({"ReduceMax"}, {empty, axes({1})})[0]), Floats(8, -infinity));
  EXPECT_EQ(run({"ReduceMax"}, {empty, axes({2})})[0].shape(), (Shape{2, 0, 1}));
}

TEST(Reduce, IntegersWrapAroundAndDivideTowardsZero) {
  const std::int32_t most = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(reduced<std::int32_t>("Sum", {most, 1}), -most - 1);
  EXPECT_EQ(reduced<std::int32_t>("Mean", {most, most}), most);
  EXPECT_EQ(reduced<std::int64_t>("Mean", {-3, -4}), -3);
  EXPECT_EQ(reduced<std::int64_t>("Mean", {}), 0);
  EXPECT_EQ(reduced<std::int32_t>("L1", {-most - 1, 1}), -most);
  EXPECT_EQ(reduced<std::int32_t>("Prod", {-3, 5}), -15);
  EXPECT_EQ(reduced<std::uint64_t>("Prod", {1ull << 63, 3}), 1ull << 63);
  EXPECT_EQ(reduced<std::int64_t>("L2", {-3, 4}), 5);
  EXPECT_EQ(reduced<std::int32_t>("LogSum", {}), std::numeric_limits<std::int32_t>::min());
}

TEST(Reduce, ExtremesOfEveryType) {
  EXPECT_EQ(reduced<std::int8_t>("Max", {}), -128);
  EXPECT_EQ(reduced<std::uint8_t>("Min", {}), 255);
  EXPECT_EQ(reduced<std::uint32_t>("Max", {}), 0u);
  const Tensor flags = Tensor::of<bool>({2, 2}, {true, false, true, true});
  EXPECT_EQ(elements<bool>(run({"ReduceMin", 20}, {flags, axes({1})})[0]), (std::vector<bool>{false, true}));
  EXPECT_EQ(elements<bool>(run({"ReduceMax", 20}, {flags, axes({1})})[0]), (std::vector<bool>{true, true}));
  EXPECT_EQ(static_cast<float>(reduced<Float16>("Min", {})), infinity);
  EXPECT_EQ(reduced<float>("Max", {-infinity, -infinity}), -infinity);
}

TEST(Reduce, SumsAreAccumulatedInDouble) {
  Floats values(1001, 1.0f);
  values[0] = 0x1p25f;
  EXPECT_EQ(reduced<float>("Sum", values), 0x1p25f + 1000);
  EXPECT_EQ(reduced<float>("L2", {3e30f, 4e30f}), 5e30f);
  EXPECT_EQ(reduced<float>("Sum", {3e38f, 3e38f, -3e38f}), 3e38f);
  std::vector<Float16> halves(5000, Float16(1.0f));
  EXPECT_EQ(static_cast<float>(reduced<Float16>("Sum", halves)), 5000.0f);
}

TEST(Reduce, LogSumExpOverflowsNowhere) {
  EXPECT_FLOAT_EQ(reduced<float>("LogSumExp", {1000, 1000}), 1000 + std::log(2.0f));
  EXPECT_FLOAT_EQ(reduced<float>("LogSumExp", {-1000, -2000}), -1000);
  EXPECT_EQ(reduced<float>("LogSumExp", {-infinity, -infinity}), -infinity);
  EXPECT_EQ(reduced<float>("LogSumExp", {infinity, 1, -infinity, infinity}), infinity);
  EXPECT_FLOAT_EQ(reduced<float>("LogSumExp", {-infinity, 2}), 2);
}

TEST(Reduce, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of([] {
              run({"ReduceSum"}, {six(), axes({2})});
            }),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of([] {
              run({"ReduceSum", 11, {{"axes", Ints{-3}}}}, {six()});
            }),
            "invalid_model: axis -3 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of([] {
              run({"ReduceSum"}, {six(), Tensor::of<float>({1}, {1.0f})});
            }),
            "invalid_model: input 1 has type float, expected integers");
  EXPECT_EQ(error_of([] { run({"ReduceSum"}, {Tensor::of<bool>({1}, {true})}); }),
            "unsupported: input 0 has type bool, supported are: float, int32, int64, float16, double, uint32, uint64, "
            "bfloat16");
}

}  // namespace
}  // namespace ranvier::operators
