#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::counting;
using testing::elements;
using testing::error_of;
using testing::run;

Tensor constant(const std::string& name, const graph::Attribute& value) {
  return run({"Constant", 13, {{name, value}}}, {})[0];
}

TEST(Constant, IsTheTensorOfTheNode) {
  for (const std::int64_t version : {1, 9, 11, 13, 25}) {
    const Tensor out = run({"Constant", version, {{"value", counting({2, 2})}}}, {})[0];
    EXPECT_EQ(out.shape(), (Shape{2, 2}));
    EXPECT_EQ(elements<std::int64_t>(out), (std::vector<std::int64_t>{0, 1, 2, 3}));
  }
  EXPECT_EQ(elements<std::int64_t>(constant("sparse_value", counting({3}))), (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(constant("value", Tensor(DataType::int4, {3})).type(), DataType::int4);
  EXPECT_EQ(constant("value", Tensor(DataType::float32, {2, 0})).shape(), (Shape{2, 0}));
}

TEST(Constant, IsANumberOrTextOfTheNode) {
  const Tensor number = constant("value_float", 1.5f);
  EXPECT_EQ(number.shape(), Shape{});
  EXPECT_EQ(elements<float>(number), std::vector<float>{1.5f});
  EXPECT_EQ(elements<std::int64_t>(constant("value_int", std::int64_t{-7})), std::vector<std::int64_t>{-7});
  EXPECT_EQ(elements<std::string>(constant("value_string", std::string("relu"))), std::vector<std::string>{"relu"});
}

TEST(Constant, IsAListOfTheNode) {
  const Tensor numbers = constant("value_floats", std::vector<float>{1, 2});
  EXPECT_EQ(numbers.shape(), Shape{2});
  EXPECT_EQ(elements<float>(numbers), (std::vector<float>{1, 2}));
  EXPECT_EQ(constant("value_ints", std::vector<std::int64_t>{}).shape(), Shape{0});
  EXPECT_EQ(elements<std::string>(constant("value_strings", std::vector<std::string>{"a", "", "b"})),
            (std::vector<std::string>{"a", "", "b"}));
}

TEST(Constant, NeedsAValue) {
  EXPECT_EQ(error_of({"Constant", 13}, {}), "invalid_model: no attribute 'value' or 'value_...' gives the constant");
  EXPECT_EQ(error_of({"Constant", 1, {{"value", 1.0f}}}, {}),
            "invalid_model: attribute 'value' is of kind float, expected tensor");
  EXPECT_EQ(error_of({"Constant", 13, {{"value", counting({1})}}}, {counting({1})}),
            "invalid_model: the node has 1 inputs, expected 0");
}

}  // namespace
}  // namespace ranvier::operators
