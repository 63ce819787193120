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

TEST(Compress, KeepsTheSlicesForWhichTheConditionHolds) {
  const Tensor rows = run({"Compress", 9, axis(0)}, {in, row<bool>({false, true, true})})[0];
  EXPECT_EQ(rows.shape(), (Shape{2, 2}));
  EXPECT_EQ(elements<std::int64_t>(rows), (Ints{2, 3, 4, 5}));
  for (const std::int64_t last : {1, -1})
    EXPECT_EQ(elements<std::int64_t>(run({"Compress", 11, axis(last)}, {in, row<bool>({false, true})})[0]),
              (Ints{1, 3, 5}));
}

TEST(Compress, KeepsElementsWithoutAnAxis) {
  const Tensor out = run({"Compress", 9}, {in, row<bool>({false, true, false, false, true})})[0];
  EXPECT_EQ(out.shape(), Shape{2});
  EXPECT_EQ(elements<std::int64_t>(out), (Ints{1, 4}));
}

TEST(Compress, TakesShortConditionsScalarsAndEmptyTensors) {
  EXPECT_EQ(elements<std::int64_t>(run({"Compress", 11, axis(0)}, {in, row<bool>({true})})[0]), (Ints{0, 1}));
  EXPECT_EQ(run({"Compress", 11, axis(0)}, {in, row<bool>({})})[0].shape(), (Shape{0, 2}));
  EXPECT_EQ(elements<std::int64_t>(run({"Compress", 11}, {counting({}, 7), row<bool>({true})})[0]), Ints{7});
  EXPECT_EQ(run({"Compress", 11, axis(0)}, {counting({2, 0}), row<bool>({true})})[0].shape(), (Shape{1, 0}));
}

TEST(Compress, MovesEveryWholeType) {
  expect_moves({"Compress", 11}, {counting({3}), row<bool>({true, false, true})}, {0},
               all_types - testing::packed_types);
}

TEST(Compress, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"Compress", 11, axis(1)}, {in, row<bool>({false, true, true})}),
            "invalid_argument: input 1 selects place 2 of an axis of size 2");
  EXPECT_EQ(error_of({"Compress", 11, axis(1)}, {in, row<bool>({false, true, false})}), "");
  EXPECT_EQ(error_of({"Compress", 11, axis(2)}, {in, row<bool>({true})}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"Compress", 11}, {in, counting({2})}),
            "invalid_model: input 1 is int64[2], expected one dimension of type bool");
  EXPECT_EQ(error_of({"Compress", 11}, {in, Tensor(DataType::boolean, {1, 2})}),
            "invalid_model: input 1 is bool[1, 2], expected one dimension of type bool");
  EXPECT_EQ(error_of({"Compress", 11}, {Tensor(DataType::int4, {2}), row<bool>({true})}),
            "unsupported: elements of type int4 cannot be moved one by one");
}

}  // namespace
}  // namespace ranvier::operators
