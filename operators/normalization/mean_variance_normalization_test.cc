#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::run;
using Floats = std::vector<float>;

Attributes axes(const std::vector<std::int64_t>& axes) { return {{"axes", axes}}; }

TEST(MeanVarianceNormalization, NormalizesEachChannelByDefault) {
  const Tensor in = Tensor::of<float>({2, 2, 1, 1}, {1, -4, 3, 4});
  for (const std::int64_t version : {9, 13})
    EXPECT_EQ(elements<float>(run({"MeanVarianceNormalization", version}, {in})[0]), (Floats{-1, -1, 1, 1}));
}

TEST(MeanVarianceNormalization, TakesAnyAxes) {
  const Tensor in = Tensor::of<float>({2, 2}, {1, 3, -5, 5});
  EXPECT_EQ(elements<float>(run({"MeanVarianceNormalization", 13, axes({-1})}, {in})[0]), (Floats{-1, 1, -1, 1}));
  EXPECT_EQ(elements<float>(run({"MeanVarianceNormalization", 13, axes({0})}, {in})[0]), (Floats{1, -1, -1, 1}));
  EXPECT_FLOAT_EQ(elements<float>(run({"MeanVarianceNormalization", 13, axes({0, 1})}, {in})[0])[3],
                  4 / std::sqrt(14.0f));
}

TEST(MeanVarianceNormalization, OfEqualElementsIsZero) {
  const Tensor in = Tensor::of<double>({2}, {7, 7});
  EXPECT_EQ(elements<double>(run({"MeanVarianceNormalization", 13, axes({0})}, {in})[0]), (std::vector<double>{0, 0}));
  EXPECT_EQ(elements<float>(run({"MeanVarianceNormalization", 13, axes({})}, {Tensor::of<float>({}, {7})})[0]),
            Floats{0});
}

TEST(MeanVarianceNormalization, TakesHalvesNanAndEmptyTensors) {
  const Tensor halves = Tensor::of<Float16>({2}, {Float16(300), Float16(100)});
  EXPECT_EQ(elements<Float16>(run({"MeanVarianceNormalization", 13, axes({0})}, {halves})[0])[0].bits, 0x3c00);
  const Tensor in = Tensor::of<float>({2, 1}, {NAN, 1});
  const auto y = elements<float>(run({"MeanVarianceNormalization", 13, axes({1})}, {in})[0]);
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], 0);
  EXPECT_EQ(run({"MeanVarianceNormalization", 13, axes({0})}, {Tensor(DataType::float32, {0, 3})})[0].shape(),
            (Shape{0, 3}));
}

TEST(MeanVarianceNormalization, SaysWhichAxesThereAre) {
  EXPECT_EQ(error_of({"MeanVarianceNormalization", 13}, {Tensor(DataType::float32, {2, 2, 2})}),
            "invalid_model: axis 3 is out of range for a tensor of rank 3");
}

}  // namespace
}  // namespace ranvier::operators
