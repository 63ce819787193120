#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::counting;
using testing::error_of;
using testing::expect_moves;
using testing::row;
using testing::run;
using Ints = std::vector<std::int64_t>;

Attributes axes(const Ints& axes) { return {{"axes", axes}}; }

const Tensor in = counting({1, 3, 1, 2});

TEST(Squeeze, DropsEveryAxisOfSizeOneByDefault) {
  for (const std::int64_t version : {1, 11, 13, 25})
    EXPECT_EQ(run({"Squeeze", version}, {in})[0].shape(), (Shape{3, 2}));
  EXPECT_EQ(run({"Squeeze", 13}, {counting({1, 1})})[0].shape(), Shape{});
  EXPECT_EQ(run({"Squeeze", 13}, {counting({})})[0].shape(), Shape{});
  EXPECT_EQ(run({"Squeeze", 13}, {counting({1, 0})})[0].shape(), Shape{0});
}

TEST(Squeeze, DropsTheAxesOfTheAttributeBeforeOpset13AndThoseOfTheInputSince) {
  EXPECT_EQ(run({"Squeeze", 1, axes({2})}, {in})[0].shape(), (Shape{1, 3, 2}));
  EXPECT_EQ(run({"Squeeze", 11, axes({-2, 0})}, {in})[0].shape(), (Shape{3, 2}));
  EXPECT_EQ(run({"Squeeze", 13}, {in, row<std::int64_t>({-2, 0})})[0].shape(), (Shape{3, 2}));
  EXPECT_EQ(run({"Squeeze", 13}, {in, row<std::int64_t>({})})[0].shape(), in.shape());
}

TEST(Squeeze, SaysWhichAxesItCannotDrop) {
  EXPECT_EQ(error_of({"Squeeze", 11, axes({1})}, {in}),
            "invalid_argument: axis 1 of an input of shape [1, 3, 1, 2] has size 3, expected 1");
  EXPECT_EQ(error_of({"Squeeze", 13}, {in, row<std::int64_t>({4})}),
            "invalid_model: axis 4 is out of range for a tensor of rank 4");
  EXPECT_EQ(error_of({"Squeeze", 13}, {in, row<std::int64_t>({0, -4})}), "invalid_model: axis 0 is given twice");
}

TEST(Unsqueeze, AddsAxesOfTheOutput) {
  EXPECT_EQ(run({"Unsqueeze", 1, axes({0, 3})}, {counting({3, 2})})[0].shape(), (Shape{1, 3, 2, 1}));
  EXPECT_EQ(run({"Unsqueeze", 11, axes({-1})}, {counting({3, 2})})[0].shape(), (Shape{3, 2, 1}));
  EXPECT_EQ(run({"Unsqueeze", 13}, {counting({3, 2}), row<std::int64_t>({2, 0})})[0].shape(), (Shape{1, 3, 1, 2}));
  EXPECT_EQ(run({"Unsqueeze", 13}, {counting({}), row<std::int64_t>({-1})})[0].shape(), Shape{1});
  EXPECT_EQ(run({"Unsqueeze", 13}, {counting({0, 2}), row<std::int64_t>({1})})[0].shape(), (Shape{0, 1, 2}));
}

TEST(Unsqueeze, SaysWhichAxesItCannotAdd) {
  EXPECT_EQ(error_of({"Unsqueeze", 11}, {in}), "invalid_model: attribute 'axes' is missing");
  EXPECT_EQ(error_of({"Unsqueeze", 13}, {in}), "invalid_model: the node has 1 inputs, expected 2");
  EXPECT_EQ(error_of({"Unsqueeze", 13}, {counting({3}), row<std::int64_t>({2})}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"Unsqueeze", 13}, {counting({3}), row<std::int64_t>({1, -2})}),
            "invalid_model: axis 1 is given twice");
  EXPECT_EQ(error_of({"Unsqueeze", 13}, {counting({3}), counting({16})}),
            "unsupported: more than 16 dimensions are not supported");
}

TEST(Unsqueeze, AndSqueezeKeepElementsOfEveryType) {
  expect_moves({"Squeeze", 21}, {counting({3, 1, 3})});
  expect_moves({"Unsqueeze", 21}, {counting({3, 3}), row<std::int64_t>({1})});
}

}  // namespace
}  // namespace ranvier::operators
