#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::row;
using testing::run;

template <class T>
std::vector<T> range(T start, T limit, T delta) {
  return elements<T>(run({"Range", 11}, {row<T>({start}), Tensor::of<T>({}, {limit}), row<T>({delta})})[0]);
}

TEST(Range, LeavesTheLimitOut) {
  EXPECT_EQ(range<std::int64_t>(3, 9, 3), (std::vector<std::int64_t>{3, 6}));
  EXPECT_EQ(range<std::int32_t>(10, 4, -2), (std::vector<std::int32_t>{10, 8, 6}));
  EXPECT_EQ(range<float>(0, 1, 0.25f), (std::vector<float>{0, 0.25f, 0.5f, 0.75f}));
  EXPECT_EQ(range<double>(1, 0, -0.4), (std::vector<double>{1, 1 - 0.4, 1 - 2 * 0.4}));
  EXPECT_EQ(range<std::int16_t>(0, 5, 2), (std::vector<std::int16_t>{0, 2, 4}));
}

TEST(Range, IsEmptyWhereTheLimitIsBehind) {
  EXPECT_TRUE(range<std::int64_t>(3, 3, 1).empty());
  EXPECT_TRUE(range<std::int64_t>(3, 9, -1).empty());
  EXPECT_TRUE(range<float>(3, 2, 1).empty());
  EXPECT_EQ(run({"Range", 27}, {row<float>({0}), row<float>({0}), row<float>({1})})[0].shape(), Shape{0});
}

TEST(Range, KnowsTheEndsOfTheIntegers) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(range<std::int64_t>(least, most, most), (std::vector<std::int64_t>{least, -1, most - 1}));
  EXPECT_EQ(range<std::int64_t>(most, least, least), (std::vector<std::int64_t>{most, -1}));
  EXPECT_EQ(range<std::uint8_t>(250, 255, 3), (std::vector<std::uint8_t>{250, 253}));
}

TEST(Range, CountsHalvesInFloat) {
  const auto half = [](float x) { return Float16(x); };
  const auto halves = range<Float16>(half(0), half(1), half(0.5f));
  ASSERT_EQ(halves.size(), 2u);
  EXPECT_EQ(static_cast<float>(halves[1]), 0.5f);
  EXPECT_EQ(range<BFloat16>(BFloat16(1.0f), BFloat16(4.0f), BFloat16(1.0f)).size(), 3u);
}

TEST(Range, SaysWhatIsWrong) {
  const auto error = [](const Tensor& start, const Tensor& limit, const Tensor& delta) {
    return error_of({"Range", 11}, {start, limit, delta});
  };
  const Tensor zero = row<float>({0}), one = row<float>({1});
  EXPECT_EQ(error(zero, one, zero), "invalid_argument: input 2, the distance, is 0");
  EXPECT_EQ(error(zero, row<double>({1}), one),
            "invalid_model: inputs 0 and 1 have types float and double, expected the same");
  EXPECT_EQ(error(zero, one, row<float>({1, 2})), "invalid_argument: input 2 has 2 elements, expected one");
  EXPECT_EQ(error(zero, row<float>({NAN}), one), "invalid_argument: a range of 0 to nan by 1 has no size");
  EXPECT_EQ(error(zero, row<float>({INFINITY}), one),
            "out_of_memory: the range has more elements than memory can hold");
  EXPECT_EQ(error(row<std::uint64_t>({0}), row<std::uint64_t>({~0ull}), row<std::uint64_t>({1})),
            "out_of_memory: the range has more elements than memory can hold");
  EXPECT_EQ(error_of({"Range", 27, {{"stash_type", std::int64_t{11}}}}, {zero, one, one}),
            "unsupported: attribute 'stash_type' is 11, only 1 (float) is supported");
}

}  // namespace
}  // namespace ranvier::operators
