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

testing::Attributes axis(std::int64_t axis) { return {{"axis", axis}}; }

TEST(GatherElements, TakesOneElementForEachIndex) {
  const Tensor in = Tensor::of<std::int64_t>({2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(elements<std::int64_t>(
                run({"GatherElements", 11, axis(1)}, {in, Tensor::of<std::int64_t>({2, 2}, {0, 0, 1, 0})})[0]),
            (Ints{1, 1, 4, 3}));
  const Tensor cube = counting({2, 2, 2});
  EXPECT_EQ(elements<std::int64_t>(
                run({"GatherElements", 13, axis(-2)}, {cube, Tensor::of<std::int64_t>({2, 1, 2}, {-1, 0, 0, -1})})[0]),
            (Ints{2, 1, 4, 7}));
}

TEST(GatherElements, TakesTheFirstAxisByDefault) {
  const Tensor in = counting({3, 3}, 1);
  const Tensor indices = Tensor::of<std::int32_t>({2, 3}, {1, 2, 0, -1, 0, -3});
  EXPECT_EQ(elements<std::int64_t>(run({"GatherElements", 13}, {in, indices})[0]), (Ints{4, 8, 3, 7, 2, 3}));
}

TEST(GatherElements, LeavesOutWhatNoIndexCovers) {
  const Tensor out =
      run({"GatherElements", 13, axis(1)}, {counting({3, 2}), Tensor::of<std::int64_t>({1, 3}, {1, 0, 1})})[0];
  EXPECT_EQ(out.shape(), (Shape{1, 3}));
  EXPECT_EQ(elements<std::int64_t>(out), (Ints{1, 0, 1}));
  EXPECT_EQ(run({"GatherElements", 13}, {counting({3, 2}), counting({0, 2})})[0].shape(), (Shape{0, 2}));
}

TEST(GatherElements, MovesEveryType) {
  expect_moves({"GatherElements", 13, axis(1)}, {counting({3, 3}), Tensor::of<std::int64_t>({2, 1}, {2, 0})});
}

TEST(GatherElements, SaysWhatDoesNotFit) {
  const Tensor in = counting({2, 3});
  EXPECT_EQ(error_of({"GatherElements", 13}, {in, counting({1, 4})}),
            "invalid_argument: indices of shape [1, 4] do not lie within data of shape [2, 3] (axis 0)");
  EXPECT_EQ(error_of({"GatherElements", 13}, {in, counting({1})}),
            "invalid_argument: indices of shape [1] do not lie within data of shape [2, 3] (axis 0)");
  EXPECT_EQ(error_of({"GatherElements", 13}, {in, counting({1, 3})}),
            "invalid_argument: index 2 is out of range for an axis of size 2: expected -2 to 1");
  EXPECT_EQ(error_of({"GatherElements", 13, axis(2)}, {in, in}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"GatherElements", 13}, {counting({}), counting({})}),
            "invalid_model: axis 0 is out of range for a tensor of rank 0");
  EXPECT_EQ(error_of({"GatherElements", 13}, {in, row<double>({0})}),
            "invalid_model: input 1 has type double, expected int32 or int64");
}

}  // namespace
}  // namespace ranvier::operators
