#include "runtime/core/thread_pool.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <system_error>

namespace ranvier {
namespace {

/// A clock that is read in a few nanoseconds, of about so many ticks a microsecond: 2,000 to 3,500 of x86.
#if defined(__x86_64__) || defined(__i386__)
constexpr std::int64_t ticks_of_microsecond = 2500;
std::int64_t ticks_now() noexcept { return static_cast<std::int64_t>(__builtin_ia32_rdtsc()); }
#else
constexpr std::int64_t ticks_of_microsecond = 1000;
std::int64_t ticks_now() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}
#endif

/// How long a thread looks before it sleeps: in that time the last part of a run, the next step of a plan or the next
/// call of a program that does nothing else often comes.
constexpr std::int64_t look_time = 25 * ticks_of_microsecond;
/// The same for one that has been woken: for a run to come, it may be, after one that it came too late for.
constexpr std::int64_t look_time_after_sleep = 40 * ticks_of_microsecond;
/// So often it looks before it reads the clock again, which is in less than a microsecond.
constexpr int looks_at_once = 16;

/// A thread that looked for work so lately is running, on a processor of its own.
constexpr std::int64_t just_now = 4 * ticks_of_microsecond;

/// Runs that begin so soon after one another are those of a program that does little else: more will come.
constexpr std::int64_t close_together = 200 * ticks_of_microsecond;
/// At most so many of them it takes to wake others.
constexpr int longest_streak = 1024;

/// For so many times what a run took longer than its caller alone would have taken, up to a second, the next ones are
/// the caller's own: a sixteenth is lost to threads that the system puts aside.
constexpr std::int64_t rest = 16;
constexpr std::int64_t longest_rest = 1'000'000 * ticks_of_microsecond;
/// What a run may take longer: a thread that has just been woken finds its caches cold.
constexpr std::int64_t little = 30 * ticks_of_microsecond;

constexpr std::uint32_t caller_sleeps = std::uint32_t{1} << 31;
constexpr std::uint64_t parts_mask = 0xffffffff;

void pause_briefly() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

/// Waits a little for the condition; returns whether it has come true.
template <class Condition>
bool spin_briefly(const Condition& condition) noexcept {
  for (int i = 0; i < looks_at_once; ++i) {
    if (condition()) return true;
    pause_briefly();
  }
  return false;
}

// Not std::atomic's wait: libstdc++ yields the processor before it sleeps (docs/decisions/0004).

/// Sleeps unless `word` has another value than `value`. May wake for no reason.
void sleep_on(std::atomic<std::uint32_t>& word, std::uint32_t value) noexcept {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}

void wake(std::atomic<std::uint32_t>& word, int sleepers) noexcept {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, sleepers, nullptr, nullptr, 0);
}

/// Blocks the signals of the calling thread, and of the threads it creates, while it lives: a program's handlers run on
/// the program's own threads. Faults are not blocked, since they are handled where they happen.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int fault : {SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP}) sigdelset(&blocked, fault);
    pthread_sigmask(SIG_SETMASK, &blocked, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

ThreadPool::ThreadPool(int threads) : threads_(std::max(threads, 1)) {}

ThreadPool::~ThreadPool() {
  stopping_.store(true, std::memory_order_relaxed);
  calls_.fetch_add(1, std::memory_order_seq_cst);
  wake(calls_, INT_MAX);
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::start() {
  std::call_once(started_, [this] {
    const SignalsBlocked blocked;
    workers_.reserve(static_cast<std::size_t>(threads_ - 1));
    try {
      for (int i = 1; i < threads_; ++i) {
        workers_.emplace_back([this] { serve(); });
        pthread_setname_np(workers_.back().native_handle(), "ranvier");
      }
    } catch (const std::system_error&) {  // those there are will do
    }
  });
}

void ThreadPool::run(Parts split, Body body, void* context) noexcept {
  const std::size_t parts = split.count;
  const bool can_share = parts > 1 && parts < caller_sleeps && threads_ > 1;
  const Help help = !can_share ? Help::none : split.wakes ? Help::woken : help_with_little();
  if (help == Help::none || busy_.exchange(true, std::memory_order_acquire)) {
    for (std::size_t part = 0; part < parts; ++part) body(context, part);
    return;
  }
  body_.store(body, std::memory_order_relaxed);
  context_.store(context, std::memory_order_relaxed);
  finished_.store(0, std::memory_order_relaxed);
  // Nothing of the run before is open, and only the holder of `busy_` opens a run.
  const std::uint64_t previous = open_.load(std::memory_order_relaxed);
  open_.store((previous | parts_mask) + 1 + parts, std::memory_order_release);
  // In one order with what a worker does before it sleeps: it sees the call, or is seen asleep.
  calls_.fetch_add(1, std::memory_order_seq_cst);
  const int sleepers = help == Help::woken ? sleepers_.load(std::memory_order_seq_cst) : 0;
  if (sleepers > 0) wake(calls_, std::min(sleepers, static_cast<int>(parts - 1)));
  const std::int64_t begin = split.wakes ? 0 : ticks_now();
  const std::uint32_t own = take_parts();
  const std::int64_t work = split.wakes ? 0 : ticks_now() - begin;
  finished_.fetch_add(own, std::memory_order_acq_rel);
  wait_for(static_cast<std::uint32_t>(parts));
  busy_.store(false, std::memory_order_release);
  if (split.wakes) return;
  const std::int64_t now = ticks_now();
  const std::int64_t alone = own == 0 ? close_together : work * static_cast<std::int64_t>(parts) / own;
  const std::int64_t lost = now - begin - alone;
  if (lost > little) rests_until_.store(now + std::min(rest * lost, longest_rest), std::memory_order_relaxed);
}

/// Who helps with a run that is not worth waking anybody for: those that are looking for one right now. After a streak
/// that had nobody others are woken, for the runs to come rather than for this one. That takes twice as long a streak
/// the next time, less the runs that they help with: where other programs have the processors, it comes to nothing.
ThreadPool::Help ThreadPool::help_with_little() noexcept {
  const std::int64_t now = ticks_now();
  const std::int64_t to_rest = rests_until_.load(std::memory_order_relaxed) - now;
  if (to_rest > 0 && to_rest <= longest_rest) return Help::none;
  const int needed = streak_needed_.load(std::memory_order_relaxed);
  if (std::abs(now - looked_.load(std::memory_order_relaxed)) < just_now) {
    if (needed > shortest_streak) streak_needed_.store(needed - 1, std::memory_order_relaxed);
    return Help::awake;
  }
  const std::int64_t since = now - last_alone_.exchange(now, std::memory_order_relaxed);
  const int streak = since > close_together ? 0 : streak_.load(std::memory_order_relaxed) + 1;
  const bool will_last = streak >= needed;
  streak_.store(will_last ? 0 : streak, std::memory_order_relaxed);
  if (!will_last) return Help::none;
  streak_needed_.store(std::min(2 * needed, longest_streak), std::memory_order_relaxed);
  return Help::woken;
}

/// Computes parts of the open run until none is left to take; returns how many. After the first, the run cannot end
/// before they are reported, so that they all are of one run.
std::uint32_t ThreadPool::take_parts() noexcept {
  std::uint32_t taken = 0;
  std::uint64_t open = open_.load(std::memory_order_acquire);
  while ((open & parts_mask) != 0) {
    const Body body = body_.load(std::memory_order_relaxed);
    void* const context = context_.load(std::memory_order_relaxed);
    if (!open_.compare_exchange_weak(open, open - 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
    body(context, static_cast<std::size_t>(open & parts_mask) - 1);
    ++taken;
    open = open_.load(std::memory_order_acquire);
  }
  return taken;
}

void ThreadPool::wait_for(std::uint32_t parts) noexcept {
  const std::int64_t end = ticks_now() + look_time;
  do {
    if (spin_briefly([&] { return finished_.load(std::memory_order_acquire) == parts; })) return;
  } while (ticks_now() < end);
  std::uint32_t seen = finished_.fetch_or(caller_sleeps, std::memory_order_acq_rel) | caller_sleeps;
  while (seen != (parts | caller_sleeps)) {
    sleep_on(finished_, seen);
    seen = finished_.load(std::memory_order_acquire);
  }
}

/// Waits a little for a call that is not `seen`, and says that it does; returns whether it has come.
bool ThreadPool::look_for_call(std::uint32_t seen, std::int64_t time) noexcept {
  std::int64_t now = ticks_now();
  for (const std::int64_t end = now + time; now < end; now = ticks_now()) {
    if (now - looked_.load(std::memory_order_relaxed) > just_now / 4) looked_.store(now, std::memory_order_relaxed);
    if (spin_briefly([&] { return calls_.load(std::memory_order_relaxed) != seen; })) return true;
  }
  return false;
}

void ThreadPool::serve() noexcept {
  std::int64_t time = look_time;
  for (;;) {
    const std::uint32_t seen = calls_.load(std::memory_order_acquire);
    if (stopping_.load(std::memory_order_relaxed)) return;
    const std::uint32_t done = take_parts();
    if (done > 0) {
      looked_.store(ticks_now(),
                    std::memory_order_relaxed);  // before the caller, told of the parts, begins the next run
      if ((finished_.fetch_add(done, std::memory_order_acq_rel) & caller_sleeps) != 0) wake(finished_, 1);
    }
    if (look_for_call(seen, time)) {
      time = look_time;
      continue;
    }
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    sleep_on(calls_, seen);
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
    time = look_time_after_sleep;
  }
}

}  // namespace ranvier
