#include <gtest/gtest.h>

#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::counting;
using testing::elements;
using testing::error_of;
using testing::expect_moves;
using testing::row;
using testing::run;
using Ints = std::vector<std::int64_t>;

constexpr auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();

const Tensor in = counting({2, 4});

/// What is left of 0, 1, ..., 5.
Ints sliced(std::int64_t start, std::int64_t end, std::int64_t step) {
  return elements<std::int64_t>(run({"Slice", 13}, {counting({6}), row<std::int64_t>({start}), row<std::int64_t>({end}),
                                                    row<std::int64_t>({0}), row<std::int64_t>({step})})[0]);
}

TEST(Slice, TakesRangesFromAttributesBeforeOpset10) {
  const Attributes attributes = {{"starts", Ints{0, 1}}, {"ends", Ints{1, 3}}};
  EXPECT_EQ(elements<std::int64_t>(run({"Slice", 1, attributes}, {in})[0]), (Ints{1, 2}));
  const Attributes last = {{"axes", Ints{1}}, {"starts", Ints{-2}}, {"ends", Ints{most}}};
  EXPECT_EQ(elements<std::int64_t>(run({"Slice", 1, last}, {in})[0]), (Ints{2, 3, 6, 7}));
  EXPECT_EQ(error_of({"Slice", 1, {{"starts", Ints{0}}}}, {in}), "invalid_model: attribute 'ends' is missing");
  EXPECT_EQ(error_of({"Slice", 1, {{"ends", Ints{0}}}}, {in}), "invalid_model: attribute 'starts' is missing");
}

TEST(Slice, TakesRangesFromInputsSinceOpset10) {
  const Tensor starts = row<std::int64_t>({0, 1}), ends = row<std::int64_t>({1, 4});
  EXPECT_EQ(elements<std::int64_t>(run({"Slice", 10}, {in, starts, ends})[0]), (Ints{1, 2, 3}));
  const Tensor axes = row<std::int64_t>({-1, 0}), steps = row<std::int64_t>({2, 1});
  const Tensor out = run({"Slice", 13}, {in, starts, row<std::int64_t>({4, 2}), axes, steps})[0];
  EXPECT_EQ(out.shape(), (Shape{1, 2}));
  EXPECT_EQ(elements<std::int64_t>(out), (Ints{4, 6}));
  EXPECT_EQ(elements<std::int64_t>(run({"Slice", 13}, {in, row<std::int32_t>({1}), row<std::int32_t>({2}), Tensor(),
                                                       row<std::int32_t>({1})})[0]),
            (Ints{4, 5, 6, 7}));
}

TEST(Slice, CountsFromTheEndThenClampsAndSteps) {
  EXPECT_EQ(sliced(1, 5, 2), (Ints{1, 3}));
  EXPECT_EQ(sliced(-3, -1, 1), (Ints{3, 4}));
  EXPECT_EQ(sliced(4, most, 1), (Ints{4, 5}));
  EXPECT_EQ(sliced(least, most, 4), (Ints{0, 4}));
  EXPECT_EQ(sliced(0, most, most), Ints{0});
  EXPECT_EQ(sliced(5, 2, 1), Ints());
  EXPECT_EQ(sliced(9, most, 1), Ints());
}

TEST(Slice, StepsBackwards) {
  EXPECT_EQ(sliced(-1, least, -1), (Ints{5, 4, 3, 2, 1, 0}));
  EXPECT_EQ(sliced(9, 1, -2), (Ints{5, 3}));
  EXPECT_EQ(sliced(4, 0, -1), (Ints{4, 3, 2, 1}));
  EXPECT_EQ(sliced(3, -1, -1), Ints());  // -1 is the last element
  EXPECT_EQ(sliced(-1, -9, least), Ints{5});
}

TEST(Slice, TakesScalarsAndEmptyTensors) {
  const Tensor none = row<std::int64_t>({});
  EXPECT_EQ(elements<std::int64_t>(run({"Slice", 13}, {counting({}, 7), none, none})[0]), Ints{7});
  EXPECT_EQ(run({"Slice", 13}, {counting({0, 3}), row<std::int64_t>({0, -1}), row<std::int64_t>({5, 9})})[0].shape(),
            (Shape{0, 1}));
}

TEST(Slice, MovesEveryType) {
  expect_moves({"Slice", 13}, {counting({7}), row<std::int64_t>({6}), row<std::int64_t>({0}), row<std::int64_t>({0}),
                               row<std::int64_t>({-2})});
}

TEST(Slice, SaysWhatDoesNotFit) {
  const Tensor zero = row<std::int64_t>({0}), two = row<std::int64_t>({0, 1});
  EXPECT_EQ(error_of({"Slice", 13}, {in, two, zero}),
            "invalid_argument: there are 2 starts, 1 ends, 2 axes and 2 steps, expected as many of each");
  EXPECT_EQ(error_of({"Slice", 13}, {in, zero, zero, two, zero}),
            "invalid_argument: there are 1 starts, 1 ends, 2 axes and 1 steps, expected as many of each");
  EXPECT_EQ(error_of({"Slice", 13}, {in, zero, zero, zero, zero}), "invalid_argument: a step is 0");
  EXPECT_EQ(error_of({"Slice", 13}, {in, zero, zero, row<std::int64_t>({2})}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"Slice", 13}, {in, two, two, row<std::int64_t>({1, -1})}),
            "invalid_model: axis 1 is given twice");
  EXPECT_EQ(error_of({"Slice", 13}, {counting({2}), two, two}),
            "invalid_model: axis 1 is out of range for a tensor of rank 1");
  EXPECT_EQ(error_of({"Slice", 13}, {in, row<float>({0}), zero}),
            "invalid_model: input 1 has type float, expected integers");
}

}  // namespace
}  // namespace ranvier::operators
