#include <gtest/gtest.h>

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

Attributes axes(std::int64_t time, std::int64_t batch) { return {{"time_axis", time}, {"batch_axis", batch}}; }

TEST(ReverseSequence, ReversesTheFirstElementsOfEachSequence) {
  const Tensor in = counting({4, 4}), lengths = row<std::int64_t>({1, 2, 3, 4});
  EXPECT_EQ(elements<std::int64_t>(run({"ReverseSequence", 10, axes(1, 0)}, {in, lengths})[0]),
            (Ints{0, 1, 2, 3, 5, 4, 6, 7, 10, 9, 8, 11, 15, 14, 13, 12}));
  const Ints by_columns = {0, 5, 10, 15, 4, 1, 6, 11, 8, 9, 2, 7, 12, 13, 14, 3};
  EXPECT_EQ(elements<std::int64_t>(run({"ReverseSequence", 10}, {in, lengths})[0]), by_columns);
  EXPECT_EQ(elements<std::int64_t>(run({"ReverseSequence", 10, axes(0, 1)}, {in, lengths})[0]), by_columns);
}

TEST(ReverseSequence, MovesWholeStepsAndTakesEmptyTensors) {
  EXPECT_EQ(elements<std::int64_t>(run({"ReverseSequence", 10}, {counting({2, 1, 2}), row<std::int64_t>({2})})[0]),
            (Ints{2, 3, 0, 1}));
  EXPECT_EQ(run({"ReverseSequence", 10}, {counting({0, 2}), counting({2}, 0)})[0].shape(), (Shape{0, 2}));
}

TEST(ReverseSequence, MovesEveryType) {
  expect_moves({"ReverseSequence", 10}, {counting({3, 3}), row<std::int64_t>({3, 0, 2})});
}

TEST(ReverseSequence, SaysWhatDoesNotFit) {
  const Tensor in = counting({2, 3}), lengths = row<std::int64_t>({1, 2, 1});
  EXPECT_EQ(error_of({"ReverseSequence", 10, axes(1, 1)}, {in, lengths}),
            "invalid_model: attributes 'time_axis' and 'batch_axis' are 1 and 1, expected 0 and 1 or 1 and 0");
  EXPECT_EQ(error_of({"ReverseSequence", 10, axes(2, -1)}, {in, lengths}),
            "invalid_model: attributes 'time_axis' and 'batch_axis' are 2 and -1, expected 0 and 1 or 1 and 0");
  EXPECT_EQ(error_of({"ReverseSequence", 10}, {counting({2}), lengths}),
            "invalid_argument: input 0 has shape [2], expected at least two dimensions");
  EXPECT_EQ(error_of({"ReverseSequence", 10}, {in, row<std::int32_t>({1, 2, 1})}),
            "invalid_model: input 1 has type int32, expected int64");
  EXPECT_EQ(error_of({"ReverseSequence", 10}, {in, counting({2})}),
            "invalid_argument: input 1 has shape [2], expected [3]");
  for (const std::int64_t length : {-1, 3})
    EXPECT_EQ(error_of({"ReverseSequence", 10}, {in, row<std::int64_t>({0, length, 0})}),
              fmt::format("invalid_argument: a sequence length is {}, expected 0 to 2", length));
}

}  // namespace
}  // namespace ranvier::operators
