#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::Call;
using testing::elements;
using testing::error_of;
using testing::run;

template <class T>
Tensor row(const std::vector<T>& values) {
  return Tensor::of<T>({static_cast<std::int64_t>(values.size())}, values);
}

template <class T>
std::vector<T> computed(const Call& call, const std::vector<T>& a, const std::vector<T>& b) {
  return elements<T>(run(call, {row(a), row(b)})[0]);
}

std::vector<bool> truth(const Call& call, const Tensor& a, const Tensor& b) {
  return elements<bool>(run(call, {a, b})[0]);
}

Tensor counting(const Shape& shape) {
  std::vector<float> values(static_cast<std::size_t>(shape.elements()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  return Tensor::of<float>(shape, values);
}

const Call add{"Add", 14};

TEST(Binary, ComputesWithFloats) {
  const std::vector<float> a = {6, -7.5f, 1}, b = {4, 2.5f, 0};
  EXPECT_EQ(computed<float>(add, a, b), (std::vector<float>{10, -5, 1}));
  EXPECT_EQ(computed<float>({"Sub", 14}, a, b), (std::vector<float>{2, -10, 1}));
  EXPECT_EQ(computed<float>({"Mul", 14}, a, b), (std::vector<float>{24, -18.75f, 0}));
  EXPECT_EQ(computed<float>({"Div", 14}, a, b), (std::vector<float>{1.5f, -3, INFINITY}));
}

TEST(Binary, ComputesHalvesInFloat) {
  const auto half = [](float x) { return Float16(x); };
  const auto sum = run(add, {row<Float16>({half(2048), half(0.1f)}), row<Float16>({half(1), half(0.2f)})})[0];
  EXPECT_EQ(static_cast<float>(elements<Float16>(sum)[0]), 2048);  // 2049 is half-way to 2050
  EXPECT_EQ(elements<Float16>(sum)[1].bits, 0x34cc);
  EXPECT_EQ(static_cast<float>(elements<BFloat16>(
                run({"Mul", 14}, {row<BFloat16>({BFloat16(3.0f)}), row<BFloat16>({BFloat16(0.5f)})})[0])[0]),
            1.5f);
}

/// Element by element, from indices: what the rules of numpy say.
void expect_broadcast_sum(const Shape& a_shape, const Shape& b_shape, const Shape& expected_shape) {
  SCOPED_TRACE(to_string(a_shape) + " + " + to_string(b_shape));
  const Tensor a = counting(a_shape), b = counting(b_shape);
  const Tensor sum = run(add, {a, b})[0];
  ASSERT_EQ(sum.shape(), expected_shape);
  const Shape strides = row_major_strides(expected_shape);
  const auto element = [&](const Tensor& tensor, std::int64_t position) {
    const Shape& shape = tensor.shape();
    const Shape own = row_major_strides(shape);
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < shape.rank(); ++i) {
      const std::size_t axis = i + expected_shape.rank() - shape.rank();
      const std::int64_t index = position / strides[axis] % expected_shape[axis];
      offset += (shape[i] == 1 ? 0 : index) * own[i];
    }
    return tensor.values<float>()[static_cast<std::size_t>(offset)];
  };
  for (std::int64_t i = 0; i < sum.elements(); ++i)
    ASSERT_EQ(sum.values<float>()[static_cast<std::size_t>(i)], element(a, i) + element(b, i)) << i;
}

TEST(Binary, BroadcastsLikeNumpy) {
  expect_broadcast_sum({}, {}, {});
  expect_broadcast_sum({3}, {}, {3});
  expect_broadcast_sum({}, {2, 3}, {2, 3});
  expect_broadcast_sum({2, 3}, {2, 3}, {2, 3});
  expect_broadcast_sum({2, 3}, {3}, {2, 3});
  expect_broadcast_sum({3}, {2, 3}, {2, 3});
  expect_broadcast_sum({2, 1}, {3}, {2, 3});
  expect_broadcast_sum({1, 3}, {2, 1}, {2, 3});
  expect_broadcast_sum({2, 3, 4}, {3, 1}, {2, 3, 4});
  expect_broadcast_sum({2, 3, 4, 1}, {3, 1, 5}, {2, 3, 4, 5});
  expect_broadcast_sum({2, 1, 4, 1}, {1, 3, 1, 1}, {2, 3, 4, 1});
  expect_broadcast_sum({1, 1}, {1}, {1, 1});
  expect_broadcast_sum({0, 3}, {3}, {0, 3});
  expect_broadcast_sum({2, 1}, {2, 0}, {2, 0});
}

TEST(Binary, SaysWhatDoesNotFit) {
  EXPECT_NE(error_of([] { run(add, {counting({2, 3}), counting({2})}); }), "");
  EXPECT_EQ(error_of([] {
              run(add, {row<float>({1}), row<double>({1})});
            }),
            "invalid_model: inputs 0 and 1 have types float and double, expected the same");
  EXPECT_EQ(error_of([] { run(add, {row<float>({1})}); }), "invalid_model: the node has 1 inputs, expected 2");
}

TEST(Binary, IntegersWrapAround) {
  EXPECT_EQ(computed<std::int8_t>(add, {127}, {1}), (std::vector<std::int8_t>{-128}));
  EXPECT_EQ(computed<std::uint8_t>({"Sub", 14}, {1}, {2}), (std::vector<std::uint8_t>{255}));
  EXPECT_EQ(computed<std::uint16_t>({"Mul", 14}, {65535}, {65535}), (std::vector<std::uint16_t>{1}));
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(computed<std::int64_t>({"Mul", 7}, {most, -3}, {2, 5}), (std::vector<std::int64_t>{-2, -15}));
}

TEST(Binary, IntegersAreDividedTowardZero) {
  constexpr auto least = std::numeric_limits<std::int32_t>::min();
  EXPECT_EQ(computed<std::int32_t>({"Div", 14}, {7, -7, 7, least}, {2, 2, -2, -1}),
            (std::vector<std::int32_t>{3, -3, -3, least}));
  EXPECT_EQ(computed<std::uint8_t>({"Div", 14}, {255}, {2}), (std::vector<std::uint8_t>{127}));
  EXPECT_EQ(error_of([] {
              computed<std::int64_t>({"Div", 14}, {1}, {0});
            }),
            "invalid_argument: division of an integer by zero");
}

TEST(Mod, HasTheSignOfTheDivisor) {
  constexpr auto least = std::numeric_limits<std::int8_t>::min();
  EXPECT_EQ(computed<std::int8_t>({"Mod", 10}, {-4, 7, 5, 4, -7, least}, {2, -3, 8, -2, 3, -1}),
            (std::vector<std::int8_t>{0, -2, 5, 0, 2, 0}));
  EXPECT_EQ(computed<std::uint64_t>({"Mod", 13}, {7}, {3}), (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(error_of([] {
              computed<std::int64_t>({"Mod", 13}, {1}, {0});
            }),
            "invalid_argument: division of an integer by zero");
}

TEST(Mod, HasTheSignOfTheDividendWithFmod) {
  const Call fmod{"Mod", 13, {{"fmod", std::int64_t{1}}}};
  EXPECT_EQ(computed<std::int64_t>(fmod, {-4, 7, -7}, {3, -3, 3}), (std::vector<std::int64_t>{-1, 1, -1}));
  EXPECT_EQ(computed<float>(fmod, {-4.5f, 5, 2}, {2, -3, INFINITY}), (std::vector<float>{-0.5f, 2, 2}));
  EXPECT_TRUE(std::isnan(computed<float>(fmod, {1}, {0})[0]));
  EXPECT_EQ(error_of([] {
              computed<float>({"Mod", 13}, {1}, {1});
            }),
            "invalid_model: attribute 'fmod' is 0, expected 1 for type float");
}

TEST(Comparison, AnswersInBool) {
  const Tensor a = row<float>({1, 2, 3, NAN}), b = row<float>({2, 2, 2, NAN});
  EXPECT_EQ(truth({"Equal", 19}, a, b), (std::vector<bool>{false, true, false, false}));
  EXPECT_EQ(truth({"Less", 13}, a, b), (std::vector<bool>{true, false, false, false}));
  EXPECT_EQ(truth({"LessOrEqual", 16}, a, b), (std::vector<bool>{true, true, false, false}));
  EXPECT_EQ(truth({"Greater", 13}, a, b), (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(truth({"GreaterOrEqual", 16}, a, b), (std::vector<bool>{false, true, true, false}));
}

TEST(Comparison, KnowsSigns) {
  EXPECT_EQ(truth({"Less", 13}, row<std::int8_t>({-1}), row<std::int8_t>({1})), (std::vector<bool>{true}));
  EXPECT_EQ(truth({"Less", 13}, row<std::uint8_t>({255}), row<std::uint8_t>({1})), (std::vector<bool>{false}));
  EXPECT_EQ(truth({"Equal", 13}, row<float>({0.0f}), row<float>({-0.0f})), (std::vector<bool>{true}));
  EXPECT_EQ(truth({"Equal", 13}, row<std::int64_t>({-1, 5}), Tensor::of<std::int64_t>({}, {5})),
            (std::vector<bool>{false, true}));
}

TEST(Comparison, EqualTakesStringsAndBools) {
  const Tensor words = row<std::string>({"dense", "relu"});
  EXPECT_EQ(truth({"Equal", 19}, words, row<std::string>({"relu"})), (std::vector<bool>{false, true}));
  EXPECT_EQ(truth({"Equal", 7}, Tensor::of<bool>({2}, {true, false}), Tensor::of<bool>({2}, {true, true})),
            (std::vector<bool>{true, false}));
}

TEST(Logic, HasItsFourCases) {
  const Tensor a = Tensor::of<bool>({4}, {true, true, false, false});
  const Tensor b = Tensor::of<bool>({4}, {true, false, true, false});
  EXPECT_EQ(truth({"And", 7}, a, b), (std::vector<bool>{true, false, false, false}));
  EXPECT_EQ(truth({"Or", 7}, a, b), (std::vector<bool>{true, true, true, false}));
  EXPECT_EQ(truth({"Xor", 7}, a, b), (std::vector<bool>{false, true, true, false}));
  EXPECT_EQ(error_of([] {
              run({"And", 7}, {row<float>({1}), row<float>({1})});
            }),
            "unsupported: input 0 has type float, supported are: bool");
}

TEST(Bits, AreCombined) {
  EXPECT_EQ(computed<std::int16_t>({"BitwiseAnd", 18}, {-1, 12}, {10, 10}), (std::vector<std::int16_t>{10, 8}));
  EXPECT_EQ(computed<std::uint8_t>({"BitwiseOr", 18}, {12}, {3}), (std::vector<std::uint8_t>{15}));
  EXPECT_EQ(computed<std::int64_t>({"BitwiseXor", 18}, {-1}, {1}), (std::vector<std::int64_t>{-2}));
}

TEST(Bits, AreShifted) {
  const Attributes left = {{"direction", std::string("LEFT")}}, right = {{"direction", std::string("RIGHT")}};
  EXPECT_EQ(computed<std::uint8_t>({"BitShift", 11, left}, {1, 255, 255, 1}, {2, 1, 8, 200}),
            (std::vector<std::uint8_t>{4, 254, 0, 0}));
  EXPECT_EQ(computed<std::uint64_t>({"BitShift", 11, right}, {16, ~0ull, 1}, {1, 63, 64}),
            (std::vector<std::uint64_t>{8, 1, 0}));
  EXPECT_EQ(computed<std::uint16_t>({"BitShift", 11, left}, {65535}, {15}), (std::vector<std::uint16_t>{0x8000}));
  EXPECT_EQ(error_of([] {
              computed<std::uint8_t>({"BitShift", 11, {{"direction", std::string("UP")}}}, {1}, {1});
            }),
            "invalid_model: attribute 'direction' is \"UP\", expected \"LEFT\" or \"RIGHT\"");
  EXPECT_EQ(error_of([] {
              computed<std::uint8_t>({"BitShift", 11}, {1}, {1});
            }),
            "invalid_model: attribute 'direction' is missing");
}

Call limited_add(Attributes attributes) { return {"Add", 6, std::move(attributes)}; }
const Attributes broadcast_on = {{"broadcast", std::int64_t{1}}};

TEST(LimitedBroadcasting, RepeatsThePartThatAxisNames) {
  const Tensor a = counting({2, 3, 2});
  const Tensor by_channel = Tensor::of<float>({3}, {0, 10, 20});
  const std::vector<float> expected = {0, 1, 12, 13, 24, 25, 6, 7, 18, 19, 30, 31};
  Attributes attributes = broadcast_on;
  attributes["axis"] = std::int64_t{1};
  EXPECT_EQ(elements<float>(run(limited_add(attributes), {a, by_channel})[0]), expected);
  attributes["axis"] = std::int64_t{-2};
  EXPECT_EQ(elements<float>(run(limited_add(attributes), {a, by_channel})[0]), expected);
}

TEST(LimitedBroadcasting, TakesTheLastAxesOrOneElement) {
  const Tensor a = counting({2, 2});
  EXPECT_EQ(elements<float>(run(limited_add(broadcast_on), {a, row<float>({10, 20})})[0]),
            (std::vector<float>{10, 21, 12, 23}));
  EXPECT_EQ(elements<float>(run(limited_add(broadcast_on), {a, Tensor::of<float>({1, 1}, {5})})[0]),
            (std::vector<float>{5, 6, 7, 8}));
  EXPECT_EQ(elements<float>(run(limited_add({}), {a, a})[0]), (std::vector<float>{0, 2, 4, 6}));
}

TEST(LimitedBroadcasting, RefusesWhatNumpyWouldRepeat) {
  EXPECT_EQ(error_of([] {
              run(limited_add({}), {counting({2, 3}), counting({3})});
            }),
            "invalid_argument: inputs 0 and 1 have shapes [2, 3] and [3], expected the same without 'broadcast'");
  EXPECT_EQ(error_of([] {
              run(limited_add(broadcast_on), {counting({2, 3}), counting({2})});
            }),
            "invalid_argument: input 1 of shape [2] is no part of input 0's shape [2, 3] from axis 1 on");
  EXPECT_EQ(error_of([] {
              run(limited_add(broadcast_on), {counting({3}), counting({2, 3})});
            }),
            "invalid_argument: input 1 of shape [2, 3] is no part of input 0's shape [3] from axis 0 on");
  EXPECT_NE(error_of([] {
              run(limited_add({{"broadcast", std::int64_t{1}}, {"axis", std::int64_t{9}}}),
                  {counting({2, 3}), counting({3})});
            }),
            "");
}

TEST(LimitedBroadcasting, HoldsForAllOperatorsOfThatAge) {
  Attributes attributes = broadcast_on;
  attributes["axis"] = std::int64_t{0};
  const Tensor a = counting({2, 2}), b = row<float>({1, 2});
  for (const char* op : {"Add", "Sub", "Mul", "Div", "Pow", "Greater", "Less", "Equal"})
    EXPECT_EQ(run({op, 1, attributes}, {a, b})[0].shape(), (Shape{2, 2})) << op;
  const Tensor all = Tensor::of<bool>({2, 2}, {true, true, true, true}), first = Tensor::of<bool>({2}, {true, false});
  EXPECT_EQ(truth({"And", 1, attributes}, all, first), (std::vector<bool>{true, true, false, false}));
  EXPECT_EQ(truth({"Or", 1, attributes}, all, first), (std::vector<bool>{true, true, true, true}));
  EXPECT_EQ(truth({"Xor", 1, attributes}, all, first), (std::vector<bool>{false, false, true, true}));
}

}  // namespace
}  // namespace ranvier::operators
