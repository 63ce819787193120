#include "runtime/planner/placement.h"

#include <algorithm>
#include <optional>

#include "runtime/core/arena.h"

namespace ranvier::planner {
namespace {

using graph::ValueId;

class Placing {
 public:
  Placing(std::span<const StepMemory> steps, const std::function<std::size_t(ValueId)>& bytes_of,
          std::size_t value_count)
      : steps_(steps), bytes_of_(bytes_of), in_use_(value_count) {
    for (std::size_t s = 0; s < steps.size(); ++s)
      for (const ValueId id : steps[s].values) {
        if (!in_use_[id]) values_.push_back(id);
        use(id, s, s);
      }
  }

  Placement place(std::vector<Blocks>& all) && {
    result_.scratch_offsets.resize(steps_.size());
    for (Blocks& blocks : all) place_within(blocks);
    std::vector<Lifetime> lifetimes;
    std::vector<std::size_t*> offsets;  // where each is to be written
    const auto add = [&](const Lifetime& lifetime, std::size_t& offset) {
      if (lifetime.bytes == 0) return;
      lifetimes.push_back(lifetime);
      offsets.push_back(&offset);
    };
    for (const ValueId id : values_)
      if (in_use_[id]) result_.in_arena.emplace_back(id, 0);
    for (auto& [id, offset] : result_.in_arena) add(*in_use_[id], offset);
    for (std::size_t s = 0; s < steps_.size(); ++s)
      if (blocks_with(all, s) == nullptr) add({steps_[s].scratch_bytes, s, s}, result_.scratch_offsets[s]);
    for (Blocks& each : all)
      add({each.parts.count * each.memory_bytes, each.first_step, each.end_step - 1}, each.memory_offset);
    const ArenaLayout layout = place_buffers(lifetimes);
    for (std::size_t i = 0; i < offsets.size(); ++i) *offsets[i] = layout.offsets[i];
    result_.arena_bytes = layout.bytes;
    return std::move(result_);
  }

 private:
  void use(ValueId id, std::size_t first, std::size_t last) {
    if (!in_use_[id]) in_use_[id] = {bytes_of_(id), first, last};
    in_use_[id]->first = std::min(in_use_[id]->first, first);
    in_use_[id]->last = std::max(in_use_[id]->last, last);
  }

  void place_within(Blocks& blocks) {
    const std::size_t last_step = blocks.end_step - 1;
    std::vector<ValueId> own;
    std::vector<Lifetime> lifetimes;
    for (std::size_t s = blocks.first_step; s <= last_step; ++s)
      lifetimes.push_back({steps_[s].row_scratch_bytes, s, s});
    const std::size_t scratches = lifetimes.size();
    for (std::size_t s = blocks.first_step; s <= last_step; ++s)
      for (const ValueId id : steps_[s].values) {
        if (!in_use_[id]) continue;  // placed within these
        if (in_use_[id]->first < blocks.first_step || in_use_[id]->last > last_step) {
          use(id, blocks.first_step, last_step);
        } else if (std::find(own.begin(), own.end(), id) == own.end()) {
          own.push_back(id);
          lifetimes.push_back(*in_use_[id]);
          lifetimes.back().bytes = lifetimes.back().bytes / blocks.rows * blocks.block;
        }
      }
    const ArenaLayout layout = place_buffers(lifetimes);
    blocks.memory_bytes = layout.bytes;
    std::copy_n(layout.offsets.begin(), scratches,
                result_.scratch_offsets.begin() + static_cast<std::ptrdiff_t>(blocks.first_step));
    for (std::size_t i = 0; i < own.size(); ++i) {
      result_.in_blocks.emplace_back(own[i], layout.offsets[scratches + i]);
      in_use_[own[i]].reset();
    }
  }

  std::span<const StepMemory> steps_;
  const std::function<std::size_t(ValueId)>& bytes_of_;
  std::vector<ValueId> values_;  // in the order of their first use
  std::vector<std::optional<Lifetime>> in_use_;
  Placement result_;
};

}  // namespace

Placement place(std::span<const StepMemory> steps, const std::function<std::size_t(ValueId)>& bytes_of,
                std::size_t value_count, std::vector<Blocks>& blocks) {
  return Placing(steps, bytes_of, value_count).place(blocks);
}

}  // namespace ranvier::planner
