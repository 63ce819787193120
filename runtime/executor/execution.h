// The memory of one run, and the walk over a plan's steps.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "runtime/core/arena.h"
#include "runtime/core/thread_pool.h"
#include "runtime/planner/plan.h"

namespace ranvier::executor {

/// @throws Error cancelled where a stop is requested.
void check(const std::stop_token& stop);

/// A plan whose kernels may call `pool` (which may be null): the pool lives as long as any handle to the plan.
std::shared_ptr<const planner::Plan> shared_plan(planner::Plan plan, std::shared_ptr<ThreadPool> pool);

/// A plan with memory of its own: arena, strings, and the addresses of every operand. One thread at a time.
class Execution {
 public:
  explicit Execution(std::shared_ptr<const planner::Plan> plan);

  const planner::Plan& plan() const { return *plan_; }

  /// Sets the addresses of the plan's inputs and outputs, in their order.
  void bind(std::span<const void* const> inputs, std::span<void* const> outputs);

  /// Makes all calls, in their order. Allocates nothing. @throws Error invalid_argument, with the node, where a kernel
  /// finds a wrong element.
  void run() const {
    for (std::size_t i = 0; i < calls_.size(); ++i) call(i);
  }

  /// The same, which ends before the next step or block where a stop is requested. @throws Error cancelled then.
  void run(const std::stop_token& stop) const;

  /// A run is a list of calls: a step, or steps by blocks of rows.
  std::size_t calls() const { return calls_.size(); }
  /// The first step of a call; that of calls() is the number of steps.
  std::size_t first_step(std::size_t call) const { return call < calls_.size() ? calls_[call].step : steps_.size(); }
  /// Makes one call; the earlier ones have to be made before. @throws Error as run does.
  void call(std::size_t i) const;

 private:
  struct StepCall {
    const operators::Kernel* kernel = nullptr;
    std::size_t first_input = 0;
    std::size_t first_output = 0;
    std::byte* scratch = nullptr;
  };
  struct Call {
    std::size_t step = 0;
    const planner::Blocks* blocks = nullptr;  // null: one step
  };

  void call(std::size_t i, const std::stop_token& stop) const;
  void run_step(std::size_t step) const;
  template <class Stopped>
  void run_part(const planner::Blocks& blocks, std::size_t part, const Stopped& stopped) const noexcept;

  std::shared_ptr<const planner::Plan> plan_;
  AlignedBuffer arena_;
  std::vector<std::vector<std::string>> strings_;
  std::vector<Call> calls_;
  std::vector<StepCall> steps_;
  std::vector<const void*> inputs_;  // of all steps, one after the other; in blocks, those of row 0 and part 0
  std::vector<void*> outputs_;
};

}  // namespace ranvier::executor
