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

const Attributes one_batch_axis = {{"batch_dims", std::int64_t{1}}};

/// The output for indices into 0, 1, 2, ...
Tensor gathered(const Shape& data, const Tensor& indices, const Attributes& attributes = {}) {
  return run({"GatherND", 12, attributes}, {counting(data), indices})[0];
}

TEST(GatherND, TakesAnElementOrASliceForEachTuple) {
  const Tensor pairs = Tensor::of<std::int64_t>({2, 2}, {0, 0, 1, 1});
  EXPECT_EQ(elements<std::int64_t>(run({"GatherND", 11}, {counting({2, 2}), pairs})[0]), (Ints{0, 3}));
  const Tensor rows = gathered({2, 2}, Tensor::of<std::int64_t>({2, 1}, {1, 0}));
  EXPECT_EQ(rows.shape(), (Shape{2, 2}));
  EXPECT_EQ(elements<std::int64_t>(rows), (Ints{2, 3, 0, 1}));
  const Tensor slices = gathered({2, 2, 2}, Tensor::of<std::int32_t>({2, 1, 2}, {0, -1, -1, 0}));
  EXPECT_EQ(slices.shape(), (Shape{2, 1, 2}));
  EXPECT_EQ(elements<std::int64_t>(slices), (Ints{2, 3, 4, 5}));
}

TEST(GatherND, SharesBatchDimensionsSinceOpset12) {
  const Tensor rows = gathered({2, 2, 2}, Tensor::of<std::int64_t>({2, 1}, {1, 0}), one_batch_axis);
  EXPECT_EQ(rows.shape(), (Shape{2, 2}));
  EXPECT_EQ(elements<std::int64_t>(rows), (Ints{2, 3, 4, 5}));
  const Tensor several = gathered({2, 3}, Tensor::of<std::int64_t>({2, 2, 1}, {0, 2, 1, -1}), one_batch_axis);
  EXPECT_EQ(elements<std::int64_t>(several), (Ints{0, 2, 4, 5}));
}

TEST(GatherND, TakesOneTupleAndEmptyTensors) {
  EXPECT_EQ(gathered({2, 2}, row<std::int64_t>({1, 1})).shape(), Shape{});
  EXPECT_EQ(elements<std::int64_t>(gathered({2, 2}, counting({0}))), (Ints{0, 1, 2, 3}));
  EXPECT_EQ(gathered({2, 2}, counting({0, 1})).shape(), (Shape{0, 2}));
  EXPECT_EQ(gathered({2, 0}, Tensor::of<std::int64_t>({3, 1}, {1, 0, 1})).shape(), (Shape{3, 0}));
}

TEST(GatherND, MovesEveryType) {
  expect_moves({"GatherND", 13}, {counting({3, 3}), Tensor::of<std::int64_t>({2, 1}, {2, 0})});
}

TEST(GatherND, SaysWhatDoesNotFit) {
  const Tensor in = counting({2, 3});
  EXPECT_EQ(error_of({"GatherND", 13}, {in, row<std::int64_t>({1, 3})}),
            "invalid_argument: index 3 is out of range for an axis of size 3: expected -3 to 2");
  EXPECT_EQ(error_of({"GatherND", 13}, {in, counting({1, 3})}),
            "invalid_argument: tuples of 3 indices do not fit data of shape [2, 3]");
  EXPECT_EQ(error_of({"GatherND", 13, {{"batch_dims", std::int64_t{2}}}}, {in, in}),
            "invalid_model: attribute 'batch_dims' is 2, the inputs have shapes [2, 3] and [2, 3]");
  EXPECT_EQ(error_of({"GatherND", 13}, {in, counting({})}),
            "invalid_model: attribute 'batch_dims' is 0, the inputs have shapes [2, 3] and []");
  EXPECT_EQ(error_of({"GatherND", 13, one_batch_axis}, {in, counting({3, 1})}),
            "invalid_argument: inputs of shapes [2, 3] and [3, 1] do not agree in the first 1 dimensions");
  EXPECT_EQ(error_of({"GatherND", 13}, {in, row<float>({0})}),
            "invalid_model: input 1 has type float, expected int32 or int64");
}

}  // namespace
}  // namespace ranvier::operators
