#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::counting;
using testing::elements;
using testing::error_of;
using testing::row;
using testing::run;
using Floats = std::vector<float>;

Attributes groups(std::int64_t count) { return {{"num_groups", count}, {"epsilon", 0.0f}}; }

/// Four channels of two places, whose pairs of channels lie around 0 and 10.
const Tensor channels = Tensor::of<float>({1, 4, 2}, {-1, 1, 1, -1, 8, 12, 12, 8});
const Tensor ones = row<float>({1, 1, 1, 1}), zeros = row<float>({0, 0, 0, 0});

TEST(GroupNormalization, NormalizesEachGroupOfChannels) {
  EXPECT_EQ(elements<float>(run({"GroupNormalization", 21, groups(2)}, {channels, ones, zeros})[0]),
            (Floats{-1, 1, 1, -1, -1, 1, 1, -1}));
  EXPECT_FLOAT_EQ(elements<float>(run({"GroupNormalization", 21, groups(1)}, {channels, ones, zeros})[0])[0],
                  -6 / std::sqrt(55 / 2.0f));
}

TEST(GroupNormalization, HasAScaleForEachGroupAtOpset18AndForEachChannelSince) {
  EXPECT_EQ(elements<float>(
                run({"GroupNormalization", 18, groups(2)}, {channels, row<float>({2, 3}), row<float>({0, 10})})[0]),
            (Floats{-2, 2, 2, -2, 7, 13, 13, 7}));
  EXPECT_EQ(elements<float>(run({"GroupNormalization", 21, groups(2)},
                                {channels, row<float>({1, 2, 3, 4}), row<float>({0, 10, 20, 30})})[0]),
            (Floats{-1, 1, 12, 8, 17, 23, 34, 26}));
}

TEST(GroupNormalization, HasADefaultEpsilonAndNeedsTheNumberOfGroups) {
  const Tensor y = run({"GroupNormalization", 21, {{"num_groups", std::int64_t{2}}}}, {channels, ones, zeros})[0];
  EXPECT_FLOAT_EQ(elements<float>(y)[1], 1 / std::sqrt(1 + 1e-5f));
  EXPECT_EQ(error_of({"GroupNormalization", 21}, {channels, ones, zeros}),
            "invalid_model: attribute 'num_groups' is missing");
}

TEST(GroupNormalization, TakesOtherTypesAndEmptyTensors) {
  const auto half = [](float x) { return Float16(x); };
  const Tensor halves = Tensor::of<Float16>({1, 2}, {half(300), half(100)});
  Attributes attributes = groups(1);
  attributes["stash_type"] = std::int64_t{10};
  const Tensor y =
      run({"GroupNormalization", 21, attributes}, {halves, row({half(1), half(1)}), row({half(0), half(0)})})[0];
  EXPECT_EQ(static_cast<float>(elements<Float16>(y)[0]), 1);
  EXPECT_EQ(run({"GroupNormalization", 21, groups(2)}, {Tensor(DataType::float32, {0, 4, 2}), ones, zeros})[0].shape(),
            (Shape{0, 4, 2}));
}

TEST(GroupNormalization, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"GroupNormalization", 21, groups(3)}, {channels, ones, zeros}),
            "invalid_model: attribute 'num_groups' is 3, which does not divide the 4 channels");
  EXPECT_EQ(error_of({"GroupNormalization", 21, groups(0)}, {channels, ones, zeros}),
            "invalid_model: attribute 'num_groups' is 0, which does not divide the 4 channels");
  EXPECT_EQ(error_of({"GroupNormalization", 21, groups(2)}, {channels, ones, row<float>({0, 0})}),
            "invalid_argument: input 2 has shape [2], expected [4]");
  EXPECT_EQ(error_of({"GroupNormalization", 18, groups(2)}, {channels, ones, zeros}),
            "invalid_argument: input 1 has shape [4], expected [2]");
  EXPECT_EQ(error_of({"GroupNormalization", 21, groups(2)}, {channels, row<double>({1, 1, 1, 1}), zeros}),
            "invalid_model: inputs 0 and 1 have types float and double, expected the same");
  EXPECT_EQ(error_of({"GroupNormalization", 21, groups(1)}, {ones, ones, zeros}),
            "invalid_argument: input 0 has shape [4], expected a batch and channels");
  Attributes attributes = groups(2);
  attributes["stash_type"] = std::int64_t{6};
  EXPECT_EQ(error_of({"GroupNormalization", 21, attributes}, {channels, ones, zeros}),
            "invalid_model: attribute 'stash_type' is 6, expected the number of: float, float16, double, bfloat16");
}

TEST(InstanceNormalization, NormalizesEachChannelOfEachSample) {
  const Tensor in = Tensor::of<float>({2, 2, 1, 2}, {1, 3, 0, 10, -2, 2, 7, 7});
  for (const std::int64_t version : {1, 6, 22})
    EXPECT_EQ(elements<float>(run({"InstanceNormalization", version, {{"epsilon", 0.25f}}},
                                  {in, row<float>({1, 2}), row<float>({0, 5})})[0])[7],
              5);
  const Attributes exact = {{"epsilon", 0.0f}};
  const auto y =
      elements<float>(run({"InstanceNormalization", 6, exact}, {in, row<float>({1, 2}), row<float>({0, 5})})[0]);
  EXPECT_EQ(Floats(y.begin(), y.begin() + 6), (Floats{-1, 1, 3, 7, -1, 1}));
}

TEST(InstanceNormalization, HasADefaultEpsilonAndTakesAnyNumberOfAxes) {
  const Tensor one = row<float>({1}), zero = row<float>({0});
  EXPECT_FLOAT_EQ(
      elements<float>(run({"InstanceNormalization", 6}, {Tensor::of<float>({1, 1, 2}, {1, 3}), one, zero})[0])[1],
      1 / std::sqrt(1 + 1e-5f));
  EXPECT_EQ(elements<float>(run({"InstanceNormalization", 6}, {Tensor::of<float>({1, 1}, {9}), one, zero})[0]),
            Floats{0});
  EXPECT_EQ(run({"InstanceNormalization", 6}, {Tensor(DataType::float32, {2, 1, 0}), one, zero})[0].shape(),
            (Shape{2, 1, 0}));
}

TEST(InstanceNormalization, NanStaysInItsChannel) {
  const Tensor in = Tensor::of<double>({1, 2, 2}, {NAN, 1, 1, 3});
  const auto y = elements<double>(
      run({"InstanceNormalization", 22, {{"epsilon", 0.0f}}}, {in, row<double>({1, 1}), row<double>({0, 0})})[0]);
  EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1]));
  EXPECT_EQ(y[3], 1);
}

TEST(InstanceNormalization, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"InstanceNormalization", 6}, {channels, ones, row<float>({0})}),
            "invalid_argument: input 2 has shape [1], expected [4]");
  EXPECT_EQ(error_of({"InstanceNormalization", 6}, {counting({1, 1, 2}), ones, zeros}),
            "unsupported: input 0 has type int64, supported are: float, float16, double, bfloat16");
}

}  // namespace
}  // namespace ranvier::operators
