#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::row;
using testing::run;

TEST(ConstantOfShape, IsZeroByDefault) {
  const Tensor zeros = run({"ConstantOfShape", 9}, {row<std::int64_t>({2, 1})})[0];
  EXPECT_EQ(zeros.shape(), (Shape{2, 1}));
  EXPECT_EQ(elements<float>(zeros), (std::vector<float>{0, 0}));
}

TEST(ConstantOfShape, RepeatsTheValue) {
  const auto filled = [](const Tensor& value) {
    return run({"ConstantOfShape", 25, {{"value", value}}}, {row<std::int64_t>({3})})[0];
  };
  EXPECT_EQ(elements<std::int32_t>(filled(row<std::int32_t>({-7}))), (std::vector<std::int32_t>{-7, -7, -7}));
  EXPECT_EQ(elements<bool>(filled(row<bool>({true}))), (std::vector<bool>{true, true, true}));
  EXPECT_EQ(elements<std::string>(filled(row<std::string>({"x"}))), (std::vector<std::string>{"x", "x", "x"}));
  EXPECT_EQ(elements<double>(filled(Tensor::of<double>({}, {0.5}))), (std::vector<double>{0.5, 0.5, 0.5}));
  Tensor nibble(DataType::int4, {1});
  static_cast<std::uint8_t*>(nibble.mutable_data())[0] = 0x0d;
  const Tensor nibbles = filled(nibble);
  EXPECT_EQ(nibbles.type(), DataType::int4);
  EXPECT_EQ(static_cast<const std::uint8_t*>(nibbles.data())[0], 0xdd);
  EXPECT_EQ(static_cast<const std::uint8_t*>(nibbles.data())[1], 0x0d);
}

TEST(ConstantOfShape, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(elements<float>(run({"ConstantOfShape", 9}, {row<std::int64_t>({})})[0]), std::vector<float>{0});
  EXPECT_EQ(run({"ConstantOfShape", 9}, {row<std::int64_t>({2, 0})})[0].shape(), (Shape{2, 0}));
}

TEST(ConstantOfShape, SaysWhatIsWrong) {
  EXPECT_EQ(error_of({"ConstantOfShape", 9}, {row<std::int64_t>({2, -1})}),
            "invalid_argument: shape [2, -1] has a negative dimension");
  EXPECT_EQ(error_of({"ConstantOfShape", 9, {{"value", row<float>({1, 2})}}}, {row<std::int64_t>({2})}),
            "invalid_model: attribute 'value' has 2 elements, expected one");
  EXPECT_EQ(error_of({"ConstantOfShape", 9}, {row<std::int64_t>({std::int64_t{1} << 32, std::int64_t{1} << 32})}),
            "out_of_memory: shape [4294967296, 4294967296] has more elements than memory can hold");
  EXPECT_EQ(error_of({"ConstantOfShape", 9}, {row<float>({2})}).substr(0, 39),
            "unsupported: input 0 has type float, su");
}

}  // namespace
}  // namespace ranvier::operators
