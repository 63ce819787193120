#include "operators/normalization/standardization.h"

#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::error_of;

struct Result {
  std::vector<double> means;
  std::vector<double> variances;
};

Result moments(const Tensor& in, const AxisSet& folded, Center center) {
  const Moments moments(in.type(), in.shape(), folded, center);
  Result result{std::vector<double>(static_cast<std::size_t>(moments.groups()), -1), {}};
  result.variances = result.means;
  moments.run(in.data(), result.means.data(), result.variances.data());
  return result;
}

TEST(Moments, AreThoseOfEachGroup) {
  const Tensor in = Tensor::of<float>({2, 2, 2}, {1, 3, 5, 5, 0, 4, 2, 8});
  const Result rows = moments(in, axes_from(2, 3), Center::mean);
  EXPECT_EQ(rows.means, (std::vector<double>{2, 5, 2, 5}));
  EXPECT_EQ(rows.variances, (std::vector<double>{1, 0, 4, 9}));
  AxisSet outer_and_inner;
  outer_and_inner[0] = outer_and_inner[2] = true;
  const Result channels = moments(in, outer_and_inner, Center::mean);
  EXPECT_EQ(channels.means, (std::vector<double>{2, 5}));
  EXPECT_EQ(channels.variances, (std::vector<double>{2.5, 4.5}));
}

TEST(Moments, AroundZeroAreMeanSquares) {
  const Result rows = moments(Tensor::of<Float16>({1, 2}, {Float16(3), Float16(-5)}), axes_from(1, 2), Center::zero);
  EXPECT_EQ(rows.means, std::vector<double>{0});
  EXPECT_EQ(rows.variances, std::vector<double>{17});
}

TEST(ChannelShape, HasTheChannelsWhereTheSecondAxisOfTheInputIs) {
  EXPECT_EQ(channel_shape({7, 3, 5, 5}), (Shape{3, 1, 1}));
  EXPECT_EQ(channel_shape({7, 3}), Shape{3});
  EXPECT_EQ(channel_shape({7}), Shape{1});
}

TEST(StashType, IsOneOfThoseAllowed) {
  const auto of = [](std::int64_t number) {
    return stash_type({.attributes = {{"stash_type", number}}}, Types<float, double>::set);
  };
  EXPECT_EQ(stash_type({}, Types<float>::set), DataType::float32);
  EXPECT_EQ(of(11), DataType::float64);
  for (const std::int64_t number : {0, 10, 99, -1})
    EXPECT_EQ(
        error_of([&] { of(number); }),
        fmt::format("invalid_model: attribute 'stash_type' is {}, expected the number of: float, double", number));
}

}  // namespace
}  // namespace ranvier::operators
