#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::counting;
using testing::elements;
using testing::error_of;
using testing::expect_moves;
using testing::run;
using Ints = std::vector<std::int64_t>;

testing::Attributes perm(const Ints& perm) { return {{"perm", perm}}; }

TEST(Transpose, ReversesTheAxesByDefault) {
  const Tensor out = run({"Transpose", 1}, {counting({2, 1, 3})})[0];
  EXPECT_EQ(out.shape(), (Shape{3, 1, 2}));
  EXPECT_EQ(elements<std::int64_t>(out), (Ints{0, 3, 1, 4, 2, 5}));
}

TEST(Transpose, PutsTheAxesIntoTheOrderOfPerm) {
  const Tensor out = run({"Transpose", 13, perm({1, 0, 2})}, {counting({2, 2, 2})})[0];
  EXPECT_EQ(elements<std::int64_t>(out), (Ints{0, 1, 4, 5, 2, 3, 6, 7}));
  EXPECT_EQ(run({"Transpose", 13, perm({2, 0, 1})}, {counting({2, 3, 4})})[0].shape(), (Shape{4, 2, 3}));
}

TEST(Transpose, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(elements<std::int64_t>(run({"Transpose", 13}, {counting({}, 7)})[0]), Ints{7});
  EXPECT_EQ(run({"Transpose", 13, perm({1, 0})}, {counting({0, 3})})[0].shape(), (Shape{3, 0}));
}

TEST(Transpose, MovesEveryType) {
  expect_moves({"Transpose", 21}, {counting({3, 5})});
  expect_moves({"Transpose", 21, perm({0, 2, 1})}, {counting({2, 17, 18})});
}

TEST(Transpose, SaysWhatIsNoPermutation) {
  const Tensor in = counting({2, 3});
  EXPECT_EQ(error_of({"Transpose", 13, perm({0})}, {in}),
            "invalid_model: attribute 'perm' has 1 entries, the input 2 dimensions");
  EXPECT_EQ(error_of({"Transpose", 13, perm({1, 1})}, {in}), "invalid_model: axis 1 is given twice");
  EXPECT_EQ(error_of({"Transpose", 13, perm({0, 2})}, {in}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
}

}  // namespace
}  // namespace ranvier::operators
