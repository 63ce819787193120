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

  /// Walks the steps. Allocates nothing. @throws Error invalid_argument, with the node, where a kernel finds a wrong
  /// element.
  void run() const;

  /// The same, which ends before the next step where a stop is requested. @throws Error cancelled then.
  void run(const std::stop_token& stop) const;

  /// Computes one step; run() is all of them in their order. @throws Error as run does.
  void run_step(std::size_t step) const;

 private:
  struct Call {
    const operators::Kernel* kernel = nullptr;
    std::size_t first_input = 0;
    std::size_t first_output = 0;
    std::byte* scratch = nullptr;
  };

  std::shared_ptr<const planner::Plan> plan_;
  AlignedBuffer arena_;
  std::vector<std::vector<std::string>> strings_;
  std::vector<Call> calls_;
  std::vector<const void*> inputs_;  // of all steps, one after the other
  std::vector<void*> outputs_;
};

}  // namespace ranvier::executor
