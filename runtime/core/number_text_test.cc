#include "runtime/core/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ranvier {
namespace {

TEST(FormatReal, WritesTheShortestDecimal) {
  EXPECT_EQ(format_real(0.1), "0.1");
  EXPECT_EQ(format_real(0.1f), "0.1");
  EXPECT_EQ(format_real(static_cast<double>(0.1f)), "0.10000000149011612");
  EXPECT_EQ(format_real(314.15926f), "314.15927");
  EXPECT_EQ(format_real(100.0), "100.0");
  EXPECT_EQ(format_real(-0.0), "-0.0");
  EXPECT_EQ(format_real(0.0001), "0.0001");
  EXPECT_EQ(format_real(0.00001), "1e-05");
  EXPECT_EQ(format_real(123456789.123), "123456789.123");
  EXPECT_EQ(format_real(1e15), "1000000000000000.0");
  EXPECT_EQ(format_real(1e16), "1e+16");
  EXPECT_EQ(format_real(-1.5e300), "-1.5e+300");
  EXPECT_EQ(format_real(5e-324), "5e-324");
}

TEST(FormatReal, NamesWhatIsNoNumber) {
  EXPECT_EQ(format_real(std::numeric_limits<float>::quiet_NaN()), "nan");
  EXPECT_EQ(format_real(-std::numeric_limits<double>::quiet_NaN()), "nan");
  EXPECT_EQ(format_real(INFINITY), "inf");
  EXPECT_EQ(format_real(-INFINITY, *float_format(DataType::float16)), "-inf");
}

TEST(FormatReal, KnowsThePrecisionOfHalf) {
  const FloatFormat& half = *float_format(DataType::float16);
  EXPECT_EQ(format_real(decode(half, encode(half, 0.1, false)), half), "0.1");
  EXPECT_EQ(format_real(decode(half, encode(half, 0.47892547, false)), half), "0.479");
  EXPECT_EQ(format_real(1.0, half), "1.0");
}

TEST(ParseReal, ReadsPlainAndScientificNumbers) {
  EXPECT_EQ(parse_real("3.14"), 3.14);
  EXPECT_EQ(parse_real("1000"), 1000);
  EXPECT_EQ(parse_real("1e-5"), 1e-5);
  EXPECT_EQ(parse_real("1E8"), 1e8);
  EXPECT_EQ(parse_real(" +2.5\n"), 2.5);
  EXPECT_EQ(parse_real("-.5"), -0.5);
}

TEST(ParseReal, ReadsInfinityAndNanInAnyCase) {
  EXPECT_EQ(parse_real("+INF"), INFINITY);
  EXPECT_EQ(parse_real("inf"), INFINITY);
  EXPECT_EQ(parse_real("-Inf"), -INFINITY);
  EXPECT_EQ(parse_real("Infinity"), INFINITY);
  EXPECT_TRUE(std::isnan(parse_real("NaN").value()));
  EXPECT_TRUE(std::isnan(parse_real("nan").value()));
}

TEST(ParseReal, TooLargeIsInfiniteAndTooSmallZero) {
  EXPECT_EQ(parse_real("1e400"), INFINITY);
  EXPECT_EQ(parse_real("-12.5E+999"), -INFINITY);
  EXPECT_EQ(parse_real(std::string(400, '9')), INFINITY);
  EXPECT_EQ(parse_real("1e-400"), 0.0);
  EXPECT_TRUE(std::signbit(parse_real("-1e-400").value()));
  EXPECT_EQ(parse_real("0." + std::string(400, '0') + "1"), 0.0);
}

TEST(ParseReal, RefusesTheRest) {
  for (const char* text : {"", " ", "+", "Hello World!", "1.5x", "0x10", "+-1", "1 2", ".", "e5", "--1"})
    EXPECT_EQ(parse_real(text), std::nullopt) << text;
}

TEST(ParseInteger, ReadsAll64Bits) {
  EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse_integer("9007199254740993"), 9007199254740993);
  EXPECT_EQ(parse_integer("18446744073709551615"), -1);
  EXPECT_EQ(parse_integer("+12"), 12);
  EXPECT_EQ(parse_integer("100.5"), 100);
  EXPECT_EQ(parse_integer("1e3"), 1000);
  EXPECT_EQ(parse_integer("x"), std::nullopt);
}

TEST(ParseBool, ReadsWordsAndNumbers) {
  EXPECT_EQ(parse_bool("True"), true);
  EXPECT_EQ(parse_bool(" false "), false);
  EXPECT_EQ(parse_bool("0"), false);
  EXPECT_EQ(parse_bool("0.5"), true);
  EXPECT_EQ(parse_bool("yes"), std::nullopt);
}

TEST(Truncated, KeepsTheLow64Bits) {
  EXPECT_EQ(truncated(-1.7), -1);
  EXPECT_EQ(truncated(0x1p63), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(truncated(-0x1p63), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(truncated(0x1.8p63), static_cast<std::int64_t>(0xc000000000000000u));
  EXPECT_EQ(truncated(0x1p64 + 0x1p12), 0x1000);
  EXPECT_EQ(truncated(-0x1p64 - 0x1p12), -0x1000);
  EXPECT_EQ(truncated(1e300), 0);
  EXPECT_EQ(truncated(INFINITY), 0);
  EXPECT_EQ(truncated(NAN), 0);
}

}  // namespace
}  // namespace ranvier
