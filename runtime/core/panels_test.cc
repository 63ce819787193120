#include "runtime/core/panels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "ranvier/error.h"
#include "runtime/core/arena.h"

namespace ranvier {
namespace {

Tensor numbered(const Shape& shape) {
  std::vector<float> values(static_cast<std::size_t>(shape.elements()));
  std::iota(values.begin(), values.end(), 1.0f);
  return Tensor::of<float>(shape, values);
}

std::vector<float> panels_in_memory(const Tensor& tensor) {
  const auto* data = static_cast<const float*>(tensor.data());
  return {data, data + panels_of(tensor)->elements(tensor.shape())};
}

TEST(Panels, HoldColumnsTogetherAndAreFilledUpWithZeros) {
  const Tensor matrix = numbered({2, 3});
  const Tensor panels = in_panels(matrix, {.axis = 1, .width = 2});
  EXPECT_EQ(panels_in_memory(panels), (std::vector<float>{1, 2, 4, 5, 3, 0, 6, 0}));
  EXPECT_EQ(panels.shape(), matrix.shape());
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(panels.data()) % buffer_alignment, 0u);
}

TEST(Panels, OfATransposeAreThoseOfTheMatrix) {
  EXPECT_EQ(panels_in_memory(in_panels(Tensor::of<float>({3, 2}, {1, 4, 2, 5, 3, 6}), {.axis = 0, .width = 2})),
            panels_in_memory(in_panels(numbered({2, 3}), {.axis = 1, .width = 2})));
}

TEST(Panels, GiveTheMatrixBack) {
  for (const std::int64_t rows : {1, 2, 7})
    for (const std::int64_t columns : {1, 4, 5, 9})
      for (const std::size_t axis : {0, 1}) {
        const Tensor matrix = numbered({rows, columns});
        const Tensor back = as_dense(in_panels(matrix, {.axis = axis, .width = 4}));
        ASSERT_TRUE(back.dense());
        EXPECT_TRUE(std::ranges::equal(back.values<float>(), matrix.values<float>())) << rows << " x " << columns;
      }
}

TEST(Panels, AreKnownFromOtherTensors) {
  const Tensor matrix = numbered({2, 3});
  EXPECT_EQ(panels_of(matrix), nullptr);
  EXPECT_EQ(panels_of(Tensor::strided_view(matrix.values<float>(), {3, 2}, {1, 3})), nullptr);
  const Tensor panels = in_panels(matrix, {.axis = 0, .width = 5});
  ASSERT_NE(panels_of(panels), nullptr);
  EXPECT_EQ(*panels_of(panels), (Panels{.axis = 0, .width = 5}));
  EXPECT_FALSE(panels.dense());
  EXPECT_EQ(as_dense(matrix).data(), matrix.data()) << "nothing is copied";
}

TEST(Panels, AreNotReadAsADenseMatrix) {
  try {
    (void)in_panels(numbered({2, 3}), {.axis = 1, .width = 2}).values<float>();
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the tensor's elements lie apart, in panels of 2: copy() brings them together");
  }
}

}  // namespace
}  // namespace ranvier
