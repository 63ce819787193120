#include "runtime/simd/peak.h"

#include <gtest/gtest.h>

#include <vector>

#include "runtime/core/arena.h"

namespace ranvier::simd {
namespace {

TEST(PeakLoops, DoTheArithmeticThatIsCounted) {
  const PeakLoops loops = peak_loops();
  const auto sums = static_cast<float>(loops.flops) / 2;  // each is halved, plus a half, in a round
  EXPECT_GE(loops.flops, 24u);
  const float begun = loops.multiply_add(0);
  EXPECT_GT(begun, sums);
  EXPECT_EQ(loops.multiply_add(1), (begun + sums) / 2);
  EXPECT_EQ(loops.multiply_add(100), sums);
}

TEST(PeakLoops, ReadAllThatIsThere) {
  const PeakLoops loops = peak_loops();
  ASSERT_LE(loops.unit * sizeof(float), 4096u);
  const std::size_t count = 3 * loops.unit;
  const AlignedBuffer memory(count * sizeof(float), AlignedBuffer::zeroed);
  auto* data = reinterpret_cast<float*>(memory.data());
  EXPECT_EQ(loops.read(data, count, 1), 0);
  int seen = 0;
  for (std::size_t i = 0; i < count; ++i) {
    data[i] = 1;
    if (loops.read(data, count, 1) == 1) {
      EXPECT_EQ(loops.read(data, count, 2), 0) << "what is read twice cancels";
      ++seen;
    }
    data[i] = 0;
  }
  EXPECT_EQ(seen, count) << "of the elements";
}

}  // namespace
}  // namespace ranvier::simd
