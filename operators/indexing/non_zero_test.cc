#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::counting;
using testing::elements;
using testing::error_of;
using testing::row;
using testing::run;
using Ints = std::vector<std::int64_t>;

Ints places(const Tensor& in) { return elements<std::int64_t>(run({"NonZero", 9}, {in})[0]); }

TEST(NonZero, HasOneColumnForEachElement) {
  const Tensor out = run({"NonZero", 9}, {Tensor::of<float>({2, 2}, {1, 0, -0.0f, NAN})})[0];
  EXPECT_EQ(out.shape(), (Shape{2, 2}));
  EXPECT_EQ(elements<std::int64_t>(out), (Ints{0, 1, 0, 1}));
  EXPECT_EQ(places(counting({1, 2, 2})), (Ints{0, 0, 0, 0, 1, 1, 1, 0, 1}));
}

TEST(NonZero, KnowsWhatIsZeroInOtherTypes) {
  EXPECT_EQ(places(row<bool>({false, true})), Ints{1});
  EXPECT_EQ(places(row<std::string>({"0", ""})), Ints{0});
  EXPECT_EQ(places(row<std::uint8_t>({0, 255})), Ints{1});
  EXPECT_EQ(places(row({Float16(0.0f), Float16(-1.0f)})), Ints{1});
  EXPECT_EQ(places(row<double>({0, 5e-324})), Ints{1});
}

TEST(NonZero, OfAScalarHasNoRows) {
  EXPECT_EQ(run({"NonZero", 13}, {counting({}, 1)})[0].shape(), (Shape{0, 1}));
  EXPECT_EQ(run({"NonZero", 13}, {counting({}, 0)})[0].shape(), (Shape{0, 0}));
}

TEST(NonZero, OfEmptyTensorsHasNoColumns) {
  EXPECT_EQ(run({"NonZero", 13}, {counting({2, 0})})[0].shape(), (Shape{2, 0}));
  EXPECT_EQ(run({"NonZero", 13}, {Tensor(DataType::float32, {3})})[0].shape(), (Shape{1, 0}));
}

TEST(NonZero, RefusesTypesThatItDoesNotRead) {
  for (const DataType type : {DataType::complex64, DataType::int4, DataType::float8e5m2})
    EXPECT_EQ(error_of({"NonZero", 13}, {Tensor(type, {2})}),
              fmt::format("unsupported: input 0 has type {}, supported are: float, uint8, int8, uint16, int16, int32, "
                          "int64, string, bool, float16, double, uint32, uint64, bfloat16",
                          name(type)));
}

}  // namespace
}  // namespace ranvier::operators
