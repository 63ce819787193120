#include <gtest/gtest.h>

#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;
using Indices = std::vector<std::int64_t>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

testing::Attributes axis(std::int64_t axis, bool keep = true, bool last = false) {
  return {{"axis", axis}, {"keepdims", std::int64_t{keep}}, {"select_last_index", std::int64_t{last}}};
}

Tensor six() { return Tensor::of<float>({2, 3}, {2, 5, 5, 7, 5, 1}); }

TEST(Arg, FindsTheFirstOrTheLastExtreme) {
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMax", 13, axis(1)}, {six()})[0]), (Indices{1, 0}));
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMax", 13, axis(-1, true, true)}, {six()})[0]), (Indices{2, 0}));
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMin", 13, axis(1)}, {six()})[0]), (Indices{0, 2}));
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMax"}, {six()})[0]), (Indices{1, 0, 0}));
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMin", 13, axis(0, true, true)}, {six()})[0]), (Indices{0, 1, 1}));
}

TEST(Arg, KeepsTheAxisOrDropsIt) {
  EXPECT_EQ(run({"ArgMax", 1, axis(1)}, {six()})[0].shape(), (Shape{2, 1}));
  EXPECT_EQ(run({"ArgMax", 1, axis(1, false)}, {six()})[0].shape(), (Shape{2}));
}

TEST(Arg, NanWins) {
  const Tensor row = Tensor::of<float>({5}, {1, nan, 9, nan, -9});
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMax"}, {row})[0]), Indices{1});
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMin"}, {row})[0]), Indices{1});
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMax", 13, axis(0, true, true)}, {row})[0]), Indices{3});
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMin", 13, axis(0, true, true)}, {row})[0]), Indices{3});
}

TEST(Arg, OtherTypes) {
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMax"}, {Tensor::of<std::uint8_t>({3}, {1, 255, 3})})[0]), Indices{1});
  const Tensor halves = Tensor::of<Float16>({2}, {Float16(-1.0f), Float16(-2.0f)});
  EXPECT_EQ(elements<std::int64_t>(run({"ArgMin"}, {halves})[0]), Indices{1});
}

TEST(Arg, NeedsElements) {
  EXPECT_EQ(error_of([] {
              run({"ArgMax", 13, axis(1)}, {Tensor(DataType::float32, {2, 0})});
            }),
            "invalid_argument: an input of shape [2, 0] has no elements along axis 1");
  EXPECT_EQ(run({"ArgMax", 13, axis(0)}, {Tensor(DataType::float32, {2, 0})})[0].shape(), (Shape{1, 0}));
  EXPECT_EQ(error_of([] {
              run({"ArgMin", 13, axis(2)}, {six()});
            }),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
}

}  // namespace
}  // namespace ranvier::operators
