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

const Attributes circular = {{"mode", std::string("circular")}};

/// A cache of two samples of three entries of one number each, written with 10, 11, ...
Ints written(const Attributes& attributes, std::int64_t entries, const Tensor& positions = {}) {
  return elements<std::int64_t>(
      run({"TensorScatter", 24, attributes}, {counting({2, 3, 1}), counting({2, entries, 1}, 10), positions})[0]);
}

TEST(TensorScatter, WritesEntriesFromThePositionOfEachSampleOn) {
  EXPECT_EQ(written({}, 2), (Ints{10, 11, 2, 12, 13, 5}));
  EXPECT_EQ(written({}, 1, row<std::int64_t>({2, 0})), (Ints{0, 1, 10, 11, 4, 5}));
  EXPECT_EQ(written({{"mode", std::string("linear")}}, 3), (Ints{10, 11, 12, 13, 14, 15}));
  EXPECT_EQ(written({}, 0), (Ints{0, 1, 2, 3, 4, 5}));
}

TEST(TensorScatter, StartsAgainAtTheBeginningInCircularMode) {
  EXPECT_EQ(written(circular, 2, row<std::int64_t>({2, 4})), (Ints{11, 1, 10, 3, 12, 13}));
  EXPECT_EQ(written(circular, 1, row<std::int64_t>({3, -1})), (Ints{10, 1, 2, 3, 4, 11}));
}

TEST(TensorScatter, TakesAnyAxisButTheFirst) {
  const Tensor cache = counting({1, 2, 3});
  EXPECT_EQ(elements<std::int64_t>(run({"TensorScatter", 24, {{"axis", std::int64_t{-1}}}},
                                       {cache, counting({1, 2, 1}, 10), row<std::int64_t>({1})})[0]),
            (Ints{0, 10, 2, 3, 11, 5}));
  EXPECT_EQ(elements<std::int64_t>(run({"TensorScatter", 24}, {cache, counting({1, 1, 3}, 10)})[0]),
            (Ints{10, 11, 12, 3, 4, 5}));
  EXPECT_EQ(run({"TensorScatter", 24}, {counting({0, 2, 3}), counting({0, 1, 3})})[0].shape(), (Shape{0, 2, 3}));
}

TEST(TensorScatter, MovesEveryType) {
  expect_moves({"TensorScatter", 24}, {counting({1, 3, 1}), counting({1, 1, 1}, 5), row<std::int64_t>({1})}, {0, 1});
}

TEST(TensorScatter, SaysWhatDoesNotFit) {
  const Tensor cache = counting({2, 3, 1}), update = counting({2, 2, 1});
  EXPECT_EQ(error_of({"TensorScatter", 24, {{"axis", std::int64_t{0}}}}, {cache, update}),
            "invalid_model: attribute 'axis' is the batch dimension, 0");
  EXPECT_EQ(error_of({"TensorScatter", 24}, {counting({3}), counting({1})}),
            "invalid_model: axis -2 is out of range for a tensor of rank 1");
  EXPECT_EQ(error_of({"TensorScatter", 24, {{"mode", std::string("ring")}}}, {cache, update}),
            "invalid_model: attribute 'mode' is 'ring', expected linear or circular");
  EXPECT_EQ(error_of({"TensorScatter", 24}, {cache, row<float>({0})}),
            "invalid_model: inputs 0 and 1 have types int64 and float, expected the same");
  for (const Shape& shape : {Shape{2, 4, 1}, Shape{1, 2, 1}, Shape{2, 2}})
    EXPECT_EQ(error_of({"TensorScatter", 24}, {cache, counting(shape)}),
              "invalid_argument: input 1 of shape " + to_string(shape) +
                  " does not fit into a cache of shape [2, 3, 1] along axis 1");
  EXPECT_EQ(error_of({"TensorScatter", 24}, {cache, update, row<std::int32_t>({0, 0})}),
            "invalid_model: input 2 has type int32, expected int64");
  EXPECT_EQ(error_of({"TensorScatter", 24}, {cache, update, counting({1})}),
            "invalid_argument: input 2 has shape [1], expected [2]");
  for (const std::int64_t position : {-1, 2})
    EXPECT_EQ(error_of({"TensorScatter", 24}, {cache, update, row<std::int64_t>({0, position})}),
              fmt::format("invalid_argument: 2 entries cannot be written from position {} of 3", position));
}

}  // namespace
}  // namespace ranvier::operators
