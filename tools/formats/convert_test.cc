#include "tools/formats/convert.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tools/formats/testing.h"

namespace ranvier::formats {
namespace {

using testing::elements;
using testing::error_of;

std::string error(const Tensor& tensor, DataType type) {
  return error_of([&] { converted(tensor, type); });
}

TEST(Converted, RoundsToFloatingPoint) {
  const auto doubles = Tensor::of<double>({2}, {0.1, -1e-300});
  EXPECT_EQ(elements<float>(converted(doubles, DataType::float32)), (std::vector<float>{0.1f, -0.0f}));
  const auto large = Tensor::of<std::int64_t>({1}, {16777217});
  EXPECT_EQ(elements<float>(converted(large, DataType::float32)), (std::vector<float>{16777216}));
  const Tensor half = converted(Tensor::of<float>({2}, {1.5f, 65504}), DataType::float16);
  EXPECT_EQ(elements<double>(converted(half, DataType::float64)), (std::vector<double>{1.5, 65504}));
}

TEST(Converted, KeepsNaNAndInfinity) {
  const auto special = Tensor::of<double>({2}, {std::nan(""), -HUGE_VAL});
  const auto got = elements<float>(converted(special, DataType::float32));
  EXPECT_TRUE(std::isnan(got[0]));
  EXPECT_EQ(got[1], -HUGE_VALF);
}

TEST(Converted, RefusesWhatIsTooLarge) {
  EXPECT_EQ(error(Tensor::of<double>({2, 2}, {0, 1, 1e39, 2}), DataType::float32),
            "invalid_argument: the element at [1, 0] is 1e+39, which type float does not hold");
  EXPECT_EQ(error(Tensor::of<float>({1}, {70000}), DataType::float16),
            "invalid_argument: the element at [0] is 70000, which type float16 does not hold");
  EXPECT_EQ(error(Tensor::of<std::int64_t>({1}, {300}), DataType::uint8),
            "invalid_argument: the element at [0] is 300, which type uint8 does not hold");
  EXPECT_EQ(error(Tensor::of<std::int8_t>({1}, {-1}), DataType::uint64),
            "invalid_argument: the element at [0] is -1, which type uint64 does not hold");
  EXPECT_EQ(error(Tensor::of<double>({1}, {9223372036854775808.0}), DataType::int64),
            "invalid_argument: the element at [0] is 9.223372036854776e+18, which type int64 does not hold");
}

TEST(Converted, TakesWholeNumbersForIntegers) {
  EXPECT_EQ(elements<std::int32_t>(converted(Tensor::of<double>({2}, {3, -4}), DataType::int32)),
            (std::vector<std::int32_t>{3, -4}));
  EXPECT_EQ(error(Tensor::of<double>({1}, {2.5}), DataType::int32),
            "invalid_argument: the element at [0] is 2.5, which type int32 does not hold");
  EXPECT_EQ(error(Tensor::of<float>({1}, {std::numeric_limits<float>::quiet_NaN()}), DataType::int64),
            "invalid_argument: the element at [0] is nan, which type int64 does not hold");
  EXPECT_EQ(elements<std::uint64_t>(converted(Tensor::of<std::uint64_t>({1}, {~0ull}), DataType::uint64)),
            (std::vector<std::uint64_t>{~0ull}));
}

TEST(Converted, TakesZeroAndOneForBool) {
  EXPECT_EQ(elements<bool>(converted(Tensor::of<float>({2}, {1, 0}), DataType::boolean)),
            (std::vector<bool>{true, false}));
  EXPECT_EQ(elements<float>(converted(Tensor::of<bool>({2}, {true, false}), DataType::float32)),
            (std::vector<float>{1, 0}));
  EXPECT_EQ(error(Tensor::of<std::int32_t>({1}, {2}), DataType::boolean),
            "invalid_argument: the element at [0] is 2, which type bool does not hold");
}

TEST(Converted, RefusesTextForNumbers) {
  EXPECT_EQ(error(Tensor::of<std::string>({1}, {"1"}), DataType::float32),
            "invalid_argument: expected elements of type float, got string");
  EXPECT_EQ(error(Tensor(DataType::complex128, {1}), DataType::float32),
            "invalid_argument: expected elements of type float, got complex128");
}

}  // namespace
}  // namespace ranvier::formats
