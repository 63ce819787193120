#include "operators/shape/padding.h"

#include <gtest/gtest.h>

#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

/// 1, 2, 3, ... in one dimension, padded; the constant is 0.
std::vector<int> padded(std::int64_t size, std::int64_t before, std::int64_t after, PadMode mode) {
  std::vector<int> in(static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<int>(i) + 1;
  const Pads pads{{before}, {after}};
  std::vector<int> out(static_cast<std::size_t>(padded_shape({size}, pads)[0]), -1);
  Padding({size}, pads, mode).run(in.data(), out.data(), 0);
  return out;
}

TEST(Padding, FillsWithWhatTheModeSays) {
  EXPECT_EQ(padded(3, 2, 1, PadMode::constant), (std::vector<int>{0, 0, 1, 2, 3, 0}));
  EXPECT_EQ(padded(3, 2, 2, PadMode::reflect), (std::vector<int>{3, 2, 1, 2, 3, 2, 1}));
  EXPECT_EQ(padded(3, 2, 1, PadMode::edge), (std::vector<int>{1, 1, 1, 2, 3, 3}));
  EXPECT_EQ(padded(3, 2, 1, PadMode::wrap), (std::vector<int>{2, 3, 1, 2, 3, 1}));
}

TEST(Padding, RepeatsTheModesPatternBeyondTheSize) {
  EXPECT_EQ(padded(3, 5, 0, PadMode::reflect), (std::vector<int>{2, 1, 2, 3, 2, 1, 2, 3}));
  EXPECT_EQ(padded(2, 0, 5, PadMode::wrap), (std::vector<int>{1, 2, 1, 2, 1, 2, 1}));
  EXPECT_EQ(padded(1, 2, 2, PadMode::reflect), (std::vector<int>{1, 1, 1, 1, 1}));
}

TEST(Padding, CutsWhereANumberIsNegative) {
  EXPECT_EQ(padded(4, -1, -1, PadMode::constant), (std::vector<int>{2, 3}));
  EXPECT_EQ(padded(4, -2, 2, PadMode::constant), (std::vector<int>{3, 4, 0, 0}));
  EXPECT_EQ(padded(4, 1, -2, PadMode::edge), (std::vector<int>{1, 1, 2}));
  EXPECT_EQ(padded(4, -2, 3, PadMode::wrap), (std::vector<int>{3, 4, 3, 4, 3}));
  EXPECT_EQ(padded(4, -4, 0, PadMode::edge), std::vector<int>());
}

TEST(Padding, CutsMoreThanThereIsOnOneSideIfTheOtherGivesAsMuch) {
  EXPECT_EQ(padded(2, -3, 4, PadMode::constant), (std::vector<int>{0, 0, 0}));
  EXPECT_EQ(padded(2, 4, -3, PadMode::constant), (std::vector<int>{0, 0, 0}));
}

TEST(Padding, PadsEveryAxis) {
  const int in[] = {1, 2, 3, 4};
  const Pads pads{{1, 0}, {0, 2}};
  EXPECT_EQ(padded_shape({2, 2}, pads), (Shape{3, 4}));
  std::vector<int> out(12);
  Padding({2, 2}, pads, PadMode::constant).run(in, out.data(), 9);
  EXPECT_EQ(out, (std::vector<int>{9, 9, 9, 9, 1, 2, 9, 9, 3, 4, 9, 9}));
  Padding({2, 2}, pads, PadMode::reflect).run(in, out.data(), 9);
  EXPECT_EQ(out, (std::vector<int>{3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4}));
}

TEST(Padding, GrowsEmptyTensorsByTheConstantOnly) {
  EXPECT_EQ(padded(0, 1, 2, PadMode::constant), (std::vector<int>{0, 0, 0}));
  EXPECT_EQ(testing::error_of([] { padded(0, 1, 2, PadMode::edge); }),
            "invalid_argument: axis 0 of size 0, padded by 1 and 2, has no elements to repeat");
}

TEST(Padding, SaysWhatDoesNotFit) {
  EXPECT_EQ(testing::error_of([] { padded(3, -2, -2, PadMode::constant); }),
            "invalid_argument: axis 0 of size 3 cannot be padded by -2 and -2");
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(testing::error_of([] {
              padded_shape({3}, {{most}, {most}});
            }),
            "out_of_memory: axis 0 of size 3 padded by 9223372036854775807 and 9223372036854775807 does not fit in "
            "memory");
  EXPECT_EQ(testing::error_of([] { pad_mode("circular"); }),
            "invalid_model: attribute 'mode' is 'circular', expected constant, reflect, edge or wrap");
}

}  // namespace
}  // namespace ranvier::operators
