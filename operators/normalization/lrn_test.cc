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

/// y = x / (the squares around it / size), which is the formula with simple parameters.
Attributes plain(std::int64_t size) { return {{"size", size}, {"alpha", 1.0f}, {"beta", 1.0f}, {"bias", 0.0f}}; }

const Tensor channels = Tensor::of<float>({1, 4}, {1, 2, 3, 4});

TEST(LRN, DividesByTheSquaresOfNeighbouringChannels) {
  for (const std::int64_t version : {1, 13})
    EXPECT_EQ(elements<float>(run({"LRN", version, plain(3)}, {channels})[0]),
              (Floats{3 / 5.0f, 6 / 14.0f, 9 / 29.0f, 12 / 25.0f}));
  EXPECT_EQ(elements<float>(run({"LRN", 13, plain(1)}, {channels})[0]), (Floats{1, 1 / 2.0f, 1 / 3.0f, 1 / 4.0f}));
}

TEST(LRN, ReachesOneFurtherBehindWhereTheSizeIsEven) {
  EXPECT_EQ(elements<float>(run({"LRN", 13, plain(2)}, {channels})[0]),
            (Floats{1 / 2.5f, 2 / 6.5f, 3 / 12.5f, 4 / 8.0f}));
}

TEST(LRN, ReachesAllChannelsHoweverLargeTheSize) {
  const Attributes all = {{"size", std::int64_t{1} << 62}, {"alpha", 0x1p62f}, {"beta", 1.0f}, {"bias", 0.0f}};
  EXPECT_EQ(elements<float>(run({"LRN", 13, all}, {channels})[0]),
            (Floats{1 / 30.0f, 2 / 30.0f, 3 / 30.0f, 4 / 30.0f}));
}

TEST(LRN, HasDefaultsAndKeepsPlacesApart) {
  const Tensor in = Tensor::of<float>({2, 1, 2}, {1, 100, 0, -100});
  const auto y = elements<float>(run({"LRN", 13, {{"size", std::int64_t{1}}}}, {in})[0]);
  EXPECT_FLOAT_EQ(y[0], 1 / std::pow(1.0001f, 0.75f));
  EXPECT_FLOAT_EQ(y[1], 100 / std::pow(2.0f, 0.75f));
  EXPECT_EQ(y[2], 0);
  EXPECT_EQ(y[3], -y[1]);
}

TEST(LRN, TakesOtherTypesNanAndEmptyTensors) {
  const Tensor halves = Tensor::of<Float16>({1, 1}, {Float16(300)});  // whose square is no half
  EXPECT_EQ(static_cast<float>(elements<Float16>(run({"LRN", 13, plain(1)}, {halves})[0])[0]),
            static_cast<float>(Float16(1 / 300.0f)));
  EXPECT_EQ(elements<double>(run({"LRN", 1, plain(1)}, {Tensor::of<double>({1, 1}, {3})})[0])[0], 1 / 3.0);
  const auto y = elements<float>(run({"LRN", 13, plain(1)}, {Tensor::of<float>({1, 2}, {NAN, 1})})[0]);
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], 1);
  EXPECT_EQ(run({"LRN", 13, plain(1)}, {Tensor(DataType::float32, {2, 0, 3})})[0].shape(), (Shape{2, 0, 3}));
}

TEST(LRN, SaysWhatIsWrong) {
  EXPECT_EQ(error_of({"LRN", 13}, {channels}), "invalid_model: attribute 'size' is missing");
  EXPECT_EQ(error_of({"LRN", 13, plain(0)}, {channels}), "invalid_model: attribute 'size' is 0, expected at least 1");
  EXPECT_EQ(error_of({"LRN", 13, plain(1)}, {Tensor(DataType::float32, {4})}),
            "invalid_argument: input 0 has shape [4], expected a batch and channels");
}

}  // namespace
}  // namespace ranvier::operators
