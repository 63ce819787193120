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

Ints triangle(const Attributes& attributes, const std::vector<Tensor>& inputs) {
  return elements<std::int64_t>(run({"Trilu", 14, attributes}, inputs)[0]);
}

const Attributes lower = {{"upper", std::int64_t{0}}};

TEST(Trilu, KeepsTheUpperTriangleByDefault) {
  const Tensor in = counting({2, 3}, 1);
  EXPECT_EQ(triangle({}, {in}), (Ints{1, 2, 3, 0, 5, 6}));
  EXPECT_EQ(triangle({{"upper", std::int64_t{1}}}, {in}), (Ints{1, 2, 3, 0, 5, 6}));
  EXPECT_EQ(triangle(lower, {in}), (Ints{1, 0, 0, 4, 5, 0}));
}

TEST(Trilu, MovesTheDiagonalByK) {
  const Tensor in = counting({2, 3}, 1);
  struct Case {
    std::int64_t k;
    Ints upper, lower;
  };
  const Ints all = {1, 2, 3, 4, 5, 6}, none(6, 0);
  const Case cases[] = {{1, {0, 2, 3, 0, 0, 6}, {1, 2, 0, 4, 5, 6}},
                        {-1, {1, 2, 3, 4, 5, 6}, {0, 0, 0, 4, 0, 0}},
                        {3, none, all},
                        {-2, all, none},
                        {std::numeric_limits<std::int64_t>::max(), none, all},
                        {std::numeric_limits<std::int64_t>::min(), all, none}};
  for (const auto& [k, upper_part, lower_part] : cases) {
    EXPECT_EQ(triangle({}, {in, Tensor::of<std::int64_t>({}, {k})}), upper_part) << k;
    EXPECT_EQ(triangle(lower, {in, row<std::int64_t>({k})}), lower_part) << k;
  }
}

TEST(Trilu, TakesEveryMatrixOfABatch) {
  EXPECT_EQ(triangle({}, {counting({2, 2, 2}, 1)}), (Ints{1, 2, 0, 4, 5, 6, 0, 8}));
  EXPECT_EQ(run({"Trilu", 14}, {counting({2, 0, 2})})[0].shape(), (Shape{2, 0, 2}));
}

TEST(Trilu, MovesEveryType) { expect_moves({"Trilu", 14, lower}, {counting({3, 3}, 1)}); }

TEST(Trilu, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"Trilu", 14}, {counting({3})}),
            "invalid_argument: input 0 has shape [3], expected at least two dimensions");
  EXPECT_EQ(error_of({"Trilu", 14}, {counting({2, 2}), row<std::int32_t>({1})}),
            "invalid_model: input 1 is int32[1], expected one element of type int64");
  EXPECT_EQ(error_of({"Trilu", 14}, {counting({2, 2}), counting({2})}),
            "invalid_model: input 1 is int64[2], expected one element of type int64");
}

}  // namespace
}  // namespace ranvier::operators
