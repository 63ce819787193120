#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

Tensor rows() { return Tensor::of<float>({2, 2}, {1, 3, -5, 5}); }
Tensor pair(float a, float b) { return Tensor::of<float>({2}, {a, b}); }

TEST(LayerNormalization, NormalizesScalesAndShiftsEachRow) {
  const auto outputs = run({"LayerNormalization", 17, {{"epsilon", 0.f}}, 3}, {rows(), pair(2, 3), pair(10, 20)});
  EXPECT_EQ(elements<float>(outputs[0]), (std::vector<float>{8, 23, 8, 23}));
  EXPECT_EQ(outputs[1].shape(), (Shape{2, 1}));
  EXPECT_EQ(elements<float>(outputs[1]), (std::vector<float>{2, 0}));
  EXPECT_EQ(elements<float>(outputs[2]), (std::vector<float>{1, 0.2f}));
}

TEST(LayerNormalization, TakesSeveralAxesAndNoBias) {
  const Tensor scale = Tensor::of<float>({2, 2}, {1, 1, 1, 2});
  const auto outputs = run({"LayerNormalization", 17, {{"axis", std::int64_t{0}}, {"epsilon", 0.f}}}, {rows(), scale});
  const float deviation = std::sqrt(14.f);  // of 1, 3, -5, 5 around their mean 1
  EXPECT_FLOAT_EQ(elements<float>(outputs[0])[1], 2 / deviation);
  EXPECT_FLOAT_EQ(elements<float>(outputs[0])[3], 8 / deviation);
}

TEST(LayerNormalization, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of([] {
              run({"LayerNormalization", 17}, {rows(), Tensor(DataType::float32, {3, 2, 2})});
            }),
            "invalid_argument: input 1 of shape [3, 2, 2] does not broadcast to the input's shape [2, 2]");
  EXPECT_EQ(error_of([] {
              run({"LayerNormalization", 17, {{"axis", std::int64_t{2}}}}, {rows(), pair(1, 1)});
            }),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
}

}  // namespace
}  // namespace ranvier::operators
