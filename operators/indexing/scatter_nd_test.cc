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

testing::Attributes reduction(const std::string& name) { return {{"reduction", name}}; }

TEST(ScatterND, ReplacesAnElementOrASliceForEachTuple) {
  const Tensor indices = Tensor::of<std::int64_t>({4, 1}, {4, 3, 1, 7});
  EXPECT_EQ(elements<std::int64_t>(run({"ScatterND", 11}, {counting({8}, 1), indices, counting({4}, 9)})[0]),
            (Ints{1, 11, 3, 10, 9, 6, 7, 12}));
  const Tensor rows = Tensor::of<std::int32_t>({1, 1}, {-1});
  EXPECT_EQ(elements<std::int64_t>(run({"ScatterND", 13}, {counting({2, 2}), rows, counting({1, 2}, 8)})[0]),
            (Ints{0, 1, 8, 9}));
  const Tensor pairs = Tensor::of<std::int64_t>({2, 1, 2}, {0, 1, 1, 0});
  EXPECT_EQ(elements<std::int64_t>(run({"ScatterND", 13}, {counting({2, 2}), pairs, counting({2, 1}, 8)})[0]),
            (Ints{0, 8, 9, 3}));
}

TEST(ScatterND, CombinesAsTheReductionSays) {
  const Tensor data = row<std::int64_t>({1, 5, 3}), indices = Tensor::of<std::int64_t>({3, 1}, {1, 1, 0});
  const Tensor updates = row<std::int64_t>({4, 7, -2});
  const std::tuple<const char*, std::int64_t, Ints> cases[] = {{"none", 16, {-2, 7, 3}},
                                                               {"add", 16, {-1, 16, 3}},
                                                               {"mul", 16, {-2, 140, 3}},
                                                               {"max", 18, {1, 7, 3}},
                                                               {"min", 18, {-2, 4, 3}}};
  for (const auto& [name, version, expected] : cases)
    EXPECT_EQ(elements<std::int64_t>(run({"ScatterND", version, reduction(name)}, {data, indices, updates})[0]),
              expected)
        << name;
}

TEST(ScatterND, TakesOneTupleAndEmptyTensors) {
  const Tensor in = counting({2, 2});
  EXPECT_EQ(elements<std::int64_t>(run({"ScatterND", 18}, {in, row<std::int64_t>({1, 0}), counting({}, 9)})[0]),
            (Ints{0, 1, 9, 3}));
  EXPECT_EQ(elements<std::int64_t>(run({"ScatterND", 18}, {in, counting({0}), counting({2, 2}, 9)})[0]),
            (Ints{9, 10, 11, 12}));
  EXPECT_EQ(elements<std::int64_t>(run({"ScatterND", 18}, {in, counting({0, 1}), counting({0, 2})})[0]),
            (Ints{0, 1, 2, 3}));
  EXPECT_EQ(run({"ScatterND", 18}, {counting({2, 0}), counting({1, 1}), counting({1, 0})})[0].shape(), (Shape{2, 0}));
}

TEST(ScatterND, MovesEveryType) {
  expect_moves({"ScatterND", 18}, {counting({3, 3}), Tensor::of<std::int64_t>({1, 1}, {1}), counting({1, 3}, 5)},
               {0, 2});
}

TEST(ScatterND, SaysWhatDoesNotFit) {
  const Tensor in = counting({2, 3}), indices = counting({1, 1}), updates = counting({1, 3});
  EXPECT_EQ(error_of({"ScatterND", 18}, {in, row<std::int64_t>({2}), counting({3})}),
            "invalid_argument: index 2 is out of range for an axis of size 2: expected -2 to 1");
  EXPECT_EQ(error_of({"ScatterND", 18}, {in, indices, counting({3})}),
            "invalid_argument: input 2 has shape [3], expected [1, 3] for data of shape [2, 3] and indices of shape "
            "[1, 1]");
  EXPECT_EQ(error_of({"ScatterND", 18}, {in, counting({1, 3}), updates}),
            "invalid_argument: tuples of 3 indices do not fit data of shape [2, 3]");
  EXPECT_EQ(error_of({"ScatterND", 18}, {in, counting({}), updates}),
            "invalid_argument: input 1 is a scalar, expected tuples of indices");
  EXPECT_EQ(error_of({"ScatterND", 18}, {in, indices, row<float>({0})}),
            "invalid_model: inputs 0 and 2 have types int64 and float, expected the same");
  EXPECT_EQ(error_of({"ScatterND", 18}, {in, row<bool>({true}), updates}),
            "invalid_model: input 1 has type bool, expected int32 or int64");
  const Tensor packed(DataType::uint2, {2});
  EXPECT_EQ(error_of({"ScatterND", 18, reduction("add")}, {packed, indices, Tensor(DataType::uint2, {1})}),
            "unsupported: attribute 'reduction' is 'add'; elements of type uint2 can only be replaced");
  EXPECT_EQ(error_of({"ScatterND", 18, reduction("sum")}, {in, indices, updates}),
            "invalid_model: attribute 'reduction' is 'sum', expected none, add, mul, max or min");
}

}  // namespace
}  // namespace ranvier::operators
