// The plans of a session, by input shapes.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/executor/execution.h"

namespace ranvier::executor {

/// What tells plans apart: the inputs' shapes. An input that is left at its default has none.
struct PlanKey {
  struct Input {
    bool given = false;
    Shape shape;
    friend bool operator==(const Input&, const Input&) = default;
  };
  std::vector<Input> inputs;
  friend bool operator==(const PlanKey&, const PlanKey&) = default;
};

/// A plan and the executions of it that are idle, for runs to take and give back.
class PooledPlan {
 public:
  explicit PooledPlan(std::shared_ptr<const planner::Plan> plan) : plan_(std::move(plan)) {}

  const std::shared_ptr<const planner::Plan>& plan() const { return plan_; }
  std::unique_ptr<Execution> take();
  void give_back(std::unique_ptr<Execution> execution);

 private:
  std::shared_ptr<const planner::Plan> plan_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Execution>> idle_;
};

/// At most `capacity` plans; the one not used for longest goes. Safe for use by many threads.
class PlanCache {
 public:
  explicit PlanCache(std::size_t capacity) : capacity_(capacity) {}

  /// The plan for `key`; null where it is not kept.
  std::shared_ptr<PooledPlan> find(const PlanKey& key);
  /// Keeps a plan, unless another thread was faster; returns the one that is kept.
  std::shared_ptr<PooledPlan> insert(const PlanKey& key, std::shared_ptr<PooledPlan> plan);
  std::size_t size();

 private:
  struct Entry {
    PlanKey key;
    std::shared_ptr<PooledPlan> plan;
  };

  std::shared_ptr<PooledPlan> find_locked(const PlanKey& key);

  const std::size_t capacity_;
  std::mutex mutex_;
  std::list<Entry> entries_;  // the most recently used first
};

}  // namespace ranvier::executor
