#include "operators/strided_copy.h"

#include <gtest/gtest.h>

#include <numeric>

namespace ranvier::operators {
namespace {

/// The definition: one element after the other, for every index of the axes.
void copy_by_definition(std::span<const CopyAxis> axes, const int* from, int* to) {
  if (axes.empty()) {
    *to = *from;
    return;
  }
  for (std::int64_t i = 0; i < axes[0].extent; ++i)
    copy_by_definition(axes.subspan(1), from + i * axes[0].from, to + i * axes[0].to);
}

TEST(StridedCopy, DoesWhatTheDefinitionSays) {
  const std::vector<CopyAxis> cases[] = {
      {},
      {{5, 1, 1}},
      {{1, 7, 9}, {4, 3, 1}, {1, 0, 0}},                      // axes of size 1 go
      {{3, 4, 4}, {4, 1, 1}},                                 // one row
      {{3, 6, 4}, {2, 2, 2}, {2, 1, 1}},                      // rows of 4
      {{3, 0, 4}, {4, 1, 1}},                                 // a row repeated
      {{3, 1, 4}, {4, 0, 1}},                                 // elements repeated
      {{40, 1, 50}, {50, 40, 1}},                             // a transposition in tiles
      {{2, 1, 600}, {3, 2, 200}, {20, 6, 10}, {10, 120, 1}},  // the contiguous axis outermost
      {{4, 2, -8}, {8, 1, -1}},                               // backwards
      {{3, -4, 4}, {4, -1, 1}},
  };
  std::vector<int> from(5000);
  std::iota(from.begin(), from.end(), 0);
  for (const std::vector<CopyAxis>& axes : cases) {
    std::vector<int> got(5000, -1), expected(5000, -1);
    copy_by_definition(axes, from.data() + 2500, expected.data() + 2500);
    StridedCopy(axes).run(from.data() + 2500, got.data() + 2500);
    EXPECT_EQ(got, expected) << "case " << &axes - cases;
  }
}

TEST(StridedCopy, CopiesNothingOfAnEmptyBox) {
  constexpr std::int64_t huge = std::int64_t{1} << 62;
  const StridedCopy copy(Shape{huge, 0, huge}, Shape{1, 1, 1}, Shape{1, 1, 1});
  int untouched = 7;
  copy.run(static_cast<const int*>(nullptr), &untouched);
  EXPECT_EQ(untouched, 7);
}

}  // namespace
}  // namespace ranvier::operators
