// The plans of a session, by input shapes, and executions of them at hand for the next runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/executor/execution.h"

namespace ranvier::executor {

/// What tells plans apart: the inputs' types and shapes. An input that is left at its default has none.
struct PlanKey {
  struct Input {
    DataType type = DataType::undefined;
    Shape shape;
    friend bool operator==(const Input&, const Input&) = default;
  };
  std::vector<Input> inputs;
  friend bool operator==(const PlanKey&, const PlanKey&) = default;
};

/// At most `capacity` plans; the one not used for longest goes. Safe for use by many threads.
///
/// A run borrows an execution. Those that are not borrowed wait in seats: a thread that runs the same shapes again
/// finds its own there, without a lock, without counting references, and without meeting other threads.
class PlanCache {
  struct Seat;

 public:
  using SharedPlan = std::shared_ptr<const planner::Plan>;
  using MakePlan = std::function<SharedPlan(const PlanKey&)>;

  /// An execution that nobody else has, until the end of its life.
  class Borrowed {
   public:
    Borrowed(Borrowed&& other) noexcept;
    Borrowed& operator=(Borrowed&&) = delete;
    ~Borrowed();

    const planner::Plan& plan() const;
    /// Binds and runs it, into tensors of their own. @throws Error as Execution::run does, out_of_memory.
    std::vector<Tensor> run(std::span<const Tensor> inputs, const std::stop_token& stop) const;

   private:
    friend class PlanCache;
    explicit Borrowed(Seat& seat);

    std::unique_ptr<Seat> own_;  // where no seat was free
    Seat* seat_;
  };

  PlanCache(std::size_t capacity, MakePlan make);
  ~PlanCache();

  /// The plan for `key`. @throws what making it throws.
  SharedPlan plan(const PlanKey& key);

  /// An execution for inputs of these types and shapes. @throws what making a plan throws, std::bad_alloc.
  Borrowed borrow(std::span<const Tensor> inputs);

  /// How many plans are kept.
  std::size_t size();

 private:
  struct Entry {
    PlanKey key;
    SharedPlan plan;
    std::uint64_t last_use = 0;
  };

  Seat* taken_seat(std::size_t index, std::span<const Tensor> inputs);
  SharedPlan find(const PlanKey& key);  // with the mutex held, as forget_oldest
  Seat* free_seat();
  void forget_oldest();

  const std::size_t capacity_;
  const MakePlan make_;
  std::mutex mutex_;
  std::list<Entry> entries_;
  /// Grows by two whenever a plan is looked for here; uses of seats are in between.
  std::atomic<std::uint64_t> now_ = 1;
  std::vector<Seat> seats_;
};

PlanKey key_of(std::span<const Tensor> inputs);

}  // namespace ranvier::executor
