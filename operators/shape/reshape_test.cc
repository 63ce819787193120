#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;
using Ints = std::vector<std::int64_t>;

Tensor six() { return Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}); }
Tensor dims(std::initializer_list<std::int64_t> values) {
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

TEST(Reshape, KeepsElementsAndResolvesSpecialSizes) {
  EXPECT_EQ(run({"Reshape"}, {six(), dims({3, 2})})[0].shape(), (Shape{3, 2}));
  EXPECT_EQ(run({"Reshape"}, {six(), dims({0, -1, 1})})[0].shape(), (Shape{2, 3, 1}));
  EXPECT_EQ(elements<float>(run({"Reshape"}, {six(), dims({-1})})[0]), (std::vector<float>{1, 2, 3, 4, 5, 6}));
}

TEST(Reshape, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(run({"Reshape"}, {Tensor::of<float>({1, 1}, {7}), dims({})})[0].shape(), Shape{});
  EXPECT_EQ(run({"Reshape"}, {Tensor::of<float>({}, {7}), dims({-1})})[0].shape(), Shape{1});
  const Tensor empty(DataType::float32, {0, 4, 3});
  EXPECT_EQ(run({"Reshape"}, {empty, dims({0, -1})})[0].shape(), (Shape{0, 12}));
  EXPECT_EQ(run({"Reshape"}, {empty, dims({-1, 12})})[0].shape(), (Shape{0, 12}));
  EXPECT_EQ(run({"Reshape"}, {Tensor(DataType::float32, {2, 0}), dims({-1, 0})})[0].shape(), (Shape{2, 0}));
}

TEST(Reshape, KeepsElementsOfEveryType) {
  testing::expect_moves({"Reshape", 21}, {testing::counting({3, 3}), dims({9})});
}

TEST(Reshape, ZeroIsASizeWithAllowzero) {
  const Tensor empty(DataType::float32, {0, 3});
  EXPECT_EQ(error_of({"Reshape", 14, {{"allowzero", std::int64_t{1}}}}, {empty, dims({0, -1})}),
            "invalid_argument: shape [0, -1] has a 0, which leaves -1 open");
  EXPECT_EQ(run({"Reshape", 14, {{"allowzero", std::int64_t{1}}}}, {empty, dims({3, 0})})[0].shape(), (Shape{3, 0}));
}

TEST(Reshape, TakesTheShapeFromAnAttributeBeforeOpset5) {
  EXPECT_EQ(run({"Reshape", 1, {{"shape", Ints{3, -1}}}}, {six()})[0].shape(), (Shape{3, 2}));
  EXPECT_EQ(run({"Reshape", 1, {{"shape", Ints{0, 1, 3}}}}, {six()})[0].shape(), (Shape{2, 1, 3}));
  EXPECT_EQ(error_of({"Reshape", 1}, {six()}), "invalid_model: attribute 'shape' is missing");
}

TEST(Reshape, SaysWhatDoesNotFit) {
  const auto error = [](const Tensor& shape) { return error_of({"Reshape"}, {six(), shape}); };
  EXPECT_EQ(error(dims({4, -1})), "invalid_argument: an input of shape [2, 3] does not fit the shape [4, -1]");
  EXPECT_EQ(error(dims({7})), "invalid_argument: an input of shape [2, 3] does not fit the shape [7]");
  EXPECT_EQ(error(dims({-1, -1})), "invalid_argument: shape [-1, -1] has more than one -1");
  EXPECT_EQ(error(dims({1, 1, 0})), "invalid_argument: shape [1, 1, 0] copies dimension 2 of an input of shape [2, 3]");
  EXPECT_EQ(error(dims({-2, -3})), "invalid_argument: shape [-2, -3] has a negative dimension");
  EXPECT_EQ(error(Tensor::of<float>({1}, {6})), "invalid_model: input 1 has type float, expected integers");
  const std::vector<std::int64_t> negative = {-6};
  EXPECT_EQ(error_of({"Reshape", 1, {{"shape", negative}}}, {six()}),
            "invalid_model: shape [-6] has a negative dimension");
}

}  // namespace
}  // namespace ranvier::operators
