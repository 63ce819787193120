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
const Tensor rows = Tensor::of<float>({2, 2}, {3, 3, 2, -14});  // whose root mean squares are 3 and 10

TEST(RMSNormalization, DividesEachRowByItsRootMeanSquare) {
  EXPECT_EQ(elements<float>(run({"RMSNormalization", 23, exact}, {rows, row<float>({1, 2})})[0]),
            (Floats{1, 2, 0.2f, -2.8f}));
  const Attributes everything = {{"axis", std::int64_t{0}}, {"epsilon", 0.0f}};
  const Tensor y = run({"RMSNormalization", 23, everything}, {rows, Tensor::of<float>({}, {1})})[0];
  EXPECT_FLOAT_EQ(elements<float>(y)[3], -14 / std::sqrt(218 / 4.0f));
}

TEST(RMSNormalization, HasADefaultEpsilon) {
  const Tensor zeros(DataType::float32, {1, 2});
  EXPECT_EQ(elements<float>(run({"RMSNormalization", 23}, {zeros, row<float>({1, 1})})[0]), (Floats{0, 0}));
  const Tensor small = Tensor::of<float>({1, 1}, {1e-3f});
  EXPECT_FLOAT_EQ(elements<float>(run({"RMSNormalization", 23}, {small, row<float>({1})})[0])[0],
                  1e-3f / std::sqrt(1e-6f + 1e-5f));
}

TEST(RMSNormalization, HasTheTypeOfTheScale) {
  const Tensor halves = Tensor::of<Float16>({1, 2}, {Float16(300), Float16(-300)});  // whose squares are no halves
  EXPECT_EQ(elements<double>(run({"RMSNormalization", 23, exact}, {halves, row<double>({0.1, 0.1})})[0]),
            (std::vector<double>{0.1, -0.1}));
  const Tensor y = run({"RMSNormalization", 23, exact}, {rows, row({BFloat16(1), BFloat16(1)})})[0];
  EXPECT_EQ(static_cast<float>(elements<BFloat16>(y)[0]), 1);
}

TEST(RMSNormalization, NanStaysInItsRowAndEmptyTensorsPass) {
  const auto y =
      elements<float>(run({"RMSNormalization", 23, exact}, {Tensor::of<float>({2, 1}, {NAN, 5}), row<float>({1})})[0]);
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], 1);
  EXPECT_EQ(run({"RMSNormalization", 23}, {Tensor(DataType::float32, {3, 0}), row<float>({1})})[0].shape(),
            (Shape{3, 0}));
}

TEST(RMSNormalization, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"RMSNormalization", 23}, {rows, row<float>({1, 1, 1})}),
            "invalid_argument: shapes [2, 2] and [3] do not broadcast: 2 against 3");
  EXPECT_EQ(error_of({"RMSNormalization", 23}, {rows, row<std::int32_t>({1})}),
            "invalid_model: input 1 has type int32, expected one of: float, float16, double, bfloat16");
  EXPECT_EQ(error_of({"RMSNormalization", 23, {{"axis", std::int64_t{-3}}}}, {rows, row<float>({1})}),
            "invalid_model: axis -3 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"RMSNormalization", 23, {{"stash_type", std::int64_t{7}}}}, {rows, row<float>({1})}),
            "invalid_model: attribute 'stash_type' is 7, expected the number of: float, float16, double, bfloat16");
}

}  // namespace
}  // namespace ranvier::operators
