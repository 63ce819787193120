#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

using Attributes = testing::Attributes;

std::vector<float> eye(const Shape& shape, const Attributes& attributes) {
  return elements<float>(run({"EyeLike", 9, attributes}, {Tensor(DataType::float32, shape)})[0]);
}

TEST(EyeLike, HasOnesOnADiagonal) {
  EXPECT_EQ(eye({2, 3}, {}), (std::vector<float>{1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(eye({3, 2}, {}), (std::vector<float>{1, 0, 0, 1, 0, 0}));
  EXPECT_EQ(eye({2, 3}, {{"k", std::int64_t{2}}}), (std::vector<float>{0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(eye({3, 2}, {{"k", std::int64_t{-1}}}), (std::vector<float>{0, 0, 1, 0, 0, 1}));
  for (const std::int64_t far : {std::int64_t{9}, std::int64_t{-9}, std::int64_t{1} << 62})
    EXPECT_EQ(eye({2, 2}, {{"k", far}}), (std::vector<float>{0, 0, 0, 0})) << far;
  EXPECT_TRUE(eye({0, 2}, {}).empty());
}

TEST(EyeLike, HasTheInputsTypeOrThatOfDtype) {
  const auto eye_of = [](DataType input, DataType dtype) {
    return run({"EyeLike", 22, {{"dtype", static_cast<std::int64_t>(dtype)}}}, {Tensor(input, {1, 2})})[0];
  };
  EXPECT_EQ(elements<bool>(run({"EyeLike", 9}, {Tensor(DataType::boolean, {1, 2})})[0]),
            (std::vector<bool>{true, false}));
  EXPECT_EQ(elements<std::uint8_t>(eye_of(DataType::string, DataType::uint8)), (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(elements<double>(eye_of(DataType::int4, DataType::float64)), (std::vector<double>{1, 0}));
  EXPECT_EQ(elements<Float16>(eye_of(DataType::float32, DataType::float16))[0].bits, 0x3c00);
}

TEST(EyeLike, SaysWhatIsWrong) {
  EXPECT_EQ(error_of({"EyeLike", 9}, {Tensor(DataType::float32, {2})}),
            "invalid_argument: input 0 has shape [2], expected two dimensions");
  const std::string supported =
      "supported are: float, uint8, int8, uint16, int16, int32, int64, bool, float16, double, uint32, uint64, bfloat16";
  const Tensor square(DataType::float32, {2, 2});
  EXPECT_EQ(error_of({"EyeLike", 9, {{"dtype", std::int64_t{8}}}}, {square}),
            "unsupported: the output has type string, " + supported);
  EXPECT_EQ(error_of({"EyeLike", 9}, {Tensor(DataType::int4, {2, 2})}),
            "unsupported: the output has type int4, " + supported);
  EXPECT_EQ(error_of({"EyeLike", 9, {{"dtype", std::int64_t{99}}}}, {square}),
            "invalid_model: attribute 'dtype' is 99, which is the number of no type");
}

}  // namespace
}  // namespace ranvier::operators
