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

testing::Attributes axes(const Ints& axes) { return {{"axes", axes}}; }

Ints centered(std::int64_t from, std::int64_t to) {
  return elements<std::int64_t>(run({"CenterCropPad", 18}, {counting({from}, 1), row<std::int64_t>({to})})[0]);
}

TEST(CenterCropPad, CutsOrPadsBothEndsAndTheLastOneMore) {
  EXPECT_EQ(centered(4, 2), (Ints{2, 3}));
  EXPECT_EQ(centered(5, 2), (Ints{2, 3}));
  EXPECT_EQ(centered(2, 4), (Ints{0, 1, 2, 0}));
  EXPECT_EQ(centered(2, 5), (Ints{0, 1, 2, 0, 0}));
  EXPECT_EQ(centered(3, 3), (Ints{1, 2, 3}));
  EXPECT_EQ(centered(3, 0), Ints());
  EXPECT_EQ(centered(0, 2), (Ints{0, 0}));
}

TEST(CenterCropPad, TakesAllAxesByDefault) {
  const Tensor out = run({"CenterCropPad", 18}, {counting({3, 2}, 1), row<std::int32_t>({1, 4})})[0];
  EXPECT_EQ(out.shape(), (Shape{1, 4}));
  EXPECT_EQ(elements<std::int64_t>(out), (Ints{0, 3, 4, 0}));
}

TEST(CenterCropPad, TakesTheAxesItIsGiven) {
  const Tensor in = counting({2, 3, 4});
  EXPECT_EQ(run({"CenterCropPad", 18, axes({-1, 0})}, {in, row<std::int64_t>({6, 1})})[0].shape(), (Shape{1, 3, 6}));
  EXPECT_EQ(run({"CenterCropPad", 18, axes({})}, {in, row<std::int64_t>({})})[0].shape(), in.shape());
  EXPECT_EQ(run({"CenterCropPad", 18}, {counting({}), row<std::int64_t>({})})[0].shape(), Shape{});
}

TEST(CenterCropPad, MovesEveryType) {
  expect_moves({"CenterCropPad", 18}, {counting({3, 3}), row<std::int64_t>({2, 6})});
}

TEST(CenterCropPad, SaysWhatDoesNotFit) {
  const Tensor in = counting({2, 3});
  EXPECT_EQ(error_of({"CenterCropPad", 18}, {in, row<std::int64_t>({1})}),
            "invalid_argument: input 1 has 1 sizes, expected one for each of 2 axes");
  EXPECT_EQ(error_of({"CenterCropPad", 18}, {in, row<std::int64_t>({1, -1})}),
            "invalid_argument: size -1 of axis 1 is negative");
  EXPECT_EQ(error_of({"CenterCropPad", 18, axes({2})}, {in, row<std::int64_t>({1})}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"CenterCropPad", 18, axes({1, 1})}, {in, row<std::int64_t>({1, 1})}),
            "invalid_model: axis 1 is given twice");
}

}  // namespace
}  // namespace ranvier::operators
