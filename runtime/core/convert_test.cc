#include "runtime/core/convert.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "runtime/core/packed.h"

namespace ranvier {
namespace {

template <class To, class From>
std::vector<To> converted(const std::vector<From>& from, DataType to = data_type_of<To>,
                          DataType type = data_type_of<From>) {
  std::vector<To> result(from.size());
  convert(type, from.data(), to, result.data(), static_cast<std::int64_t>(from.size()));
  return result;
}

TEST(Packed, TheFirstElementLiesInTheLowestBits) {
  std::uint8_t bytes[2] = {0xff, 0xff};
  write_packed<4>(bytes, 1, 0x2);
  write_packed<2>(bytes, 4, 0x1);
  EXPECT_EQ(bytes[0], 0x2f);
  EXPECT_EQ(bytes[1], 0xfd);
  EXPECT_EQ(read_packed<4>(bytes, 0), 0xfu);
  EXPECT_EQ(read_packed<2>(bytes, 2), 0x2u);
  EXPECT_EQ(sign_extended<4>(0x9), -7);
  EXPECT_EQ(sign_extended<2>(0x1), 1);
}

TEST(Convert, IntegersKeepTheLowBits) {
  EXPECT_EQ(converted<std::int8_t>(std::vector<std::int16_t>{200, -129}), (std::vector<std::int8_t>{-56, 127}));
  EXPECT_EQ(converted<std::uint64_t>(std::vector<std::int32_t>{-1}), (std::vector<std::uint64_t>{~0ull}));
}

TEST(Convert, RealNumbersLoseTheirFractionThenTheHighBits) {
  const std::vector<float> reals = {-1.7f, 300.9f, -9, 1e10f, INFINITY, NAN};
  EXPECT_EQ(converted<std::int8_t>(reals), (std::vector<std::int8_t>{-1, 44, -9, 0, 0, 0}));
  EXPECT_EQ(converted<std::uint8_t>(reals), (std::vector<std::uint8_t>{255, 44, 247, 0, 0, 0}));
  EXPECT_EQ(converted<std::int64_t>(reals), (std::vector<std::int64_t>{-1, 300, -9, 10000000000, 0, 0}));
  EXPECT_EQ(converted<std::uint64_t>(std::vector<double>{0x1.8p63}), (std::vector<std::uint64_t>{0xc000000000000000u}));
}

TEST(Convert, LongIntegersRoundOnce) {
  // 2^60 + 2^52 is half-way between two bfloat16 numbers; one more is above it, and lost in a double.
  const std::int64_t above = (1ll << 60) + (1ll << 52) + 1;
  EXPECT_EQ(converted<BFloat16>(std::vector<std::int64_t>{above})[0].bits, 0x5d81);
  EXPECT_EQ(converted<BFloat16>(std::vector<std::int64_t>{above - 1})[0].bits, 0x5d80);
  EXPECT_EQ(converted<BFloat16>(std::vector<std::int64_t>{-above})[0].bits, 0xdd81);
  EXPECT_EQ(converted<float>(std::vector<std::uint64_t>{~0ull})[0], 0x1p64f);
  EXPECT_EQ(converted<double>(std::vector<std::int64_t>{9007199254740993})[0], 9007199254740992.0);
  EXPECT_EQ(converted<Float16>(std::vector<std::int64_t>{1ll << 62})[0].bits, 0x7c00);
}

TEST(Convert, BoolIsWhatIsNotZero) {
  std::uint8_t bools[4] = {9, 9, 9, 9};
  const double values[4] = {-0.0, 0.1, NAN, -INFINITY};
  convert(DataType::float64, values, DataType::boolean, bools, 4);
  EXPECT_EQ(std::vector<std::uint8_t>(bools, bools + 4), (std::vector<std::uint8_t>{0, 1, 1, 1}));
  float reals[4];
  convert(DataType::boolean, bools, DataType::float32, reals, 4);
  EXPECT_EQ(std::vector<float>(reals, reals + 4), (std::vector<float>{0, 1, 1, 1}));
}

TEST(Convert, PackedTypesWrapAndLeaveNoBitsBehind) {
  const std::vector<float> values = {-9, 7, 16};
  std::uint8_t bytes[3] = {0xff, 0xff, 0xff};
  convert(DataType::float32, values.data(), DataType::int4, bytes, 3);
  EXPECT_EQ(bytes[0], 0x77);
  EXPECT_EQ(bytes[1], 0x00);
  EXPECT_EQ(bytes[2], 0xff);
  float back[3];
  bytes[0] = 0x8f;
  convert(DataType::int4, bytes, DataType::float32, back, 3);
  EXPECT_EQ(std::vector<float>(back, back + 3), (std::vector<float>{-1, -8, 0}));
  convert(DataType::uint4, bytes, DataType::float32, back, 3);
  EXPECT_EQ(std::vector<float>(back, back + 3), (std::vector<float>{15, 8, 0}));
  convert(DataType::float32, values.data(), DataType::uint2, bytes, 3);
  EXPECT_EQ(bytes[0], 0x0f);
  convert(DataType::int2, bytes, DataType::float32, back, 3);
  EXPECT_EQ(std::vector<float>(back, back + 3), (std::vector<float>{-1, -1, 0}));
}

TEST(Convert, SaturationIsForFloat8Only) {
  const double huge = 1e30;
  Float16 half;
  std::uint8_t code = 0;
  convert(DataType::float64, &huge, DataType::float16, &half, 1);
  EXPECT_EQ(half.bits, 0x7c00);
  convert(DataType::float64, &huge, DataType::float8e5m2, &code, 1);
  EXPECT_EQ(code, 0x7b);
  convert(DataType::float64, &huge, DataType::float8e5m2, &code, 1, {.saturate = false});
  EXPECT_EQ(code, 0x7c);
  convert(DataType::float64, &huge, DataType::float8e8m0, &code, 1, {.scale_rounding = ScaleRounding::down});
  EXPECT_EQ(code, 127 + 99);
}

TEST(Convert, GoesThroughMoreThanOneBlock) {
  std::vector<std::int32_t> values(1000);
  for (int i = 0; i < 1000; ++i) values[static_cast<std::size_t>(i)] = i - 500;
  EXPECT_EQ(converted<std::int32_t>(converted<double>(values)), values);
}

TEST(Convert, NumbersBecomeTextAndBack) {
  using Strings = std::vector<std::string>;
  EXPECT_EQ(converted<std::string>(std::vector<float>{0.5f, 100, NAN, -INFINITY}),
            (Strings{"0.5", "100.0", "nan", "-inf"}));
  EXPECT_EQ(converted<std::string>(std::vector<std::int8_t>{-5}), Strings{"-5"});
  EXPECT_EQ(converted<std::string>(std::vector<std::uint8_t>{1}, DataType::string, DataType::boolean), Strings{"True"});
  EXPECT_EQ(converted<std::string>(std::vector<std::uint8_t>{0x7e}, DataType::string, DataType::float8e4m3fn),
            Strings{"448.0"});
  EXPECT_EQ(converted<std::string>(Strings{"a"}), Strings{"a"});
  EXPECT_EQ(converted<float>(Strings{"3.14", "-INF", "1e-5"}), (std::vector<float>{3.14f, -INFINITY, 1e-5f}));
  EXPECT_EQ(converted<std::uint8_t>(Strings{"255", "-1", "100.5"}), (std::vector<std::uint8_t>{255, 255, 100}));
  EXPECT_THROW(converted<float>(Strings{"Hello World!"}), Error);
}

TEST(Convert, EveryPairOfTypesAgreesOnOne) {
  for (int a = 1; a < data_type_count; ++a) {
    for (int b = 1; b < data_type_count; ++b) {
      const auto from = static_cast<DataType>(a);
      const auto to = static_cast<DataType>(b);
      const TypeSet types = convertible_types - TypeSet::of(DataType::string);
      if (!types.contains(from) || !types.contains(to)) continue;
      const float ones[3] = {1, 1, 1};
      alignas(8) std::uint8_t source[24];
      alignas(8) std::uint8_t target[24];
      float back[3];
      convert(DataType::float32, ones, from, source, 3);
      convert(from, source, to, target, 3);
      convert(to, target, DataType::float32, back, 3);
      EXPECT_EQ(std::vector<float>(back, back + 3), (std::vector<float>{1, 1, 1})) << name(from) << ", " << name(to);
    }
  }
}

}  // namespace
}  // namespace ranvier
