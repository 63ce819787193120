#include "runtime/executor/plan_cache.h"

#include <algorithm>

#include "runtime/core/fresh_tensor.h"

namespace ranvier::executor {
namespace {

constexpr std::size_t seat_count = 32;
constexpr std::size_t cache_line = 64;

/// Never 0.
class Hash {
 public:
  void add(DataType type, const Shape& shape) {
    add(static_cast<std::uint64_t>(type) << 8 | shape.rank());
    for (const std::int64_t dim : shape) add(static_cast<std::uint64_t>(dim));
  }
  std::uint64_t value() const { return value_ | 1; }

 private:
  void add(std::uint64_t number) { value_ = (value_ ^ number ^ value_ >> 29) * 0x9e3779b97f4a7c15; }

  std::uint64_t value_ = 0;
};

std::uint64_t hash_of(const PlanKey& key) {
  Hash hash;
  for (const PlanKey::Input& input : key.inputs) hash.add(input.type, input.shape);
  return hash.value();
}

bool is_of(const PlanKey& key, std::span<const Tensor> inputs) {
  return std::ranges::equal(key.inputs, inputs, [](const PlanKey::Input& a, const Tensor& b) {
    return a.type == b.type() && a.shape == b.shape();
  });
}

/// Where the calling thread begins to look: where it sat last; at first where others do not, if chance will have it.
std::size_t& own_seat() {
  thread_local std::size_t seat =
      reinterpret_cast<std::uintptr_t>(&seat) * 0x9e3779b97f4a7c15 >> 59;  // the top 5 bits, for 32 seats
  return seat;
}

}  // namespace

/// A place for one execution. Whoever sets `taken` may use all of it.
struct alignas(cache_line) PlanCache::Seat {
  std::atomic<bool> taken = false;
  std::atomic<std::uint64_t> hash = 0;  ///< Of `key`; 0: nothing is here. Anybody may read it as a hint.
  std::atomic<std::uint64_t> last_use = 0;
  PlanKey key;
  std::unique_ptr<Execution> execution;
  std::vector<Tensor> outputs;  ///< Of a run, without their memory.
  std::vector<const void*> input_addresses;
  std::vector<void*> output_addresses;

  bool take() { return !taken.load(std::memory_order_relaxed) && !taken.exchange(true, std::memory_order_acquire); }
  void leave() { taken.store(false, std::memory_order_release); }
  void fill(PlanKey new_key, std::unique_ptr<Execution> new_execution) {
    outputs.clear();
    for (const planner::Port& port : new_execution->plan().outputs)
      outputs.push_back(Tensor::view(port.type, static_cast<void*>(nullptr), port.shape));
    input_addresses.resize(static_cast<std::size_t>(std::ranges::count_if(
        new_key.inputs, [](const PlanKey::Input& input) { return input.type != DataType::undefined; })));
    output_addresses.resize(outputs.size());
    hash.store(hash_of(new_key), std::memory_order_relaxed);
    last_use.store(0, std::memory_order_relaxed);
    key = std::move(new_key);
    execution = std::move(new_execution);
  }
  void clear() {
    hash.store(0, std::memory_order_relaxed);
    execution.reset();
  }
};

PlanKey key_of(std::span<const Tensor> inputs) {
  PlanKey key;
  for (const Tensor& input : inputs) key.inputs.push_back({input.type(), input.shape()});
  return key;
}

PlanCache::Borrowed::Borrowed(Seat& seat) : seat_(&seat) {}
PlanCache::Borrowed::Borrowed(Borrowed&& other) noexcept
    : own_(std::move(other.own_)), seat_(std::exchange(other.seat_, nullptr)) {}

PlanCache::Borrowed::~Borrowed() {
  if (seat_ != nullptr) seat_->leave();
}

const planner::Plan& PlanCache::Borrowed::plan() const { return seat_->execution->plan(); }

std::vector<Tensor> PlanCache::Borrowed::run(std::span<const Tensor> inputs, const std::stop_token& stop) const {
  std::vector<Tensor> outputs;
  outputs.reserve(seat_->outputs.size());
  const void** input_address = seat_->input_addresses.data();
  void** output_address = seat_->output_addresses.data();
  for (const Tensor& input : inputs)
    if (input.defined()) *input_address++ = input.data();
  for (const Tensor& output : seat_->outputs)
    *output_address++ = outputs.emplace_back(fresh_tensor(output)).mutable_data();
  seat_->execution->bind(seat_->input_addresses, seat_->output_addresses);
  seat_->execution->run(stop);
  return outputs;
}

PlanCache::PlanCache(std::size_t capacity, MakePlan make)
    : capacity_(capacity), make_(std::move(make)), seats_(seat_count) {}

PlanCache::~PlanCache() = default;

/// The seat of that number, taken, where an execution for these inputs is; else null.
PlanCache::Seat* PlanCache::taken_seat(std::size_t index, std::span<const Tensor> inputs) {
  Seat& seat = seats_[index];
  if (!seat.take()) return nullptr;
  if (seat.execution != nullptr && is_of(seat.key, inputs)) {
    seat.last_use.store(now_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return &seat;
  }
  seat.leave();
  return nullptr;
}

PlanCache::Borrowed PlanCache::borrow(std::span<const Tensor> inputs) {
  std::size_t& own_index = own_seat();
  const std::size_t first = own_index;
  if (Seat* seat = taken_seat(first, inputs)) return Borrowed(*seat);
  PlanKey key = key_of(inputs);
  const std::uint64_t hash = hash_of(key);
  for (std::size_t i = 0; i < seat_count; ++i) {
    const std::size_t index = (first + i) % seat_count;
    if (seats_[index].hash.load(std::memory_order_relaxed) != hash) continue;
    if (Seat* seat = taken_seat(index, inputs)) {
      own_index = index;
      return Borrowed(*seat);
    }
  }
  auto execution = std::make_unique<Execution>(plan(key));
  Seat* seat = free_seat();
  std::unique_ptr<Seat> own = seat == nullptr ? std::make_unique<Seat>() : nullptr;
  if (seat != nullptr) own_index = static_cast<std::size_t>(seat - seats_.data());
  Borrowed borrowed(seat == nullptr ? *own : *seat);
  borrowed.own_ = std::move(own);
  borrowed.seat_->fill(std::move(key), std::move(execution));
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
