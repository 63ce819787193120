#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::run;

using Integers = std::vector<std::int64_t>;

Tensor numbers(const Shape& shape, int seed = 0) {
  std::vector<float> values(static_cast<std::size_t>(shape.elements()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>((static_cast<int>(i) * 7 + seed) % 23 - 11) / 8;
  return Tensor::of<float>(shape, values);
}

std::vector<float> made(const Attributes& attributes, const std::vector<Tensor>& inputs) {
  return elements<float>(run({"ConvTranspose", 22, attributes}, inputs)[0]);
}

const Tensor row = Tensor::of<float>({1, 1, 3}, {1, 2, 3});
const Tensor weights = Tensor::of<float>({1, 1, 3}, {1, 10, 100});

TEST(ConvTranspose, SpreadsEachElement) {
  EXPECT_EQ(made({}, {row, weights}), (std::vector<float>{1, 12, 123, 230, 300}));
  EXPECT_EQ(made({{"strides", Integers{2}}}, {row, weights}), (std::vector<float>{1, 10, 102, 20, 203, 30, 300}));
  EXPECT_EQ(made({{"dilations", Integers{2}}}, {row, weights}), (std::vector<float>{1, 2, 13, 20, 130, 200, 300}));
  EXPECT_EQ(made({{"pads", Integers{1, 2}}}, {row, weights}), (std::vector<float>{12, 123}));
  EXPECT_EQ(made({{"strides", Integers{2}}, {"output_padding", Integers{1}}}, {row, weights}),
            (std::vector<float>{1, 10, 102, 20, 203, 30, 300, 0}));
  EXPECT_EQ(made({}, {row, weights, Tensor::of<float>({1}, {0.5f})}),
            (std::vector<float>{1.5f, 12.5f, 123.5f, 230.5f, 300.5f}));
}

TEST(ConvTranspose, PadsToAShape) {
  const auto padded = [](const std::string& how, const Integers& shape) {
    Attributes attributes = {{"auto_pad", how}, {"strides", Integers{2}}};
    if (!shape.empty()) attributes["output_shape"] = shape;
    return made(attributes, {row, weights});
  };
  EXPECT_EQ(padded("SAME_UPPER", {}), (std::vector<float>{1, 10, 102, 20, 203, 30}));
  EXPECT_EQ(padded("SAME_LOWER", {}), (std::vector<float>{10, 102, 20, 203, 30, 300}));
  EXPECT_EQ(padded("NOTSET", {6}), (std::vector<float>{10, 102, 20, 203, 30, 300}));
  EXPECT_EQ(padded("SAME_UPPER", {4}), (std::vector<float>{10, 102, 20, 203}));
  EXPECT_EQ(padded("NOTSET", {9}), (std::vector<float>{1, 10, 102, 20, 203, 30, 300, 0, 0})) << "nothing to take away";
  EXPECT_EQ(made({{"auto_pad", std::string("SAME_UPPER")}, {"strides", Integers{4}}}, {row, weights}),
            (std::vector<float>{1, 10, 100, 0, 2, 20, 200, 0, 3, 30, 300, 0}))
      << "strides beyond the window";
}

TEST(ConvTranspose, EveryKind) {
  const auto shape = [](const Attributes& attributes, const Shape& x, const Shape& w, std::int64_t bias = 0) {
    std::vector<Tensor> inputs = {numbers(x, 1), numbers(w, 2)};
    if (bias > 0) inputs.push_back(numbers({bias}, 3));
    return run({"ConvTranspose", 11, attributes}, inputs, 1e-4)[0].shape();
  };
  EXPECT_EQ(shape({}, {2, 3, 7}, {3, 4, 3}, 4), (Shape{2, 4, 9}));
  EXPECT_EQ(shape({{"strides", Integers{2, 1}}, {"pads", Integers{1, 0, 0, 2}}}, {2, 3, 4, 5}, {3, 2, 3, 3}),
            (Shape{2, 2, 8, 5}));
  EXPECT_EQ(shape({{"group", std::int64_t{3}}, {"dilations", Integers{1, 2}}}, {2, 6, 4, 5}, {6, 2, 2, 3}, 6),
            (Shape{2, 6, 5, 9}));
  EXPECT_EQ(shape({}, {1, 2, 3, 4, 5}, {2, 2, 2, 1, 3}), (Shape{1, 2, 4, 4, 7}));
  EXPECT_EQ(shape({}, {0, 3, 7}, {3, 4, 3}), (Shape{0, 4, 9}));
  EXPECT_EQ(shape({}, {4, 16, 12, 12}, {16, 16, 3, 3}, 16), (Shape{4, 16, 14, 14})) << "shared out";
}

TEST(ConvTranspose, OfOtherTypes) {
  const Tensor x = Tensor::of<double>({1, 1, 2}, {0.1, 0.2});
  EXPECT_DOUBLE_EQ(elements<double>(run({"ConvTranspose", 22}, {x, x})[0])[1], 0.1 * 0.2 + 0.2 * 0.1);
}

TEST(ConvTranspose, WhatDoesNotFit) {
  const auto error = [](const Attributes& attributes, const Shape& x, const Shape& w, std::int64_t bias = 0) {
    std::vector<Tensor> inputs = {numbers(x), numbers(w)};
    if (bias > 0) inputs.push_back(numbers({bias}));
    return error_of({"ConvTranspose", 22, attributes}, inputs);
  };
  EXPECT_EQ(error({}, {1, 3, 5}, {2, 4, 3}),
            "invalid_argument: shapes [1, 3, 5] and [2, 4, 3] do not fit: 3 channels meet weights for 2");
  EXPECT_EQ(error({{"group", std::int64_t{2}}}, {1, 3, 5}, {3, 4, 3}),
            "invalid_model: attribute 'group' is 2, expected a divisor of the 3 channels");
  EXPECT_EQ(error({}, {1, 3, 5}, {3, 4, 3}, 3), "invalid_argument: input 2 has shape [3], expected [4]");
  EXPECT_EQ(error({{"kernel_shape", Integers{2}}}, {1, 3, 5}, {3, 4, 3}),
            "invalid_model: attribute 'kernel_shape' is [2], but the weights have [3]");
  EXPECT_EQ(error({{"pads", Integers{4, 4}}}, {1, 3, 5}, {3, 4, 3}),
            "invalid_argument: dimension 2 of the output would be 7, less 4 and 4 for pads");
  EXPECT_EQ(error({{"auto_pad", std::string("FULL")}}, {1, 3, 5}, {3, 4, 3}),
            "invalid_model: attribute 'auto_pad' is 'FULL', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER");
  EXPECT_EQ(error({}, {1, 3}, {3, 4}).substr(0, 61), "invalid_argument: inputs 0 and 1 have shapes [1, 3] and [3, 4");
}

}  // namespace
}  // namespace ranvier::operators
