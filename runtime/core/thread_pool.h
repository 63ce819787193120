// Threads that help a kernel with the parts of its work, and sleep otherwise.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace ranvier {

/// How work is split.
struct Parts {
  Parts(std::size_t number = 1, bool worth_waking = true) : count(number), wakes(worth_waking) {}
  Parts at_most(std::size_t most) const { return {count < most ? count : most, wakes}; }

  std::size_t count;
  /// The work is worth waking sleeping threads for; otherwise only those help that are awake.
  bool wakes;
};

/// Threads for one run at a time. The members may be called from many threads at once. In a child process that fork()
/// makes, which the workers are not in, callers compute all parts alone.
class ThreadPool {
 public:
  using Body = void (*)(void* context, std::size_t part) noexcept;

  /// `threads` count the caller's; less than 2: none but the caller's.
  explicit ThreadPool(int threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  /// Waits for the workers to end. No run may be under way.
  ~ThreadPool();

  int threads() const { return threads_; }

  /// Spawns the workers, the first time it is called; fewer where the system gives no more. A kernel calls it (through
  /// operators::parts_for) when it is prepared, so that its runs spawn nothing.
  void start();

  /// Calls body(context, part) for every part in [0, parts.count), in no particular order, on the caller and on the
  /// workers that wake in time; returns when all are done. Never allocates, never waits for another run: where the pool
  /// is busy, as in a body that calls run itself, the caller computes all parts alone.
  ///
  /// So it does with parts that are not worth waking anybody for, unless workers are awake. Where many such runs follow
  /// one another closely, workers are woken for those to come, and stay awake from run to run; where one keeps the
  /// caller waiting, as on a processor that others use, the next runs are the caller's own.
  void run(Parts parts, Body body, void* context) noexcept;

 private:
  enum class Help { none, awake, woken };
  static constexpr std::size_t cache_line = 64;
  static constexpr int shortest_streak = 16;

  Help help_with_little() noexcept;
  bool look_for_call(std::uint32_t seen, std::int64_t time) noexcept;
  void serve() noexcept;
  std::uint32_t take_parts() noexcept;
  void wait_for(std::uint32_t parts) noexcept;

  const int threads_;
  std::once_flag started_;
  std::vector<std::thread> workers_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> busy_ = false;
  /// Of the run under way. A worker may read them late, but takes a part by what it read only while `open_` is as
  /// it was before: then the run still waits for that part, and nobody has written the next run's.
  std::atomic<Body> body_ = nullptr;
  std::atomic<void*> context_ = nullptr;
  alignas(cache_line) std::atomic<std::uint64_t> open_ = 0;  ///< Upper half: which run; lower half: parts not taken.
  alignas(cache_line) std::atomic<std::uint32_t> finished_ = 0;  ///< Parts; the top bit: the caller sleeps.
  alignas(cache_line) std::atomic<std::uint32_t> calls_ = 0;     ///< Runs so far: what workers sleep on.
  std::atomic<int> sleepers_ = 0;
  // Of runs that are not worth waking anybody for.
  alignas(cache_line) std::atomic<std::int64_t> looked_ = 0;      ///< When a worker last looked for one, in ticks.
  alignas(cache_line) std::atomic<std::int64_t> last_alone_ = 0;  ///< When one was the caller's own.
  std::atomic<int> streak_ = 0;                                   ///< How many of those came close together,
  std::atomic<int> streak_needed_ = shortest_streak;              ///< and how many it takes to wake others.
  std::atomic<std::int64_t> rests_until_ = 0;  ///< Till then they are the caller's own, whoever is awake.
};

/// Calls function(part), which must be noexcept, for every part in [0, parts.count): shared out by the pool, or on the
/// caller's thread where there is none or only one part.
template <class Function>
void parallel_for(ThreadPool* pool, Parts parts, Function&& function) noexcept {
  using Callable = std::remove_reference_t<Function>;
  static_assert(std::is_nothrow_invocable_v<Callable&, std::size_t>, "an exception cannot leave a worker");
  if (pool == nullptr || parts.count <= 1) {
    for (std::size_t part = 0; part < parts.count; ++part) function(part);
    return;
  }
  const ThreadPool::Body body = [](void* context, std::size_t part) noexcept {
    (*static_cast<Callable*>(context))(part);
  };
  pool->run(parts, body, const_cast<std::remove_const_t<Callable>*>(std::addressof(function)));
}

}  // namespace ranvier
