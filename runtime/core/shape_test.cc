#include "runtime/core/shape.h"

#include <gtest/gtest.h>

#include "runtime/core/error.h"

namespace ranvier {
namespace {

template <class Function>
std::string error_of(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return std::string(name(error.code())) + ": " + error.what();
  }
  return "";
}

TEST(Shape, CountsElements) {
  EXPECT_EQ((Shape{2, 3, 4}).elements(), 24);
  EXPECT_EQ(Shape{}.elements(), 1);
  EXPECT_EQ((Shape{3, 0, 5}).elements(), 0);
}

TEST(Shape, RefusesSizesThatOverflowAndNegativeOnes) {
  EXPECT_EQ(error_of([] {
              (Shape{1ll << 40, 1ll << 40}).elements();
            }),
            "out_of_memory: shape [1099511627776, 1099511627776] has more elements than memory can hold");
  EXPECT_EQ(error_of([] { (Shape{2, -3}).elements(); }), "invalid_argument: shape [2, -3] has a negative dimension");
  EXPECT_EQ((Shape{1ll << 40, 1ll << 40, 0}).elements(), 0) << "no elements, whatever the other sizes";
  EXPECT_EQ(error_of([] { byte_size(DataType::float64, {1ll << 61}); }),
            "out_of_memory: a double tensor of shape [2305843009213693952] does not fit in memory");
}

TEST(Shape, HasALargestRank) {
  Shape shape = Shape::filled(Shape::max_rank, 1);
  EXPECT_EQ(error_of([&] { shape.push_back(1); }), "unsupported: more than 16 dimensions are not supported");
}

TEST(Shape, InsertsAndErasesAxes) {
  Shape shape = {2, 3};
  shape.insert(1, 9);
  EXPECT_EQ(shape, (Shape{2, 9, 3}));
  shape.insert(3, 7);
  EXPECT_EQ(shape, (Shape{2, 9, 3, 7}));
  shape.erase(0);
  EXPECT_EQ(shape, (Shape{9, 3, 7}));
}

TEST(Shape, PackedTypesRoundUpToBytes) {
  EXPECT_EQ(byte_size(DataType::int4, {5}), 3u);
  EXPECT_EQ(byte_size(DataType::uint2, {5}), 2u);
  EXPECT_EQ(byte_size(DataType::uint4, {0}), 0u);
}

TEST(Broadcast, FollowsTheRulesOfNumpy) {
  const Shape shapes[] = {{2, 1, 4}, {3, 1}, {}};
  EXPECT_EQ(broadcast(shapes), (Shape{2, 3, 4}));
  const Shape empty[] = {{0}, {1}};
  EXPECT_EQ(broadcast(empty), (Shape{0}));
  EXPECT_EQ(broadcast_strides({3, 1}, {2, 3, 4}), (Shape{0, 1, 0}));
}

TEST(Broadcast, SaysWhatDoesNotFit) {
  const Shape shapes[] = {{2}, {3}};
  EXPECT_EQ(error_of([&] { broadcast(shapes); }), "invalid_argument: shapes [2] and [3] do not broadcast: 2 against 3");
}

TEST(NormalizedAxis, CountsFromTheEndBelowZero) {
  EXPECT_EQ(normalized_axis(-1, 3), 2u);
  EXPECT_EQ(normalized_axis(0, 3), 0u);
  EXPECT_EQ(error_of([] { normalized_axis(3, 3); }), "invalid_model: axis 3 is out of range for a tensor of rank 3");
  EXPECT_EQ(error_of([] { normalized_axis(0, 0); }), "invalid_model: axis 0 is out of range for a tensor of rank 0");
}

}  // namespace
}  // namespace ranvier
