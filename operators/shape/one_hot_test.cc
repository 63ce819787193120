#include <gtest/gtest.h>

#include <cmath>

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

const Tensor off_on = row<std::int64_t>({5, 7});

testing::Attributes axis(std::int64_t axis) { return {{"axis", axis}}; }

TEST(OneHot, AddsTheLastAxisByDefault) {
  const Tensor out = run({"OneHot", 11}, {row<std::int64_t>({0, 2}), counting({}, 3), off_on})[0];
  EXPECT_EQ(out.shape(), (Shape{2, 3}));
  EXPECT_EQ(elements<std::int64_t>(out), (Ints{7, 5, 5, 5, 5, 7}));
}

TEST(OneHot, AddsAnyAxis) {
  const Tensor indices = row<std::int64_t>({0, 2}), depth = row<std::int32_t>({3});
  for (const std::int64_t first : {0, -2}) {
    const Tensor out = run({"OneHot", 11, axis(first)}, {indices, depth, off_on})[0];
    EXPECT_EQ(out.shape(), (Shape{3, 2}));
    EXPECT_EQ(elements<std::int64_t>(out), (Ints{7, 5, 5, 5, 5, 7}));
  }
  EXPECT_EQ(run({"OneHot", 11, axis(1)}, {counting({2, 4}), depth, off_on})[0].shape(), (Shape{2, 3, 4}));
}

TEST(OneHot, NegativeIndicesCountFromTheEndSinceOpset11) {
  const Tensor indices = row<std::int64_t>({-1, -3, -4, 3}), depth = counting({}, 3);
  EXPECT_EQ(elements<std::int64_t>(run({"OneHot", 11}, {indices, depth, off_on})[0]),
            (Ints{5, 5, 7, 7, 5, 5, 5, 5, 5, 5, 5, 5}));
  EXPECT_EQ(elements<std::int64_t>(run({"OneHot", 9}, {indices, depth, off_on})[0]), Ints(12, 5));
}

TEST(OneHot, TakesIndicesAndDepthOfAnyNumericType) {
  const Tensor indices = row<float>({1.9f, -0.5f, NAN, INFINITY}), depth = row<double>({2.5});
  EXPECT_EQ(elements<std::int64_t>(run({"OneHot", 11}, {indices, depth, off_on})[0]), (Ints{5, 7, 7, 5, 5, 5, 5, 5}));
  EXPECT_EQ(elements<std::int64_t>(run({"OneHot", 11}, {row<std::uint8_t>({255}), row<std::uint8_t>({2}), off_on})[0]),
            (Ints{5, 5}));
}

TEST(OneHot, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(elements<std::int64_t>(run({"OneHot", 11}, {counting({}, 1), counting({}, 2), off_on})[0]), (Ints{5, 7}));
  EXPECT_EQ(run({"OneHot", 11}, {counting({0, 2}), counting({}, 3), off_on})[0].shape(), (Shape{0, 2, 3}));
  EXPECT_EQ(run({"OneHot", 11}, {counting({2}), counting({}), off_on})[0].shape(), (Shape{2, 0}));
}

TEST(OneHot, MovesValuesOfEveryWholeType) {
  expect_moves({"OneHot", 11}, {counting({3}), counting({}, 2), row<std::int64_t>({0, 1})}, {2},
               all_types - testing::packed_types);
}

TEST(OneHot, SaysWhatIsWrong) {
  const Tensor indices = counting({2}), depth = counting({}, 3);
  EXPECT_EQ(error_of({"OneHot", 11, axis(2)}, {indices, depth, off_on}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"OneHot", 11}, {indices, counting({}, -1), off_on}),
            "invalid_argument: input 1, the depth, is -1");
  EXPECT_EQ(error_of({"OneHot", 11}, {indices, indices, off_on}),
            "invalid_argument: input 1 has 2 elements, expected one");
  EXPECT_EQ(error_of({"OneHot", 11}, {indices, row<std::string>({"3"}), off_on}),
            "invalid_model: input 1 has type string, expected numbers");
  EXPECT_EQ(error_of({"OneHot", 11}, {indices, depth, counting({3})}),
            "invalid_argument: input 2 has shape [3], expected [2]: off, on");
}

}  // namespace
}  // namespace ranvier::operators
