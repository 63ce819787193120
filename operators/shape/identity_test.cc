#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::counting;
using testing::expect_moves;
using testing::run;

TEST(Identity, IsTheInput) {
  expect_moves({"Identity", 1}, {counting({3, 3})});
  expect_moves({"Identity", 25}, {counting({})});
  EXPECT_EQ(run({"Identity", 14}, {counting({2, 0})})[0].shape(), (Shape{2, 0}));
}

}  // namespace
}  // namespace ranvier::operators
