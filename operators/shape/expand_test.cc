#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::counting;
using testing::elements;
using testing::error_of;
using testing::expect_moves;
using testing::row;
using testing::run;
using Ints = std::vector<std::int64_t>;

TEST(Expand, BroadcastsInBothDirections) {
  const Tensor column = counting({3, 1});
  EXPECT_EQ(elements<std::int64_t>(run({"Expand", 8}, {column, row<std::int64_t>({3, 2})})[0]),
            (Ints{0, 0, 1, 1, 2, 2}));
  EXPECT_EQ(run({"Expand", 13}, {column, row<std::int64_t>({2, 1, 4})})[0].shape(), (Shape{2, 3, 4}));
  EXPECT_EQ(run({"Expand", 13}, {column, row<std::int64_t>({1})})[0].shape(), (Shape{3, 1}));
  EXPECT_EQ(run({"Expand", 13}, {column, row<std::int64_t>({})})[0].shape(), (Shape{3, 1}));
}

TEST(Expand, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(elements<std::int64_t>(run({"Expand", 13}, {counting({}, 7), row<std::int64_t>({2})})[0]), (Ints{7, 7}));
  EXPECT_EQ(run({"Expand", 13}, {counting({}), row<std::int64_t>({})})[0].shape(), Shape{});
  EXPECT_EQ(run({"Expand", 13}, {counting({1, 3}), row<std::int64_t>({0, 3})})[0].shape(), (Shape{0, 3}));
  EXPECT_EQ(run({"Expand", 13}, {counting({0, 1}), row<std::int64_t>({5})})[0].shape(), (Shape{0, 5}));
}

TEST(Expand, MovesEveryType) { expect_moves({"Expand", 13}, {counting({3, 1}), row<std::int64_t>({2, 1, 3})}); }

TEST(Expand, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"Expand", 13}, {counting({2, 3}), row<std::int64_t>({2})}),
            "invalid_argument: shapes [2, 3] and [2] do not broadcast: 3 against 2");
  EXPECT_EQ(error_of({"Expand", 13}, {counting({2, 3}), row<std::int64_t>({2, -1})}),
            "invalid_argument: shape [2, -1] has a negative dimension");
  EXPECT_EQ(error_of({"Expand", 13}, {counting({2}), row<float>({2})}),
            "invalid_model: input 1 has type float, expected integers");
}

}  // namespace
}  // namespace ranvier::operators
