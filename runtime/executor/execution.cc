#include "runtime/executor/execution.h"

#include <algorithm>

#include "operators/by_rows.h"
#include "runtime/core/error.h"

namespace ranvier::executor {

using planner::Location;
using planner::Plan;
using planner::Step;

void check(const std::stop_token& stop) {
  if (stop.stop_requested()) fail(ErrorCode::cancelled, "the run was cancelled");
}

std::shared_ptr<const Plan> shared_plan(Plan plan, std::shared_ptr<ThreadPool> pool) {
  struct PlanAndPool {
    std::shared_ptr<ThreadPool> pool;
    Plan plan;
  };
  auto both = std::make_shared<const PlanAndPool>(PlanAndPool{std::move(pool), std::move(plan)});
  return {both, &both->plan};
}

Execution::Execution(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)), arena_(plan_->arena_bytes) {
  for (const std::size_t count : plan_->string_buffers) strings_.emplace_back(count);
  auto blocks = plan_->blocks.begin();
  for (std::size_t s = 0; s < plan_->steps.size(); ++s) {
    const Step& step = plan_->steps[s];
    steps_.push_back({&step.kernel, inputs_.size(), outputs_.size(), arena_.data() + step.scratch_offset});
    inputs_.resize(inputs_.size() + step.inputs.size());
    outputs_.resize(outputs_.size() + step.outputs.size());
    if (blocks != plan_->blocks.end() && s == blocks->end_step) ++blocks;
    const bool in_blocks = blocks != plan_->blocks.end() && s >= blocks->first_step;
    if (!in_blocks || s == blocks->first_step) calls_.push_back({s, in_blocks ? &*blocks : nullptr});
  }
}

void Execution::bind(std::span<const void* const> inputs, std::span<void* const> outputs) {
  struct Address {
    const Execution& execution;
    std::byte* block_memory;
    std::span<const void* const> inputs;
    std::span<void* const> outputs;
    const void* operator()(planner::Absent) const { return nullptr; }
    const void* operator()(planner::Constant at) const { return at.data; }
    const void* operator()(planner::PlanInput at) const { return inputs[at.index]; }
    const void* operator()(planner::PlanOutput at) const { return outputs[at.index]; }
    const void* operator()(planner::ArenaOffset at) const { return execution.arena_.data() + at.bytes; }
    const void* operator()(planner::BlockOffset at) const { return block_memory + at.bytes; }
    const void* operator()(planner::StringBuffer at) const { return execution.strings_[at.index].data(); }
  };
  Address address{*this, nullptr, inputs, outputs};
  for (std::size_t call = 0; call < calls_.size(); ++call) {
    if (const planner::Blocks* blocks = calls_[call].blocks)
      address.block_memory = arena_.data() + blocks->memory_offset;
    for (std::size_t s = first_step(call); s < first_step(call + 1); ++s) {
      const Step& step = plan_->steps[s];
      for (std::size_t i = 0; i < step.inputs.size(); ++i)
        inputs_[steps_[s].first_input + i] = std::visit(address, step.inputs[i]);
      // Outputs are never constants or inputs, so the memory is writable.
      for (std::size_t i = 0; i < step.outputs.size(); ++i)
        outputs_[steps_[s].first_output + i] = const_cast<void*>(std::visit(address, step.outputs[i]));
    }
  }
}

template <class Stopped>
void Execution::run_part(const planner::Blocks& blocks, std::size_t part, const Stopped& stopped) const noexcept {
  constexpr std::size_t most = operators::RowStrides::most_operands;
  const std::size_t end_row = blocks.first_row(part + 1);
  std::byte* const memory = arena_.data() + blocks.memory_offset + part * blocks.memory_bytes;
  const void* inputs[most];
  void* outputs[most];
  for (std::size_t row = blocks.first_row(part); row < end_row && !stopped(); row += blocks.block) {
    const std::size_t count = std::min(blocks.block, end_row - row);
    for (std::size_t s = blocks.first_step; s < blocks.end_step; ++s) {
      const Step& step = plan_->steps[s];
      const auto moved = [&](const Location& location, const void* address, std::size_t stride) -> const void* {
        if (address == nullptr) return nullptr;
        const bool in_block = std::holds_alternative<planner::BlockOffset>(location);
        return static_cast<const std::byte*>(address) + (in_block ? part * blocks.memory_bytes : row * stride);
      };
      for (std::size_t i = 0; i < step.inputs.size(); ++i)
        inputs[i] = moved(step.inputs[i], inputs_[steps_[s].first_input + i], step.input_strides[i]);
      for (std::size_t i = 0; i < step.outputs.size(); ++i)
        outputs[i] =
            const_cast<void*>(moved(step.outputs[i], outputs_[steps_[s].first_output + i], step.output_strides[i]));
      const operators::Rows& rows = step.kernel.rows;
      rows.run({inputs, outputs, memory + step.scratch_offset}, count * (rows.count / blocks.rows));
    }
  }
}

void Execution::call(std::size_t i) const {
  const planner::Blocks* blocks = calls_[i].blocks;
  if (blocks == nullptr) return run_step(calls_[i].step);
  parallel_for(blocks->pool, blocks->parts,
               [&](std::size_t part) noexcept { run_part(*blocks, part, [] { return false; }); });
}

void Execution::call(std::size_t i, const std::stop_token& stop) const {
  check(stop);
  const planner::Blocks* blocks = calls_[i].blocks;
  if (blocks == nullptr) return run_step(calls_[i].step);
  parallel_for(blocks->pool, blocks->parts,
               [&](std::size_t part) noexcept { run_part(*blocks, part, [&] { return stop.stop_requested(); }); });
  check(stop);
}

void Execution::run_step(std::size_t step) const {
  const StepCall& call = steps_[step];
  try {
    call.kernel->run({inputs_.data() + call.first_input, outputs_.data() + call.first_output, call.scratch});
  } catch (const Error& error) {
    throw error.within(plan_->steps[step].description);
  }
}

void Execution::run(const std::stop_token& stop) const {
  if (!stop.stop_possible()) return run();
  for (std::size_t i = 0; i < calls_.size(); ++i) call(i, stop);
}

}  // namespace ranvier::executor
