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

const Tensor in = counting({3, 2});

TEST(Gather, TakesSlicesAlongAnAxis) {
  const Tensor indices = Tensor::of<std::int64_t>({2, 1}, {2, 0});
  const Tensor rows = run({"Gather", 1}, {in, indices})[0];
  EXPECT_EQ(rows.shape(), (Shape{2, 1, 2}));
  EXPECT_EQ(elements<std::int64_t>(rows), (Ints{4, 5, 0, 1}));
  for (const std::int64_t last : {1, -1}) {
    const Tensor columns = run({"Gather", 13, axis(last)}, {in, row<std::int64_t>({1, 1})})[0];
    EXPECT_EQ(columns.shape(), (Shape{3, 2}));
    EXPECT_EQ(elements<std::int64_t>(columns), (Ints{1, 1, 3, 3, 5, 5}));
  }
}

TEST(Gather, CountsNegativeIndicesFromTheEnd) {
  EXPECT_EQ(elements<std::int64_t>(run({"Gather", 11}, {in, row<std::int32_t>({-1, -3})})[0]), (Ints{4, 5, 0, 1}));
}

TEST(Gather, TakesScalarsAndEmptyTensors) {
  const Tensor one = run({"Gather", 13}, {in, counting({}, 1)})[0];
  EXPECT_EQ(one.shape(), Shape{2});
  EXPECT_EQ(elements<std::int64_t>(one), (Ints{2, 3}));
  EXPECT_EQ(run({"Gather", 13}, {in, counting({0})})[0].shape(), (Shape{0, 2}));
  EXPECT_EQ(run({"Gather", 13}, {counting({3, 0}), counting({2})})[0].shape(), (Shape{2, 0}));
}

TEST(Gather, MovesEveryType) { expect_moves({"Gather", 13, axis(1)}, {counting({3, 3}), row<std::int64_t>({2, 0})}); }

TEST(Gather, SaysWhatIsOutOfRange) {
  EXPECT_EQ(error_of({"Gather", 13}, {in, row<std::int64_t>({3})}),
            "invalid_argument: index 3 is out of range for an axis of size 3: expected -3 to 2");
  EXPECT_EQ(error_of({"Gather", 13}, {in, row<std::int64_t>({-4})}),
            "invalid_argument: index -4 is out of range for an axis of size 3: expected -3 to 2");
  EXPECT_EQ(error_of({"Gather", 13}, {counting({0, 2}), row<std::int64_t>({0})}),
            "invalid_argument: index 0 is out of range for an axis of size 0: expected 0 to -1");
  EXPECT_EQ(error_of({"Gather", 13, axis(2)}, {in, row<std::int64_t>({0})}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"Gather", 13}, {counting({}), row<std::int64_t>({0})}),
            "invalid_model: axis 0 is out of range for a tensor of rank 0");
  EXPECT_EQ(error_of({"Gather", 13}, {in, row<float>({0})}),
            "invalid_model: input 1 has type float, expected int32 or int64");
}

}  // namespace
}  // namespace ranvier::operators
