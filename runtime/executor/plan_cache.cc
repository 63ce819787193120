#include "runtime/executor/plan_cache.h"

#include <algorithm>

namespace ranvier::executor {

std::unique_ptr<Execution> PooledPlan::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Execution> execution = std::move(idle_.back());
      idle_.pop_back();
      return execution;
    }
  }
  return std::make_unique<Execution>(plan_);
}

void PooledPlan::give_back(std::unique_ptr<Execution> execution) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(execution));
}

std::shared_ptr<PooledPlan> PlanCache::find_locked(const PlanKey& key) {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  if (found == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found);
  return found->plan;
}

std::shared_ptr<PooledPlan> PlanCache::find(const PlanKey& key) {
  const std::lock_guard lock(mutex_);
  return find_locked(key);
}

std::shared_ptr<PooledPlan> PlanCache::insert(const PlanKey& key, std::shared_ptr<PooledPlan> plan) {
  const std::lock_guard lock(mutex_);
  if (auto present = find_locked(key)) return present;
  entries_.push_front({key, plan});
  if (entries_.size() > capacity_) entries_.pop_back();
  return plan;
}

std::size_t PlanCache::size() {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace ranvier::executor
