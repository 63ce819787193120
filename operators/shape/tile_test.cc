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

TEST(Tile, RepeatsAlongEveryAxis) {
  const Tensor tiled = run({"Tile", 6}, {counting({2, 2}), row<std::int64_t>({1, 2})})[0];
  EXPECT_EQ(tiled.shape(), (Shape{2, 4}));
  EXPECT_EQ(elements<std::int64_t>(tiled), (Ints{0, 1, 0, 1, 2, 3, 2, 3}));
  EXPECT_EQ(elements<std::int64_t>(run({"Tile", 13}, {counting({2, 1}), row<std::int64_t>({2, 3})})[0]),
            (Ints{0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1}));
}

TEST(Tile, RepeatsAlongOneAxisBeforeOpset6) {
  const Tensor two = row<float>({2}), one = row<float>({1});
  const Tensor in = Tensor::of<float>({1, 2}, {5, 6});
  EXPECT_EQ(elements<float>(run({"Tile", 1}, {in, two, one})[0]), (std::vector<float>{5, 6, 5, 6}));
  EXPECT_EQ(run({"Tile", 1}, {in, two, row<float>({0})})[0].shape(), (Shape{2, 2}));
  EXPECT_EQ(error_of({"Tile", 1}, {in, two, two}), "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"Tile", 1}, {in, in, one}), "invalid_argument: input 1 has 2 elements, expected one");
  EXPECT_EQ(error_of({"Tile", 1}, {in, row<float>({1e30f}), one}),
            "invalid_argument: input 1 holds a number that int64 does not hold");
  EXPECT_EQ(error_of({"Tile", 1}, {in, two}), "invalid_model: the node has 2 inputs, expected 3");
}

TEST(Tile, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(elements<std::int64_t>(run({"Tile", 13}, {counting({}, 7), row<std::int64_t>({})})[0]), Ints{7});
  EXPECT_EQ(run({"Tile", 13}, {counting({2, 2}), row<std::int64_t>({0, 3})})[0].shape(), (Shape{0, 6}));
  EXPECT_EQ(run({"Tile", 13}, {counting({2, 0}), row<std::int64_t>({3, 3})})[0].shape(), (Shape{6, 0}));
}

TEST(Tile, MovesEveryType) { expect_moves({"Tile", 13}, {counting({1, 3}), row<std::int64_t>({3, 2})}); }

TEST(Tile, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"Tile", 13}, {counting({2, 2}), row<std::int64_t>({2})}),
            "invalid_argument: input 1 has 1 repeats, input 0 2 dimensions");
  EXPECT_EQ(error_of({"Tile", 13}, {counting({2, 2}), row<std::int64_t>({2, -1})}),
            "invalid_argument: repeats [2, -1] have a negative number");
  EXPECT_EQ(error_of({"Tile", 13}, {counting({2}), row<std::int64_t>({std::int64_t{1} << 62})}),
            "out_of_memory: 4611686018427387904 repeats of a tensor of shape [2] along axis 0 do not fit in memory");
}

}  // namespace
}  // namespace ranvier::operators
