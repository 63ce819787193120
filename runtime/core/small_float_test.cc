#include "runtime/core/small_float.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace ranvier {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::uint16_t code(DataType type, double value, bool saturate) { return encode(*float_format(type), value, saturate); }

/// One line of the tables in the documentation of ONNX' Cast: a number, and what it becomes in each float8 type.
struct Line {
  double value;
  int e4m3fn, e4m3fnuz, e5m2, e5m2fnuz;
};

void expect_lines(const std::vector<Line>& lines, bool saturate) {
  for (const Line& line : lines) {
    SCOPED_TRACE(line.value);
    EXPECT_EQ(code(DataType::float8e4m3fn, line.value, saturate), line.e4m3fn);
    EXPECT_EQ(code(DataType::float8e4m3fnuz, line.value, saturate), line.e4m3fnuz);
    EXPECT_EQ(code(DataType::float8e5m2, line.value, saturate), line.e5m2);
    EXPECT_EQ(code(DataType::float8e5m2fnuz, line.value, saturate), line.e5m2fnuz);
  }
}

TEST(Float8, SaturatesAsInTheFirstTableOfCast) {
  expect_lines({{0.0, 0, 0, 0, 0},
                {-0.0, 0x80, 0, 0x80, 0},
                {not_a_number, 0x7f, 0x80, 0x7e, 0x80},
                {infinity, 0x7e, 0x7f, 0x7b, 0x7f},
                {-infinity, 0xfe, 0xff, 0xfb, 0xff},
                {1e6, 0x7e, 0x7f, 0x7b, 0x7f},
                {-1e6, 0xfe, 0xff, 0xfb, 0xff}},
               true);
}

TEST(Float8, OverflowsAsInTheSecondTableOfCast) {
  expect_lines({{0.0, 0, 0, 0, 0},
                {-0.0, 0x80, 0, 0x80, 0},
                {not_a_number, 0x7f, 0x80, 0x7e, 0x80},
                {-not_a_number, 0xff, 0x80, 0xfe, 0x80},
                {infinity, 0x7f, 0x80, 0x7c, 0x80},
                {-infinity, 0xff, 0x80, 0xfc, 0x80},
                {1e6, 0x7f, 0x80, 0x7c, 0x80},
                {-1e6, 0xff, 0x80, 0xfc, 0x80}},
               false);
}

TEST(Float8, OverflowBeginsWhereRoundingLeavesTheLargest) {
  EXPECT_EQ(code(DataType::float8e4m3fn, 464, false), 0x7e);  // half-way to 480: the even one is 448
  EXPECT_EQ(code(DataType::float8e4m3fn, std::nextafter(464.0, 500.0), false), 0x7f);
  EXPECT_EQ(code(DataType::float8e4m3fnuz, std::nextafter(248.0, 0.0), false), 0x7f);
  EXPECT_EQ(code(DataType::float8e4m3fnuz, 248, false), 0x80);  // 240 is odd, 256 even
  EXPECT_EQ(code(DataType::float8e5m2, std::nextafter(61440.0, 0.0), false), 0x7b);
  EXPECT_EQ(code(DataType::float8e5m2, 61440, false), 0x7c);
  EXPECT_EQ(code(DataType::float8e5m2fnuz, std::nextafter(61440.0, 0.0), false), 0x7f);
  EXPECT_EQ(code(DataType::float8e5m2fnuz, 61440, false), 0x80);
}

TEST(Float8, TinyNumbersRoundToTheSmallestOrToZero) {
  EXPECT_EQ(code(DataType::float8e4m3fn, 0x1p-10, true), 0);  // half of the smallest, 2^-9: even is 0
  EXPECT_EQ(code(DataType::float8e4m3fn, std::nextafter(0x1p-10, 1.0), true), 1);
  EXPECT_EQ(code(DataType::float8e4m3fn, -0x1p-10, true), 0x80);
  EXPECT_EQ(code(DataType::float8e4m3fnuz, -0x1p-11, true), 0);
  EXPECT_EQ(code(DataType::float8e4m3fn, 5e-324, true), 0);
  EXPECT_EQ(code(DataType::float8e4m3fn, 0x1p-6 - 0x1p-11, true), 8);  // rounds up into the normal numbers
}

TEST(SmallFloat, EveryCodeDecodesToItsNumberAndBack) {
  for (const DataType type : {DataType::float16, DataType::bfloat16, DataType::float8e4m3fn, DataType::float8e4m3fnuz,
                              DataType::float8e5m2, DataType::float8e5m2fnuz, DataType::float4e2m1}) {
    const FloatFormat& format = *float_format(type);
    for (int c = 0; c < 1 << format.bits; ++c) {
      const double value = decode(format, static_cast<std::uint16_t>(c));
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(decode(format, encode(format, value, true))));
      } else {
        EXPECT_EQ(encode(format, value, false), c) << name(type);
      }
    }
  }
}

TEST(SmallFloat, DecodesTheEdgesOfEachType) {
  const auto value = [](DataType type, std::uint16_t c) { return decode(*float_format(type), c); };
  EXPECT_EQ(value(DataType::float8e4m3fn, 0x7e), 448);
  EXPECT_EQ(value(DataType::float8e4m3fn, 1), 0x1p-9);
  EXPECT_TRUE(std::isnan(value(DataType::float8e4m3fn, 0xff)));
  EXPECT_EQ(value(DataType::float8e4m3fnuz, 0x7f), 240);
  EXPECT_EQ(value(DataType::float8e4m3fnuz, 1), 0x1p-10);
  EXPECT_TRUE(std::isnan(value(DataType::float8e4m3fnuz, 0x80)));
  EXPECT_EQ(value(DataType::float8e5m2, 0x7b), 57344);
  EXPECT_EQ(value(DataType::float8e5m2, 0xfc), -infinity);
  EXPECT_TRUE(std::isnan(value(DataType::float8e5m2, 0x7d)));
  EXPECT_EQ(value(DataType::float8e5m2fnuz, 0xff), -57344);
  EXPECT_EQ(value(DataType::float8e5m2fnuz, 1), 0x1p-17);
  EXPECT_TRUE(std::isnan(value(DataType::float8e5m2fnuz, 0x80)));
}

TEST(Float4, HasEightMagnitudesAndNothingElse) {
  const double magnitudes[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
  for (int c = 0; c < 8; ++c)
    EXPECT_EQ(decode(*float_format(DataType::float4e2m1), static_cast<std::uint16_t>(c)), magnitudes[c]);
  EXPECT_EQ(code(DataType::float4e2m1, 0.25, true), 0);
  EXPECT_EQ(code(DataType::float4e2m1, 0.75, true), 2);
  EXPECT_EQ(code(DataType::float4e2m1, -3.5, true), 0xe);
  EXPECT_EQ(code(DataType::float4e2m1, 5, true), 6);
  EXPECT_EQ(code(DataType::float4e2m1, 1e6, false), 7);
  EXPECT_EQ(code(DataType::float4e2m1, -infinity, true), 0xf);
  EXPECT_EQ(code(DataType::float4e2m1, not_a_number, true), 8);
}

TEST(Float16, RoundsADoubleOnce) {
  // Just above half-way between 1 and 1 + 2^-10: a float in between would make it the tie, which goes down.
  EXPECT_EQ(rounded<Float16>(1 + 0x1p-11 + 0x1p-40).bits, 0x3c01);
  EXPECT_EQ(Float16(static_cast<float>(1 + 0x1p-11 + 0x1p-40)).bits, 0x3c00);
  EXPECT_EQ(rounded<BFloat16>(1 + 0x1p-8 + 0x1p-40).bits, 0x3f81);
  EXPECT_EQ(rounded<Float16>(65519.99).bits, 0x7bff);
  EXPECT_EQ(rounded<Float16>(65520.0).bits, 0x7c00);
  EXPECT_EQ(rounded<BFloat16>(1e300).bits, 0x7f80);
}

TEST(Float16, AgreesWithTheConversionOfFloats) {
  for (std::uint32_t word = 0; word < 0xffff0000u; word += 0x1235) {
    const auto value = std::bit_cast<float>(word);
    if (std::isnan(value)) continue;
    ASSERT_EQ(rounded<Float16>(value).bits, Float16(value).bits) << value;
    ASSERT_EQ(rounded<BFloat16>(value).bits, BFloat16(value).bits) << value;
  }
}

TEST(Scale, RoundsToAPowerOfTwo) {
  using enum ScaleRounding;
  EXPECT_EQ(decode_scale(127), 1);
  EXPECT_EQ(decode_scale(0), 0x1p-127);
  EXPECT_TRUE(std::isnan(decode_scale(255)));
  EXPECT_EQ(encode_scale(1.1, up, true), 128);
  EXPECT_EQ(encode_scale(1.1, down, true), 127);
  EXPECT_EQ(encode_scale(1.1, nearest, true), 127);
  EXPECT_EQ(encode_scale(1.5, nearest, true), 128);
  EXPECT_EQ(encode_scale(2, up, true), 128);
  EXPECT_EQ(encode_scale(-2, down, true), 128);
}

TEST(Scale, TreatsSpecialNumbersAsTheTableOfCast) {
  using enum ScaleRounding;
  const struct {
    double value;
    int saturate_up, nearest;
  } lines[] = {{0, 0, 255},         {not_a_number, 255, 255}, {infinity, 254, 255},
               {0x1p128, 254, 255}, {0x1p-129, 0, 255},       {0x1p127, 254, 254}};
  for (const auto& line : lines) {
    EXPECT_EQ(encode_scale(line.value, up, true), line.saturate_up) << line.value;
    EXPECT_EQ(encode_scale(line.value, nearest, false), line.nearest) << line.value;
  }
}

}  // namespace
}  // namespace ranvier
