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

const Tensor x = Tensor::of<float>({1, 2, 2}, {1, 2, 3, 4});
const Tensor scale = row<float>({1, 10}), bias = row<float>({0, 100}), mean = row<float>({1, 5}),
             variance = row<float>({4, 1});
const std::vector<Tensor> operands = {x, scale, bias, mean, variance};

Attributes exact(std::string_view name = "", std::int64_t value = 0) {
  Attributes attributes = {{"epsilon", 0.0f}};
  if (!name.empty()) attributes.emplace(name, value);
  return attributes;
}

TEST(BatchNormalization, ShiftsAndScalesEachChannelByGivenStatistics) {
  const Floats expected = {0, 0.5f, 80, 90};
  for (const std::int64_t version : {1, 6})
    EXPECT_EQ(elements<float>(run({"BatchNormalization", version, exact("is_test", 1)}, operands)[0]), expected);
  for (const std::int64_t version : {7, 9, 14, 15})
    EXPECT_EQ(elements<float>(run({"BatchNormalization", version, exact()}, operands)[0]), expected);
}

TEST(BatchNormalization, HasADefaultEpsilon) {
  EXPECT_FLOAT_EQ(elements<float>(run({"BatchNormalization", 15}, operands)[0])[3], 100 - 10 / std::sqrt(1 + 1e-5f));
}

TEST(BatchNormalization, TakesOneStatisticForEachPlaceBeforeOpset9) {
  const auto square = [](const Floats& values) { return Tensor::of<float>({2, 2}, values); };
  std::vector<Tensor> each = {x, square({1, 1, 1, 2}), square({0, 0, 0, 7}), square({1, 1, 1, 1}),
                              square({1, 1, 4, 9})};
  EXPECT_EQ(elements<float>(run({"BatchNormalization", 7, exact("spatial", 0)}, each)[0]), (Floats{0, 1, 1, 9}));
  EXPECT_EQ(error_of({"BatchNormalization", 7, exact("spatial", 0)}, operands),
            "invalid_argument: input 1 has shape [2], expected [2, 2]");
  each[0] = row<float>({1, 2});
  for (std::size_t i = 1; i < 5; ++i) each[i] = Tensor::of<float>({}, {1});
  EXPECT_EQ(error_of({"BatchNormalization", 14, exact("spatial", 0)}, each),
            "invalid_model: attribute 'spatial' is 0, which ended with opset 8");
}

TEST(BatchNormalization, TakesTwoAxesOneOrManyAndEmptyTensors) {
  EXPECT_EQ(elements<float>(run({"BatchNormalization", 15, exact()},
                                {Tensor::of<float>({1, 2}, {5, 6}), scale, bias, mean, variance})[0]),
            (Floats{2, 110}));
  const Tensor one = row<float>({1}), two = row<float>({2}), four = row<float>({4});
  EXPECT_EQ(elements<float>(run({"BatchNormalization", 9, exact()}, {row<float>({1, 5}), two, one, one, four})[0]),
            (Floats{1, 5}));
  const Tensor empty(DataType::float32, {0, 2, 3});
  EXPECT_EQ(run({"BatchNormalization", 15}, {empty, scale, bias, mean, variance})[0].shape(), empty.shape());
}

TEST(BatchNormalization, TakesOperandsOfOtherRealTypes) {
  const Tensor halves = Tensor::of<Float16>({1, 1, 2}, {Float16(1), Float16(2)});
  const Tensor y = run({"BatchNormalization", 15, exact()}, {halves, row<BFloat16>({BFloat16(2)}), row<float>({1}),
                                                             row<double>({1.5}), row<float>({0.25f})})[0];
  EXPECT_EQ(y.type(), DataType::float16);
  EXPECT_EQ(static_cast<float>(elements<Float16>(y)[0]), -1);
  EXPECT_EQ(static_cast<float>(elements<Float16>(y)[1]), 3);
}

TEST(BatchNormalization, NormalizesByItsOwnStatisticsInTrainingMode) {
  Attributes attributes = exact("training_mode", 1);
  attributes["momentum"] = 0.5f;
  const Tensor in = Tensor::of<float>({2, 2, 1}, {1, 10, 3, 30});
  const auto outputs = run({"BatchNormalization", 14, attributes, 3}, {in, scale, bias, mean, variance});
  EXPECT_EQ(elements<float>(outputs[0]), (Floats{-1, 90, 1, 110}));
  EXPECT_EQ(elements<float>(outputs[1]), (Floats{1.5f, 12.5f}));  // between 1, 5 and 2, 20
  EXPECT_EQ(elements<float>(outputs[2]), (Floats{2.5f, 50.5f}));  // between 4, 1 and 1, 100
  attributes.erase("momentum");
  EXPECT_FLOAT_EQ(
      elements<float>(run({"BatchNormalization", 15, attributes, 2}, {in, scale, bias, mean, variance})[1])[0],
      1 * 0.9f + 2 * 0.1f);
  const Tensor one = row<float>({1}), zero = row<float>({0});
  EXPECT_EQ(elements<float>(run({"BatchNormalization", 15, exact("training_mode", 1)},
                                {row<float>({1, 3}), one, zero, zero, zero})[0]),
            (Floats{-1, 1}));
}

TEST(BatchNormalization, RunningStatisticsHaveTheirInputsTypes) {
  const auto outputs = run({"BatchNormalization", 15, exact("training_mode", 1), 3},
                           {x, scale, bias, row<double>({0, 0}), row({Float16(0), Float16(0)})});
  EXPECT_NEAR(elements<double>(outputs[1])[1], 0.35, 1e-7);
  EXPECT_NEAR(static_cast<float>(elements<Float16>(outputs[2])[0]), 0.025, 1e-5);
}

TEST(BatchNormalization, RefusesToTrainBeforeOpset14) {
  EXPECT_EQ(error_of({"BatchNormalization", 6}, operands),
            "unsupported: attribute 'is_test' is 0: training is supported since opset 14 only");
  EXPECT_EQ(error_of({"BatchNormalization", 9, {}, 5}, operands),
            "unsupported: output 1 asks for training, which is supported since opset 14 only");
  EXPECT_EQ(error_of({"BatchNormalization", 15, {}, 3}, operands),
            "invalid_model: the node has outputs of training, but attribute 'training_mode' is 0");
}

TEST(BatchNormalization, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"BatchNormalization", 15}, {x, scale, bias, mean, row<float>({1})}),
            "invalid_argument: input 4 has shape [1], expected [2]");
  EXPECT_EQ(error_of({"BatchNormalization", 15}, {x, scale, row<std::int32_t>({1, 1}), mean, variance}),
            "invalid_model: input 2 has type int32, expected one of: float, float16, double, bfloat16");
  EXPECT_EQ(error_of({"BatchNormalization", 15}, {Tensor::of<float>({}, {1}), scale, bias, mean, variance}),
            "invalid_argument: input 0 is a scalar, expected a batch");
  EXPECT_EQ(error_of({"BatchNormalization", 15}, {x, scale, bias, mean}),
            "invalid_model: the node has 4 inputs, expected 5");
}

}  // namespace
}  // namespace ranvier::operators
