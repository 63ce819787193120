#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;
using Floats = std::vector<float>;

Tensor eight(const Shape& shape) { return Tensor::of<float>(shape, {1, 2, 3, 4, -5, 6, 7, 8}); }

TEST(GlobalPool, FoldsEverythingAfterTheChannels) {
  for (const Shape& shape : {Shape{1, 2, 4}, Shape{2, 1, 2, 2}, Shape{1, 2, 1, 2, 2}}) {
    Shape pooled = Shape::filled(shape.rank(), 1);
    pooled[0] = shape[0];
    pooled[1] = shape[1];
    EXPECT_EQ(run({"GlobalAveragePool"}, {eight(shape)})[0].shape(), pooled);
    EXPECT_EQ(elements<float>(run({"GlobalAveragePool"}, {eight(shape)})[0]), (Floats{2.5, 4}));
    EXPECT_EQ(elements<float>(run({"GlobalMaxPool"}, {eight(shape)})[0]), (Floats{4, 8}));
  }
}

TEST(GlobalPool, ChannelsAloneStayAsTheyAre) {
  EXPECT_EQ(elements<float>(run({"GlobalAveragePool"}, {eight({2, 4})})[0]), elements<float>(eight({2, 4})));
}

TEST(GlobalPool, LpPoolTakesItsOrderAsFloatThenAsInteger) {
  const Tensor in = Tensor::of<float>({1, 1, 2}, {3, -4});
  EXPECT_FLOAT_EQ(elements<float>(run({"GlobalLpPool"}, {in})[0])[0], 5);
  EXPECT_FLOAT_EQ(elements<float>(run({"GlobalLpPool", 2, {{"p", std::int64_t{1}}}}, {in})[0])[0], 7);
  const float half = std::pow(std::sqrt(3.0f) + 2, 2.0f);
  EXPECT_FLOAT_EQ(elements<float>(run({"GlobalLpPool", 1, {{"p", 0.5f}}}, {in})[0])[0], half);
  EXPECT_EQ(error_of([&] {
              run({"GlobalLpPool", 2, {{"p", std::int64_t{0}}}}, {in});
            }),
            "invalid_model: attribute 'p' is 0, expected more than 0");
  EXPECT_EQ(error_of([&] {
              run({"GlobalLpPool", 1, {{"p", std::int64_t{2}}}}, {in});
            }),
            "invalid_model: attribute 'p' is of kind int, expected float");
}

TEST(GlobalPool, NanGoesThrough) {
  const Tensor in = Tensor::of<float>({1, 1, 3}, {1, std::numeric_limits<float>::quiet_NaN(), 2});
  for (const char* pool : {"GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"})
    EXPECT_TRUE(std::isnan(elements<float>(run({pool}, {in})[0])[0])) << pool;
}

TEST(GlobalPool, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of([] { run({"GlobalMaxPool"}, {eight({8})}); }),
            "invalid_argument: input 0 has shape [8], expected a batch, channels and what to pool");
}

}  // namespace
}  // namespace ranvier::operators
