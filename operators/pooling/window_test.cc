#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::run;

using Integers = std::vector<std::int64_t>;

Tensor numbers(const Shape& shape) {
  std::vector<float> values(static_cast<std::size_t>(shape.elements()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<float>(i * i));
  return Tensor::of<float>(shape, values);
}

/// 1 to 25, five in each row.
Tensor five_by_five() {
  std::vector<float> values(25);
  for (std::size_t i = 0; i < 25; ++i) values[i] = static_cast<float>(i + 1);
  return Tensor::of<float>({1, 1, 5, 5}, values);
}

std::vector<float> made(const std::string& op, const Attributes& attributes, const Tensor& x) {
  return elements<float>(run({op, 22, attributes}, {x})[0]);
}

TEST(MaxPool, ExamplesOfTheText) {
  EXPECT_EQ(made("MaxPool", {{"kernel_shape", Integers{5, 5}}, {"pads", Integers{2, 2, 2, 2}}}, five_by_five()),
            (std::vector<float>{13, 14, 15, 15, 15, 18, 19, 20, 20, 20, 23, 24, 25,
                                25, 25, 23, 24, 25, 25, 25, 23, 24, 25, 25, 25}));
  EXPECT_EQ(made("MaxPool", {{"kernel_shape", Integers{2, 2}}, {"strides", Integers{2, 2}}}, five_by_five()),
            (std::vector<float>{7, 9, 17, 19}));
  EXPECT_EQ(
      made("MaxPool",
           {{"kernel_shape", Integers{3, 3}}, {"strides", Integers{2, 2}}, {"auto_pad", std::string("SAME_UPPER")}},
           five_by_five()),
      (std::vector<float>{7, 9, 10, 17, 19, 20, 22, 24, 25}));
}

TEST(MaxPool, TellsThePlaces) {
  const auto places = [](std::int64_t order) {
    const Attributes attributes = {
        {"kernel_shape", Integers{2, 2}}, {"strides", Integers{2, 2}}, {"storage_order", order}};
    return elements<std::int64_t>(run({"MaxPool", 12, attributes, 2}, {five_by_five()})[1]);
  };
  EXPECT_EQ(places(0), (Integers{6, 8, 16, 18}));
  EXPECT_EQ(places(1), (Integers{6, 16, 8, 18}));
  EXPECT_EQ(elements<std::int64_t>(run({"MaxPool", 12, {{"kernel_shape", Integers{2}}}, 2},
                                       {Tensor::of<float>({2, 1, 3}, {3, 3, 1, 0, 2, 2})})[1]),
            (Integers{0, 1, 4, 4}))
      << "the first of several, counted over the whole tensor";
}

TEST(MaxPool, OfOtherTypes) {
  const Attributes attributes = {{"kernel_shape", Integers{2}}, {"pads", Integers{1, 0}}};
  EXPECT_EQ(
      elements<std::int8_t>(run({"MaxPool", 12, attributes}, {Tensor::of<std::int8_t>({1, 1, 3}, {-5, -7, -6})})[0]),
      (std::vector<std::int8_t>{-5, -5, -6}));
  EXPECT_EQ(error_of({"MaxPool", 12, attributes}, {testing::counting({1, 1, 3})}).substr(0, 12), "unsupported:");
}

TEST(MaxPool, NanAndInfinity) {
  const float nan = std::nanf(""), infinity = std::numeric_limits<float>::infinity();
  const Tensor x = Tensor::of<float>({1, 1, 5}, {nan, 1, -infinity, -infinity, 3});
  const std::vector<float> y = made("MaxPool", {{"kernel_shape", Integers{2}}}, x);
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], 1);
  EXPECT_EQ(y[2], -infinity);
  EXPECT_EQ(y[3], 3);
}

TEST(AveragePool, PadsCountWhereTheyAreTold) {
  const Tensor x = Tensor::of<float>({1, 1, 3}, {3, 6, 9});
  Attributes attributes = {{"kernel_shape", Integers{3}}, {"pads", Integers{1, 1}}};
  EXPECT_EQ(made("AveragePool", attributes, x), (std::vector<float>{4.5f, 6, 7.5f}));
  attributes["count_include_pad"] = std::int64_t{1};
  EXPECT_EQ(made("AveragePool", attributes, x), (std::vector<float>{3, 6, 5}));
}

TEST(AveragePool, RoundsUpWhereItIsTold) {
  const Tensor x = Tensor::of<float>({1, 1, 4}, {1, 2, 3, 4});
  Attributes attributes = {{"kernel_shape", Integers{3}}, {"strides", Integers{2}}};
  EXPECT_EQ(made("AveragePool", attributes, x), (std::vector<float>{2}));
  attributes["ceil_mode"] = std::int64_t{1};
  EXPECT_EQ(made("AveragePool", attributes, x), (std::vector<float>{2, 3.5f}));
  attributes["count_include_pad"] = std::int64_t{1};
  EXPECT_EQ(made("AveragePool", attributes, x), (std::vector<float>{2, 3.5f}))
      << "what is beyond the pads never counts";
  attributes = {{"kernel_shape", Integers{1}}, {"strides", Integers{2}}, {"ceil_mode", std::int64_t{1}}};
  EXPECT_EQ(made("AveragePool", attributes, x), (std::vector<float>{1, 3})) << "a window has to begin before the end";
}

TEST(Pools, EveryKind) {
  for (const std::string op : {"MaxPool", "AveragePool"}) {
    const auto shape = [&](Attributes attributes, const Shape& x) {
      return run({op, 22, std::move(attributes)}, {numbers(x)})[0].shape();
    };
    EXPECT_EQ(shape({{"kernel_shape", Integers{3}}}, {2, 3, 7}), (Shape{2, 3, 5}));
    EXPECT_EQ(shape({{"kernel_shape", Integers{3, 2}}, {"strides", Integers{2, 3}}, {"pads", Integers{1, 0, 2, 1}}},
                    {2, 3, 7, 8}),
              (Shape{2, 3, 4, 3}));
    EXPECT_EQ(shape({{"kernel_shape", Integers{2, 2, 3}}, {"dilations", Integers{1, 3, 2}}}, {1, 2, 4, 6, 8}),
              (Shape{1, 2, 3, 3, 4}));
    EXPECT_EQ(
        shape({{"kernel_shape", Integers{3, 3}}, {"auto_pad", std::string("SAME_LOWER")}, {"strides", Integers{2, 2}}},
              {1, 2, 8, 5}),
        (Shape{1, 2, 4, 3}));
    EXPECT_EQ(shape({{"kernel_shape", Integers{3}}}, {0, 3, 7}), (Shape{0, 3, 5}));
    EXPECT_EQ(shape({{"kernel_shape", Integers{3, 3}}}, {16, 16, 20, 20}), (Shape{16, 16, 18, 18})) << "shared out";
  }
}

TEST(Pools, WindowsMuchLargerThanWhatThereIs) {
  constexpr std::int64_t huge = 1'000'000'000;
  for (const std::string op : {"MaxPool", "AveragePool"}) {
    const Attributes attributes = {{"kernel_shape", Integers{huge, huge}},
                                   {"pads", Integers{huge / 2, huge / 2, huge / 2, huge / 2}}};
    const Tensor x = Tensor::of<float>({1, 1, 2, 2}, {4, 4, 4, 4});
    EXPECT_EQ(made(op, attributes, x), std::vector<float>(9, 4));
  }
}

TEST(Pools, WhatDoesNotFit) {
  const auto error = [](const Attributes& attributes, const Shape& x) {
    return error_of({"MaxPool", 22, attributes}, {numbers(x)});
  };
  EXPECT_EQ(error({}, {1, 1, 4}), "invalid_model: attribute 'kernel_shape' is missing");
  EXPECT_EQ(error({{"kernel_shape", Integers{2}}}, {1, 4}),
            "invalid_argument: input 0 has shape [1, 4], expected a batch, channels and what windows slide over");
  EXPECT_EQ(error({{"kernel_shape", Integers{2}}}, {1, 1, 4, 4}),
            "invalid_model: attribute 'kernel_shape' has 1 elements, expected 2");
  EXPECT_EQ(error({{"kernel_shape", Integers{5}}}, {1, 1, 4}),
            "invalid_argument: dimension 2 of size 4, padded by 0 and 0, is smaller than a window, which reaches over "
            "5");
}

}  // namespace
}  // namespace ranvier::operators
