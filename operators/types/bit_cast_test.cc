#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Call;
using testing::elements;
using testing::error_of;
using testing::run;

Call bit_cast_to(DataType type) { return {"BitCast", 26, {{"to", static_cast<std::int64_t>(type)}}}; }

TEST(BitCast, KeepsTheBits) {
  const Tensor reals = Tensor::of<float>({2, 1}, {1.0f, -0.0f});
  const Tensor words = run(bit_cast_to(DataType::uint32), {reals})[0];
  EXPECT_EQ(words.shape(), (Shape{2, 1}));
  EXPECT_EQ(elements<std::uint32_t>(words), (std::vector<std::uint32_t>{0x3f800000, 0x80000000}));
  EXPECT_EQ(elements<float>(run(bit_cast_to(DataType::float32), {words})[0]), elements<float>(reals));
}

TEST(BitCast, KnowsComplexAndPackedTypes) {
  const auto pair = Tensor::of<std::complex<float>>({}, {{1.0f, 0.0f}});
  EXPECT_EQ(elements<std::uint64_t>(run(bit_cast_to(DataType::uint64), {pair})[0]),
            (std::vector<std::uint64_t>{0x3f800000}));
  Tensor nibbles(DataType::int4, {3});
  static_cast<std::uint8_t*>(nibbles.mutable_data())[1] = 0x0f;
  const Tensor floats = run(bit_cast_to(DataType::float4e2m1), {nibbles})[0];
  EXPECT_EQ(static_cast<const std::uint8_t*>(floats.data())[1], 0x0f);
}

TEST(BitCast, MakesNoBoolOfOtherBytes) {
  const Tensor bytes = Tensor::of<std::uint8_t>({3}, {1, 0, 1});
  EXPECT_EQ(elements<bool>(run(bit_cast_to(DataType::boolean), {bytes})[0]), (std::vector<bool>{true, false, true}));
  EXPECT_EQ(error_of([] {
              run(bit_cast_to(DataType::boolean), {Tensor::of<std::uint8_t>({2}, {1, 2})});
            }),
            "invalid_argument: element 1 is 0x02, which is no bool");
}

TEST(BitCast, NeedsTypesOfOneWidth) {
  EXPECT_EQ(error_of([] { run(bit_cast_to(DataType::int64), {Tensor::of<float>({1}, {1})}); }),
            "invalid_model: attribute 'to' is int64, whose elements are not as wide as those of float");
  EXPECT_EQ(error_of([] { run(bit_cast_to(DataType::string), {Tensor::of<float>({1}, {1})}); }),
            "invalid_model: attribute 'to' is string, whose elements are not as wide as those of float");
}

}  // namespace
}  // namespace ranvier::operators
