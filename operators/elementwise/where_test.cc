#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

const Tensor condition = Tensor::of<bool>({2, 1}, {true, false});

TEST(Where, ChoosesAndBroadcasts) {
  const Tensor yes = Tensor::of<float>({3}, {1, 2, 3});
  const Tensor result = run({"Where", 9}, {condition, yes, Tensor::of<float>({}, {0})})[0];
  EXPECT_EQ(result.shape(), (Shape{2, 3}));
  EXPECT_EQ(elements<float>(result), (std::vector<float>{1, 2, 3, 0, 0, 0}));
}

TEST(Where, MovesEveryWholeType) {
  testing::expect_moves({"Where", 16}, {condition, testing::counting({1, 2}), testing::counting({2, 2}, 5)}, {1, 2},
                        all_types - testing::packed_types);
}

TEST(Where, TakesScalarsAndEmptyTensors) {
  const auto yes = Tensor::of<float>({}, {1}), no = Tensor::of<float>({}, {0});
  EXPECT_EQ(elements<float>(run({"Where", 9}, {Tensor::of<bool>({}, {true}), yes, no})[0]), std::vector<float>{1});
  EXPECT_EQ(run({"Where", 9}, {Tensor(DataType::boolean, {0, 1}), yes, Tensor(DataType::float32, {3})})[0].shape(),
            (Shape{0, 3}));
}

TEST(Where, SaysWhatDoesNotFit) {
  const Tensor one = Tensor::of<float>({}, {1});
  EXPECT_EQ(error_of({"Where", 9}, {condition, one, Tensor::of<double>({}, {1})}),
            "invalid_model: inputs 1 and 2 have types float and double, expected the same");
  EXPECT_EQ(error_of({"Where", 9}, {condition, Tensor(DataType::float32, {3}), Tensor(DataType::float32, {2})}),
            "invalid_argument: shapes [2, 1] and [3] and [2] do not broadcast: 3 against 2");
  EXPECT_EQ(error_of({"Where", 9}, {one, one, one}), "unsupported: input 0 has type float, supported are: bool");
}

}  // namespace
}  // namespace ranvier::operators
