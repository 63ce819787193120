#include "operators/whole_numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::error_of;
using testing::row;

template <class Function>
auto with_input(const Tensor& value, const Function& function) {
  const graph::Node node{.inputs = {0}};
  return function(Spec(node, {{value.type(), value.shape(), &value}}));
}

std::vector<std::int64_t> numbers(const Tensor& value) {
  return with_input(value, [](const Spec& spec) { return whole_numbers(spec, 0); });
}

std::int64_t one_number(const Tensor& value) {
  return with_input(value, [](const Spec& spec) { return one_whole_number(spec, 0); });
}

TEST(WholeNumbers, CutFractionsAndKnowTheRangeOfInt64) {
  EXPECT_EQ(whole_number(-1.9f), -1);
  EXPECT_EQ(whole_number(Float16(2.5f)), 2);
  EXPECT_EQ(whole_number(-0x1p63), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(whole_number(std::int8_t{-3}), -3);
  EXPECT_EQ(whole_number(std::uint64_t{1} << 62), std::int64_t{1} << 62);
  for (const double outside : {0x1p63, -0x1.1p63, std::nan(""), std::numeric_limits<double>::infinity()})
    EXPECT_EQ(whole_number(outside), std::nullopt) << outside;
  EXPECT_EQ(whole_number(~std::uint64_t{0}), std::nullopt);
}

TEST(WholeNumbers, AreReadFromAnyNumericType) {
  EXPECT_EQ(numbers(row<double>({1.5, -2})), (std::vector<std::int64_t>{1, -2}));
  EXPECT_EQ(numbers(row<std::uint8_t>({255})), std::vector<std::int64_t>{255});
  EXPECT_EQ(one_number(Tensor::of<BFloat16>({}, {BFloat16(4.0f)})), 4);
  EXPECT_EQ(error_of([] { numbers(row<float>({NAN})); }),
            "invalid_argument: input 0 holds a number that int64 does not hold");
  EXPECT_EQ(error_of([] { numbers(row<bool>({true})); }), "invalid_model: input 0 has type bool, expected numbers");
  EXPECT_EQ(error_of([] { one_number(row<float>({})); }), "invalid_argument: input 0 has 0 elements, expected one");
}

TEST(DistinctAxes, CountFromTheFront) {
  const std::int64_t axes[] = {-1, 0}, twice[] = {1, -1}, beyond[] = {2};
  EXPECT_EQ(distinct_axes(axes, 2), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(error_of([&] { distinct_axes(twice, 2); }), "invalid_model: axis 1 is given twice");
  EXPECT_EQ(error_of([&] { distinct_axes(beyond, 2); }),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
}

}  // namespace
}  // namespace ranvier::operators
