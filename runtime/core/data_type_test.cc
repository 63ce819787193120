#include "runtime/core/data_type.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace ranvier {
namespace {

TEST(Float16, EveryValueSurvivesTheWayToFloatAndBack) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    Float16 half;
    half.bits = static_cast<std::uint16_t>(bits);
    const auto wide = static_cast<float>(half);
    if (std::isnan(wide)) {
      EXPECT_TRUE(std::isnan(static_cast<float>(Float16(wide))));
    } else {
      EXPECT_EQ(Float16(wide).bits, bits) << wide;
    }
  }
}

TEST(Float16, RoundsToNearestEven) {
  EXPECT_EQ(static_cast<float>(Float16(2049.f)), 2048.f);
  EXPECT_EQ(static_cast<float>(Float16(2051.f)), 2052.f);
  EXPECT_EQ(static_cast<float>(Float16(65519.996f)), 65504.f);
  EXPECT_EQ(static_cast<float>(Float16(65520.f)), std::numeric_limits<float>::infinity());
  EXPECT_EQ(Float16(0x1p-25f).bits, 0u) << "half of the least subnormal is a tie, and goes to even";
  EXPECT_EQ(Float16(0x1.8p-25f).bits, 1u);
  EXPECT_EQ(Float16(-0.f).bits, 0x8000u);
}

TEST(BFloat16, RoundsToNearestEven) {
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f808000u)).bits, 0x3f80u);
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f818000u)).bits, 0x3f82u);
  EXPECT_EQ(BFloat16(std::numeric_limits<float>::max()).bits, 0x7f80u);
  EXPECT_TRUE(std::isnan(static_cast<float>(BFloat16(std::bit_cast<float>(0x7f800001u)))));
}

TEST(DataType, NamesAreThoseOfOnnxAndUnique) {
  EXPECT_EQ(name(DataType::float32), "float");
  EXPECT_EQ(name(DataType::boolean), "bool");
  for (int i = 1; i < data_type_count; ++i)
    EXPECT_EQ(static_cast<int>(data_type_named(name(static_cast<DataType>(i)))), i);
  EXPECT_EQ(data_type_named("quaternion"), DataType::undefined);
}

TEST(Dispatch, FindsTheTypeOrSaysSo) {
  const auto size = [](DataType type) { return dispatch<NumericTypes>(type, []<class T>() { return sizeof(T); }); };
  EXPECT_EQ(size(DataType::int16), 2u);
  EXPECT_EQ(size(DataType::bfloat16), 2u);
  EXPECT_THROW(size(DataType::string), Error);
}

}  // namespace
}  // namespace ranvier
