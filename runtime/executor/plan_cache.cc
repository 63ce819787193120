#include "runtime/executor/plan_cache.h"

#include <algorithm>

namespace ranvier::executor {
namespace {

constexpr std::size_t seat_count = 32;
constexpr std::size_t cache_line = 64;

/// Never 0.
class Hash {
 public:
  void add(bool given, const Shape& shape) {
    add(given ? shape.rank() + 1 : 0);
    for (const std::int64_t dim : shape) add(static_cast<std::uint64_t>(dim));
  }
  std::uint64_t value() const { return value_ | 1; }

 private:
  void add(std::uint64_t number) { value_ = (value_ ^ number ^ value_ >> 29) * 0x9e3779b97f4a7c15; }

  std::uint64_t value_ = 0;
};

std::uint64_t hash_of(const PlanKey& key) {
  Hash hash;
  for (const PlanKey::Input& input : key.inputs) hash.add(input.given, input.shape);
  return hash.value();
}

bool is_of(const PlanKey& key, std::span<const Tensor> inputs) {
  return std::ranges::equal(key.inputs, inputs, [](const PlanKey::Input& a, const Tensor& b) {
    return a.given == b.defined() && a.shape == b.shape();
  });
}

/// Where the calling thread begins to look: where others do not, if chance will have it.
std::size_t own_seat() {
  thread_local const char here = 0;
  return reinterpret_cast<std::uintptr_t>(&here) * 0x9e3779b97f4a7c15 >> 59;  // the top 5 bits, for 32 seats
}

}  // namespace

/// A place for one execution. Whoever sets `taken` may use all of it.
struct alignas(cache_line) PlanCache::Seat {
  std::atomic<bool> taken = false;
  std::atomic<std::uint64_t> hash = 0;  ///< Of `key`; 0: nothing is here. Anybody may read it as a hint.
  std::atomic<std::uint64_t> last_use = 0;
  PlanKey key;
  std::unique_ptr<Execution> execution;
  std::vector<const void*> inputs;  // of the next run
  std::vector<void*> outputs;

  bool take() { return !taken.load(std::memory_order_relaxed) && !taken.exchange(true, std::memory_order_acquire); }
  void leave() { taken.store(false, std::memory_order_release); }
  void clear() {
    hash.store(0, std::memory_order_relaxed);
    execution.reset();
  }
};

PlanKey key_of(std::span<const Tensor> inputs) {
  PlanKey key;
  for (const Tensor& input : inputs) key.inputs.push_back({input.defined(), input.shape()});
  return key;
}

PlanCache::Borrowed::Borrowed(Seat& seat) : seat_(&seat) {}
PlanCache::Borrowed::Borrowed(Borrowed&& other) noexcept
    : own_(std::move(other.own_)), seat_(std::exchange(other.seat_, nullptr)) {}

PlanCache::Borrowed::~Borrowed() {
  if (seat_ != nullptr) seat_->leave();
}

const planner::Plan& PlanCache::Borrowed::plan() const { return seat_->execution->plan(); }

void PlanCache::Borrowed::run(std::span<const Tensor> inputs, std::span<Tensor> outputs,
                              const std::stop_token& stop) const {
  seat_->inputs.clear();
  seat_->outputs.clear();
  for (const Tensor& input : inputs)
    if (input.defined()) seat_->inputs.push_back(input.data());
  for (Tensor& output : outputs) seat_->outputs.push_back(output.mutable_data());
  seat_->execution->bind(seat_->inputs, seat_->outputs);
  seat_->execution->run(stop);
}

PlanCache::PlanCache(std::size_t capacity, MakePlan make)
    : capacity_(capacity), make_(std::move(make)), seats_(seat_count) {}

PlanCache::~PlanCache() = default;

PlanCache::Borrowed PlanCache::borrow(std::span<const Tensor> inputs) {
  Hash hash;
  for (const Tensor& input : inputs) hash.add(input.defined(), input.shape());
  const std::size_t first = own_seat();
  for (std::size_t i = 0; i < seat_count; ++i) {
    Seat& seat = seats_[(first + i) % seat_count];
    if (seat.hash.load(std::memory_order_relaxed) != hash.value() || !seat.take()) continue;
    if (seat.execution != nullptr && is_of(seat.key, inputs)) {
      seat.last_use.store(now_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      return Borrowed(seat);
    }
    seat.leave();
  }
  PlanKey key = key_of(inputs);
  auto execution = std::make_unique<Execution>(plan(key));
  Seat* seat = free_seat();
  std::unique_ptr<Seat> own = seat == nullptr ? std::make_unique<Seat>() : nullptr;
  Borrowed borrowed(seat == nullptr ? *own : *seat);
  borrowed.own_ = std::move(own);
  borrowed.seat_->key = std::move(key);
  borrowed.seat_->execution = std::move(execution);
  borrowed.seat_->hash.store(hash.value(), std::memory_order_relaxed);
  borrowed.seat_->last_use.store(0, std::memory_order_relaxed);
  return borrowed;
}

/// An empty seat, taken; else one that nobody has; null where there is none.
PlanCache::Seat* PlanCache::free_seat() {
  const std::size_t first = own_seat();
  for (const bool empty : {true, false})
    for (std::size_t i = 0; i < seat_count; ++i) {
      Seat& seat = seats_[(first + i) % seat_count];
      if ((seat.hash.load(std::memory_order_relaxed) == 0) == empty && seat.take()) return &seat;
    }
  return nullptr;
}

PlanCache::SharedPlan PlanCache::find(const PlanKey& key) {
  const std::uint64_t now = now_.fetch_add(2, std::memory_order_relaxed) + 2;
  const auto found = std::ranges::find(entries_, key, &Entry::key);
  if (found == entries_.end()) return nullptr;
  found->last_use = now;
  return found->plan;
}

PlanCache::SharedPlan PlanCache::plan(const PlanKey& key) {
  {
    const std::lock_guard lock(mutex_);
    if (SharedPlan kept = find(key)) return kept;
  }
  SharedPlan made = make_(key);
  const std::lock_guard lock(mutex_);
  if (SharedPlan kept = find(key)) return kept;  // another thread was faster
  if (entries_.size() >= capacity_) forget_oldest();
  entries_.push_back({key, made, now_.load(std::memory_order_relaxed)});
  return made;
}

/// Of plans as of the executions in seats.
void PlanCache::forget_oldest() {
  const auto last_use = [&](const Entry& entry) {
    std::uint64_t last = entry.last_use;
    const std::uint64_t hash = hash_of(entry.key);
    for (const Seat& seat : seats_)
      if (seat.hash.load(std::memory_order_relaxed) == hash)
        last = std::max(last, seat.last_use.load(std::memory_order_relaxed));
    return last;
  };
  entries_.erase(std::ranges::min_element(entries_, {}, last_use));
  for (Seat& seat : seats_) {
    const std::uint64_t hash = seat.hash.load(std::memory_order_relaxed);
    const bool kept = std::ranges::any_of(entries_, [&](const Entry& entry) { return hash_of(entry.key) == hash; });
    if (hash == 0 || kept || !seat.take()) continue;
    seat.clear();
    seat.leave();
  }
}

std::size_t PlanCache::size() {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace ranvier::executor
