#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::counting;
using testing::error_of;
using testing::expect_moves;
using testing::run;

testing::Attributes axis(std::int64_t axis) { return {{"axis", axis}}; }

TEST(Flatten, MakesAMatrix) {
  const Tensor in = counting({2, 3, 4});
  EXPECT_EQ(run({"Flatten", 1}, {in})[0].shape(), (Shape{2, 12}));
  const std::pair<std::int64_t, Shape> cases[] = {{0, {1, 24}}, {1, {2, 12}},  {2, {6, 4}},  {3, {24, 1}},
                                                  {-1, {6, 4}}, {-2, {2, 12}}, {-3, {1, 24}}};
  for (const auto& [at, shape] : cases) EXPECT_EQ(run({"Flatten", 13, axis(at)}, {in})[0].shape(), shape) << at;
}

TEST(Flatten, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(run({"Flatten", 13, axis(0)}, {counting({})})[0].shape(), (Shape{1, 1}));
  EXPECT_EQ(run({"Flatten", 13}, {counting({0, 2, 3})})[0].shape(), (Shape{0, 6}));
}

TEST(Flatten, KeepsElementsOfEveryType) { expect_moves({"Flatten", 21}, {counting({3, 1, 3})}); }

TEST(Flatten, SaysWhichAxesThereAre) {
  EXPECT_EQ(error_of({"Flatten", 13, axis(3)}, {counting({2, 3})}),
            "invalid_model: attribute 'axis' is 3, expected -2 to 2 for a tensor of rank 2");
  EXPECT_EQ(error_of({"Flatten", 13, axis(-3)}, {counting({2, 3})}),
            "invalid_model: attribute 'axis' is -3, expected -2 to 2 for a tensor of rank 2");
}

}  // namespace
}  // namespace ranvier::operators
