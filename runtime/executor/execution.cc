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
  for (std::size_t s = 0; s < plan_->steps.size(); ++s) {
    const Step& step = plan_->steps[s];
    const planner::Blocks* blocks = planner::blocks_with(plan_->blocks, s);
    if (blocks == nullptr || s == blocks->first_step) calls_.push_back({s, blocks});
    steps_.push_back({&step.kernel, inputs_.size(), outputs_.size(), arena_.data() + step.scratch_offset});
    std::byte* const block_memory = blocks != nullptr ? arena_.data() + blocks->memory_offset : nullptr;
    for (const Location& location : step.inputs) {
      note_outer(location, inputs_.size(), inputs_in_inputs_, outputs_in_inputs_);
      inputs_.push_back(own_address(location, block_memory));
    }
    // Outputs are never constants or inputs, so the memory is writable.
    for (const Location& location : step.outputs) {
      note_outer(location, outputs_.size(), inputs_in_inputs_, outputs_in_outputs_);
      outputs_.push_back(const_cast<void*>(own_address(location, block_memory)));
    }
  }
}

void Execution::note_outer(const Location& location, std::size_t operand, std::vector<Outer>& inputs,
                           std::vector<Outer>& outputs) {
  if (const auto* input = std::get_if<planner::PlanInput>(&location)) inputs.push_back({operand, input->index});
  if (const auto* output = std::get_if<planner::PlanOutput>(&location)) outputs.push_back({operand, output->index});
}

const void* Execution::own_address(const Location& location, const std::byte* block_memory) const {
  struct Address {
    const Execution& execution;
    const std::byte* block_memory;
    const void* operator()(planner::Absent) const { return nullptr; }
    const void* operator()(planner::Constant at) const { return at.data; }
    const void* operator()(planner::PlanInput) const { return nullptr; }
    const void* operator()(planner::PlanOutput) const { return nullptr; }
    const void* operator()(planner::ArenaOffset at) const { return execution.arena_.data() + at.bytes; }
    const void* operator()(planner::BlockOffset at) const { return block_memory + at.bytes; }
    const void* operator()(planner::StringBuffer at) const { return execution.strings_[at.index].data(); }
  };
  return std::visit(Address{*this, block_memory}, location);
}

void Execution::bind(std::span<const void* const> inputs, std::span<void* const> outputs) {
  for (const Outer& each : inputs_in_inputs_) inputs_[each.operand] = inputs[each.port];
  for (const Outer& each : outputs_in_inputs_) inputs_[each.operand] = outputs[each.port];
  for (const Outer& each : outputs_in_outputs_) outputs_[each.operand] = outputs[each.port];
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
