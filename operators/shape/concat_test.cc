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

TEST(Concat, JoinsAlongAnAxis) {
  const Tensor a = counting({2, 2}), b = counting({1, 2}, 10), c = counting({2, 1}, 20);
  EXPECT_EQ(elements<std::int64_t>(run({"Concat", 13, axis(0)}, {a, b, a})[0]), (Ints{0, 1, 2, 3, 10, 11, 0, 1, 2, 3}));
  const Tensor wide = run({"Concat", 13, axis(-1)}, {a, c})[0];
  EXPECT_EQ(wide.shape(), (Shape{2, 3}));
  EXPECT_EQ(elements<std::int64_t>(wide), (Ints{0, 1, 20, 2, 3, 21}));
  EXPECT_EQ(elements<std::int64_t>(run({"Concat", 4, axis(0)}, {b})[0]), (Ints{10, 11}));
}

TEST(Concat, AxisIsOneByDefaultBeforeOpset4) {
  EXPECT_EQ(run({"Concat", 1}, {counting({2, 2}), counting({2, 3})})[0].shape(), (Shape{2, 5}));
  EXPECT_EQ(run({"Concat", 1, axis(0)}, {counting({2, 3}), counting({2, 3})})[0].shape(), (Shape{4, 3}));
  EXPECT_EQ(error_of({"Concat", 4}, {counting({2, 2})}), "invalid_model: attribute 'axis' is missing");
}

TEST(Concat, TakesEmptyTensors) {
  const Tensor joined = run({"Concat", 13, axis(1)}, {counting({2, 0}), counting({2, 2}), counting({2, 0})})[0];
  EXPECT_EQ(elements<std::int64_t>(joined), (Ints{0, 1, 2, 3}));
  EXPECT_EQ(run({"Concat", 13, axis(1)}, {counting({0, 2}), counting({0, 3})})[0].shape(), (Shape{0, 5}));
}

TEST(Concat, MovesEveryType) { expect_moves({"Concat", 13, axis(1)}, {counting({3, 1}), counting({3, 2}, 7)}, {0, 1}); }

TEST(Concat, SaysWhatDoesNotFit) {
  const Tensor a = counting({2, 3});
  EXPECT_EQ(error_of({"Concat", 13, axis(2)}, {a, a}), "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"Concat", 13, axis(0)}, {counting({}), counting({})}),
            "invalid_model: axis 0 is out of range for a tensor of rank 0");
  EXPECT_EQ(error_of({"Concat", 13, axis(0)}, {a, counting({2, 2})}),
            "invalid_argument: inputs 0 and 1 have shapes [2, 3] and [2, 2], expected the same but along axis 0");
  EXPECT_EQ(error_of({"Concat", 13, axis(1)}, {a, counting({2})}),
            "invalid_argument: inputs 0 and 1 have shapes [2, 3] and [2], expected the same but along axis 1");
  EXPECT_EQ(error_of({"Concat", 13, axis(0)}, {a, row<float>({1})}),
            "invalid_model: inputs 0 and 1 have types int64 and float, expected the same");
  EXPECT_EQ(error_of({"Concat", 13, axis(0)}, {}), "invalid_model: the node has 0 inputs, expected at least 1");
  const Tensor huge(DataType::uint8, {std::int64_t{1} << 62, 0});
  EXPECT_EQ(error_of({"Concat", 13, axis(0)}, {huge, huge}),
            "out_of_memory: the sum of the sizes along axis 0 does not fit");
}

}  // namespace
}  // namespace ranvier::operators
