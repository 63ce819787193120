#include "runtime/executor/execution.h"

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
  for (const Step& step : plan_->steps) {
    calls_.push_back({&step.kernel, inputs_.size(), outputs_.size(), arena_.data() + step.scratch_offset});
    inputs_.resize(inputs_.size() + step.inputs.size());
    outputs_.resize(outputs_.size() + step.outputs.size());
  }
}

void Execution::bind(std::span<const void* const> inputs, std::span<void* const> outputs) {
  struct Address {
    const Execution& execution;
    std::span<const void* const> inputs;
    std::span<void* const> outputs;
    const void* operator()(planner::Absent) const { return nullptr; }
    const void* operator()(planner::Constant at) const { return at.data; }
    const void* operator()(planner::PlanInput at) const { return inputs[at.index]; }
    const void* operator()(planner::PlanOutput at) const { return outputs[at.index]; }
    const void* operator()(planner::ArenaOffset at) const { return execution.arena_.data() + at.bytes; }
    const void* operator()(planner::StringBuffer at) const { return execution.strings_[at.index].data(); }
  };
  const Address address{*this, inputs, outputs};
  std::size_t next_input = 0;
  std::size_t next_output = 0;
  for (const Step& step : plan_->steps) {
    for (const Location& location : step.inputs) inputs_[next_input++] = std::visit(address, location);
    // Outputs are never constants or inputs, so the memory is writable.
    for (const Location& location : step.outputs)
      outputs_[next_output++] = const_cast<void*>(std::visit(address, location));
  }
}

void Execution::run_step(std::size_t step) const {
  const Call& call = calls_[step];
  try {
    call.kernel->run({inputs_.data() + call.first_input, outputs_.data() + call.first_output, call.scratch});
  } catch (const Error& error) {
    throw error.within(plan_->steps[step].description);
  }
}

void Execution::run() const {
  for (std::size_t step = 0; step < calls_.size(); ++step) run_step(step);
}

void Execution::run(const std::stop_token& stop) const {
  if (!stop.stop_possible()) return run();
  for (std::size_t step = 0; step < calls_.size(); ++step) {
    check(stop);
    run_step(step);
  }
}

}  // namespace ranvier::executor
