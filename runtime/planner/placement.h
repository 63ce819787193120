// Where the values of a plan lie in its arena.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "runtime/graph/graph.h"
#include "runtime/planner/blocks.h"

namespace ranvier::planner {

/// What a step needs of the arena.
struct StepMemory {
  std::vector<graph::ValueId> values;  ///< Read or made.
  std::size_t scratch_bytes = 0;
  std::size_t row_scratch_bytes = 0;  ///< Instead, for each part, where it is a step of Blocks.
};

struct Placement {
  std::size_t arena_bytes = 0;
  std::vector<std::pair<graph::ValueId, std::size_t>> in_arena;   ///< Each with its offset there.
  std::vector<std::pair<graph::ValueId, std::size_t>> in_blocks;  ///< The same, in the memory of a part of its Blocks.
  std::vector<std::size_t> scratch_offsets;                       ///< By step, in the same way.
};

/// Places what the steps need by the time from its first step to its last. What only the steps of one Blocks see needs
/// no more than a block for each part, whose place is written into `blocks`; what others see, too, is in use from the
/// first of its steps to the last.
Placement place(std::span<const StepMemory> steps, const std::function<std::size_t(graph::ValueId)>& bytes_of,
                std::size_t value_count, std::vector<Blocks>& blocks);

}  // namespace ranvier::planner
