#include "operators/reduction/fold.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "operators/reduction/members.h"

namespace ranvier::operators {
namespace {

/// Folds by the definition: every element goes to the group that its index names.
std::vector<float> sums_by_index(const Shape& shape, const AxisSet& folded, const std::vector<float>& in) {
  const Shape to = row_major_strides(folded_shape(shape, folded));
  std::vector<float> sums(folded_shape(shape, folded).elements());
  for (std::int64_t i = 0; i < shape.elements(); ++i) {
    std::int64_t group = 0;
    std::int64_t rest = i;
    for (std::size_t axis = shape.rank(); axis-- > 0; rest /= shape[axis])
      if (!folded[axis]) group += rest % shape[axis] * to[axis];
    sums[group] += in[i];
  }
  return sums;
}

std::vector<float> sums(const FoldLayout& layout, const std::vector<float>& in) {
  std::vector<float> result(layout.groups());
  fold(layout, in.data(), reduction::Sum<float>(), [&](std::int64_t group, double sum) { result[group] = sum; });
  return result;
}

TEST(Fold, AgreesWithTheDefinitionForEveryChoiceOfAxes) {
  const Shape shape = {3, 1, 5, 2, 70};
  std::vector<float> in(shape.elements());
  std::iota(in.begin(), in.end(), 1.0f);
  for (unsigned choice = 0; choice < 32; ++choice) {
    const AxisSet folded(choice);
    const FoldLayout layout(shape, folded);
    EXPECT_EQ(layout.groups() * layout.count(), shape.elements());
    EXPECT_EQ(sums(layout, in), sums_by_index(shape, folded, in)) << "axes " << folded;
  }
}

TEST(Fold, MergesNeighbouringAxes) {
  const FoldLayout rows({2, 3, 1, 4, 5}, axes_from(3, 5));
  EXPECT_EQ(rows.run(), 20);
  EXPECT_EQ(rows.columns(), 1);
  const FoldLayout columns({2, 3, 1, 4, 5}, axis_set(std::vector<std::int64_t>{0, 1}, 5));
  EXPECT_EQ(columns.run(), 1);
  EXPECT_EQ(columns.columns(), 20);
}

TEST(Fold, EmptyTensorsHaveGroupsOfNothing) {
  const std::vector<float> none;
  EXPECT_EQ(sums(FoldLayout({2, 0, 3}, axis_set(std::vector<std::int64_t>{1}, 3)), none), std::vector<float>(6, 0.0f));
  EXPECT_EQ(sums(FoldLayout({2, 0, 3}, axis_set(std::vector<std::int64_t>{0}, 3)), none), none);
  // Nothing overflows where one size is zero and the others are enormous.
  const std::int64_t huge = std::int64_t{1} << 62;
  EXPECT_EQ(FoldLayout({huge, 0, huge}, axis_set(std::vector<std::int64_t>{0, 2}, 3)).groups(), 0);
}

}  // namespace
}  // namespace ranvier::operators
