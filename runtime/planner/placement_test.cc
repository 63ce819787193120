#include "runtime/planner/placement.h"

#include <gtest/gtest.h>

namespace ranvier::planner {
namespace {

constexpr std::size_t large = 6400;

/// Of three values that one step hands to the next.
const std::vector<StepMemory> steps = {{{0}}, {{0, 1}}, {{1, 2}}, {{2}}};

Placement placed(const std::vector<StepMemory>& memory, std::vector<Blocks> blocks) {
  return place(
      memory, [](graph::ValueId) { return large; }, 4, blocks);
}

TEST(Placement, SharesMemoryAmongValuesThatNeverMeet) {
  const Placement placement = placed(steps, {});
  EXPECT_EQ(placement.arena_bytes, 2 * large);
  ASSERT_EQ(placement.in_arena.size(), 3u);
  EXPECT_EQ(placement.in_arena[0].second, placement.in_arena[2].second);
}

TEST(Placement, KeepsABlockOfWhatOnlyItsStepsSee) {
  std::vector<Blocks> blocks = {{.first_step = 1, .end_step = 3, .rows = 100, .block = 10, .parts = 3}};
  const Placement placement = place(
      steps, [](graph::ValueId) { return large; }, 4, blocks);
  ASSERT_EQ(placement.in_blocks.size(), 1u);
  EXPECT_EQ(placement.in_blocks[0].first, 1u);
  EXPECT_EQ(blocks[0].memory_bytes, large / 10);
  EXPECT_EQ(placement.arena_bytes, 2 * large + 3 * large / 10);
  // The last rows of 0 are read after the first rows of 2 are written.
  ASSERT_EQ(placement.in_arena.size(), 2u);
  EXPECT_NE(placement.in_arena[0].second, placement.in_arena[1].second);
}

TEST(Placement, HasScratchForEachPartOfBlocks) {
  std::vector<StepMemory> memory = steps;
  for (StepMemory& step : memory) {
    step.scratch_bytes = 1280;
    step.row_scratch_bytes = 640;
  }
  std::vector<Blocks> blocks = {{.first_step = 1, .end_step = 3, .rows = 100, .block = 10, .parts = 2}};
  const Placement placement = place(
      memory, [](graph::ValueId) { return large; }, 4, blocks);
  EXPECT_EQ(blocks[0].memory_bytes, large / 10 + 640);
  EXPECT_LT(placement.scratch_offsets[1], blocks[0].memory_bytes) << "in the memory of the part";
  EXPECT_EQ(placement.scratch_offsets[3], placement.in_arena[0].second) << "in the arena, where 0 was";
}

}  // namespace
}  // namespace ranvier::planner
