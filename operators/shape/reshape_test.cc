#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

Tensor six() { return Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}); }
Tensor dims(std::initializer_list<std::int64_t> values) {
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

TEST(Reshape, KeepsElementsAndResolvesSpecialSizes) {
  EXPECT_EQ(run({"Reshape"}, {six(), dims({3, 2})})[0].shape(), (Shape{3, 2}));
  EXPECT_EQ(run({"Reshape"}, {six(), dims({0, -1, 1})})[0].shape(), (Shape{2, 3, 1}));
  EXPECT_EQ(elements<float>(run({"Reshape"}, {six(), dims({-1})})[0]), (std::vector<float>{1, 2, 3, 4, 5, 6}));
}

TEST(Reshape, ZeroIsASizeWithAllowzero) {
  const Tensor empty(DataType::float32, {0, 3});
  EXPECT_EQ(run({"Reshape", 14, {{"allowzero", std::int64_t{1}}}}, {empty, dims({3, 0})})[0].shape(), (Shape{3, 0}));
}

TEST(Reshape, TakesTheShapeFromAnAttributeBeforeOpset5) {
  const std::vector<std::int64_t> shape = {3, -1};
  EXPECT_EQ(run({"Reshape", 1, {{"shape", shape}}}, {six()})[0].shape(), (Shape{3, 2}));
}

TEST(Reshape, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of([] {
              run({"Reshape"}, {six(), dims({4, -1})});
            }),
            "invalid_argument: an input of shape [2, 3] does not fit the shape [4, -1]");
  EXPECT_EQ(error_of([] {
              run({"Reshape"}, {six(), dims({-1, -1})});
            }),
            "invalid_argument: shape [-1, -1] has more than one -1");
  EXPECT_EQ(error_of([] {
              run({"Reshape"}, {six(), dims({-2, -3})});
            }),
            "invalid_argument: shape [-2, -3] has a negative dimension");
  const std::vector<std::int64_t> negative = {-6};
  EXPECT_EQ(error_of([&] {
              run({"Reshape", 1, {{"shape", negative}}}, {six()});
            }),
            "invalid_model: shape [-6] has a negative dimension");
}

}  // namespace
}  // namespace ranvier::operators
