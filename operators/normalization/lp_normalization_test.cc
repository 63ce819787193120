#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::row;
using testing::run;
using Floats = std::vector<float>;

Attributes along(std::int64_t axis, std::int64_t p) { return {{"axis", axis}, {"p", p}}; }

const Tensor in = Tensor::of<float>({2, 2}, {3, -4, 6, 8});

TEST(LpNormalization, DividesByTheNormAlongTheLastAxisByDefault) {
  for (const std::int64_t version : {1, 22})
    EXPECT_EQ(elements<float>(run({"LpNormalization", version}, {in})[0]), (Floats{0.6f, -0.8f, 0.6f, 0.8f}));
}

TEST(LpNormalization, TakesAnyAxisAndTwoOrders) {
  EXPECT_EQ(elements<float>(run({"LpNormalization", 22, along(1, 1)}, {in})[0]),
            (Floats{3 / 7.0f, -4 / 7.0f, 6 / 14.0f, 8 / 14.0f}));
  for (const std::int64_t axis : {0, -2})
    EXPECT_EQ(elements<float>(run({"LpNormalization", 22, along(axis, 1)}, {in})[0]),
              (Floats{3 / 9.0f, -4 / 12.0f, 6 / 9.0f, 8 / 12.0f}));
}

TEST(LpNormalization, IsZeroWhereTheNormIs) {
  EXPECT_EQ(elements<float>(run({"LpNormalization", 22}, {row<float>({0, -0.0f})})[0]), (Floats{0, 0}));
  const Tensor mixed = Tensor::of<float>({2, 2}, {0, 0, NAN, 1});
  const auto y = elements<float>(run({"LpNormalization", 1}, {mixed})[0]);
  EXPECT_EQ(Floats(y.begin(), y.begin() + 2), (Floats{0, 0}));
  EXPECT_TRUE(std::isnan(y[2]) && std::isnan(y[3]));
}

TEST(LpNormalization, TakesOtherTypesAndEmptyTensors) {
  const Tensor halves = row({Float16(300), Float16(400)});
  EXPECT_EQ(elements<Float16>(run({"LpNormalization", 22}, {halves})[0])[1].bits, Float16(0.8f).bits);
  EXPECT_EQ(elements<double>(run({"LpNormalization", 22}, {row<double>({3e200, 4e100})})[0])[1], 0);
  const Tensor brains = row({BFloat16(-2)});
  EXPECT_EQ(static_cast<float>(elements<BFloat16>(run({"LpNormalization", 22}, {brains})[0])[0]), -1);
  EXPECT_EQ(run({"LpNormalization", 22}, {Tensor(DataType::float32, {2, 0})})[0].shape(), (Shape{2, 0}));
}

TEST(LpNormalization, SaysWhatIsWrong) {
  EXPECT_EQ(error_of({"LpNormalization", 22, along(-1, 3)}, {in}),
            "invalid_model: attribute 'p' is 3, expected 1 or 2");
  EXPECT_EQ(error_of({"LpNormalization", 22, along(2, 2)}, {in}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"LpNormalization", 22}, {Tensor::of<float>({}, {1})}),
            "invalid_model: axis -1 is out of range for a tensor of rank 0");
}

}  // namespace
}  // namespace ranvier::operators
