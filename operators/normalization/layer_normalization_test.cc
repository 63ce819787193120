#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::row;
using testing::run;
using Floats = std::vector<float>;

const Attributes exact = {{"epsilon", 0.0f}};
const Tensor rows = Tensor::of<float>({2, 2}, {1, 3, -5, 5});
const Tensor ones = row<float>({1, 1});

TEST(LayerNormalization, NormalizesScalesAndShiftsEachRow) {
  const auto outputs = run({"LayerNormalization", 17, exact, 3}, {rows, row<float>({2, 3}), row<float>({10, 20})});
  EXPECT_EQ(elements<float>(outputs[0]), (Floats{8, 23, 8, 23}));
  EXPECT_EQ(outputs[1].shape(), (Shape{2, 1}));
  EXPECT_EQ(elements<float>(outputs[1]), (Floats{2, 0}));
  EXPECT_EQ(outputs[2].shape(), (Shape{2, 1}));
  EXPECT_EQ(elements<float>(outputs[2]), (Floats{1, 0.2f}));
}

TEST(LayerNormalization, TakesSeveralAxesAndNoBias) {
  const Tensor scale = Tensor::of<float>({2, 2}, {1, 1, 1, 2});
  for (const std::int64_t axis : {0, -2}) {
    const auto outputs = run({"LayerNormalization", 17, {{"axis", axis}, {"epsilon", 0.0f}}, 2}, {rows, scale});
    const float deviation = std::sqrt(14.0f);  // of 1, 3, -5, 5 around their mean 1
    EXPECT_FLOAT_EQ(elements<float>(outputs[0])[1], 2 / deviation);
    EXPECT_FLOAT_EQ(elements<float>(outputs[0])[3], 8 / deviation);
    EXPECT_EQ(outputs[1].shape(), (Shape{1, 1}));
  }
}

TEST(LayerNormalization, HasADefaultEpsilonAndBroadcastsScaleAndBias) {
  const Tensor y = run({"LayerNormalization", 17}, {rows, row<float>({2}), Tensor::of<float>({2, 1}, {0, 100})})[0];
  EXPECT_FLOAT_EQ(elements<float>(y)[1], 2 / std::sqrt(1 + 1e-5f));
  EXPECT_FLOAT_EQ(elements<float>(y)[2], 100 - 2 * 5 / std::sqrt(25 + 1e-5f));
}

TEST(LayerNormalization, SavesStatisticsInTheStashType) {
  const Attributes attributes = {{"epsilon", 0.0f}, {"stash_type", std::int64_t{16}}};
  const Tensor in = Tensor::of<float>({1, 2}, {257, 259});
  const auto outputs = run({"LayerNormalization", 17, attributes, 3}, {in, ones});
  EXPECT_EQ(elements<float>(outputs[0]), (Floats{-1, 1}));
  EXPECT_EQ(static_cast<float>(elements<BFloat16>(outputs[1])[0]), 258);
  EXPECT_EQ(static_cast<float>(elements<BFloat16>(outputs[2])[0]), 1);
  const auto saved = run({"LayerNormalization", 17, {}, 2}, {Tensor(DataType::float64, {1, 2}), row<double>({1, 1})});
  EXPECT_EQ(saved[1].type(), DataType::float32);
}

TEST(LayerNormalization, SumsInDoubleAndRoundsOnce) {
  const Tensor in = Tensor::of<double>({1, 4}, {1e9 + 1, 1e9 - 1, 1e9 + 1, 1e9 - 1});
  EXPECT_EQ(elements<double>(run({"LayerNormalization", 17, exact}, {in, row<double>({1})})[0]),
            (std::vector<double>{1, -1, 1, -1}));
  const auto half = [](float x) { return Float16(x); };
  const Tensor halves = run({"LayerNormalization", 17, exact},
                            {Tensor::of<Float16>({1, 2}, {half(60000), half(-60000)}), row({half(3)})})[0];
  EXPECT_EQ(static_cast<float>(elements<Float16>(halves)[0]), 3);
  const Tensor brains =
      run({"LayerNormalization", 17, exact}, {row({BFloat16(3), BFloat16(1)}), row({BFloat16(1)})})[0];
  EXPECT_EQ(static_cast<float>(elements<BFloat16>(brains)[1]), -1);
}

TEST(LayerNormalization, NanStaysInItsRow) {
  const auto y =
      elements<float>(run({"LayerNormalization", 17, exact}, {Tensor::of<float>({2, 2}, {NAN, 1, 1, 3}), ones})[0]);
  EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1]));
  EXPECT_EQ(y[2], -1);
}

TEST(LayerNormalization, TakesEmptyTensors) {
  EXPECT_EQ(run({"LayerNormalization", 17}, {Tensor(DataType::float32, {0, 2}), ones})[0].shape(), (Shape{0, 2}));
  const auto none = run({"LayerNormalization", 17, {}, 3}, {Tensor(DataType::float32, {2, 0}), row<float>({1})});
  EXPECT_EQ(none[0].shape(), (Shape{2, 0}));
  EXPECT_TRUE(std::isnan(elements<float>(none[1])[1]) && std::isnan(elements<float>(none[2])[1]));
  const Shape huge = {std::int64_t{1} << 62, 0};
  EXPECT_EQ(run({"LayerNormalization", 17}, {Tensor(DataType::float32, huge), row<float>({1})})[0].shape(), huge);
}

TEST(LayerNormalization, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"LayerNormalization", 17}, {rows, Tensor(DataType::float32, {3, 2, 2})}),
            "invalid_argument: input 1 of shape [3, 2, 2] does not broadcast to the input's shape [2, 2]");
  EXPECT_EQ(error_of({"LayerNormalization", 17, {{"axis", std::int64_t{2}}}}, {rows, ones}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"LayerNormalization", 17}, {Tensor::of<float>({}, {1}), Tensor::of<float>({}, {1})}),
            "invalid_model: axis -1 is out of range for a tensor of rank 0");
  EXPECT_EQ(error_of({"LayerNormalization", 17}, {rows, ones, row<double>({1})}),
            "invalid_model: inputs 0 and 2 have types float and double, expected the same");
  EXPECT_EQ(error_of({"LayerNormalization", 17, {{"stash_type", std::int64_t{11}}}}, {rows, ones}),
            "invalid_model: attribute 'stash_type' is 11, expected the number of: float, bfloat16");
}

}  // namespace
}  // namespace ranvier::operators
