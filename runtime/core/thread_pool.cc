#include "runtime/core/thread_pool.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <system_error>

namespace ranvier {
namespace {

/// How often a thread looks again before it sleeps: 20 microseconds, or up to 45 where a processor pauses longer, in
/// which the last part of a run, the next step of a plan or the next call of a program that does nothing else often
/// comes.
constexpr int looks = 768;
/// The same for one that has been woken: for a run to come, it may be, after one of up to twice the time.
constexpr int looks_after_sleep = 2 * looks;

/// So many runs, each begun so soon after the one before, are those of a program that does little else: more will come.
constexpr int streak_worth_waking = 16;
constexpr std::int64_t close_together = 100'000;  // nanoseconds

/// For so many times the time that a run kept its caller waiting the next ones are the caller's own: what is lost to
/// threads that the system has put aside is a sixteenth.
constexpr std::int64_t rest = 16;

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
bool spin_until(const Condition& condition, int times = looks) noexcept {
  for (int i = 0; i < times; ++i) {
    if (condition()) return true;
    pause_briefly();
  }
  return false;
}

std::int64_t nanoseconds_now() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
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
        spawned_.fetch_add(1, std::memory_order_relaxed);
        pthread_setname_np(workers_.back().native_handle(), "ranvier");
      }
    } catch (const std::system_error&) {  // those there are will do
    }
  });
}

void ThreadPool::run(Parts split, Body body, void* context) noexcept {
  const std::size_t parts = split.count;
  if (parts <= 1 || parts >= caller_sleeps || threads_ == 1 || !(split.wakes || has_help(parts)) ||
      busy_.exchange(true, std::memory_order_acquire)) {
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
  const int sleepers = split.wakes ? sleepers_.load(std::memory_order_seq_cst) : 0;
  if (sleepers > 0) wake(calls_, std::min(sleepers, static_cast<int>(parts - 1)));
  finished_.fetch_add(take_parts(), std::memory_order_acq_rel);
  const std::int64_t waited = wait_for(static_cast<std::uint32_t>(parts));
  busy_.store(false, std::memory_order_release);
  if (!split.wakes && waited > 0) rests_until_.store(nanoseconds_now() + rest * waited, std::memory_order_relaxed);
}

/// Whether a run that is to wake nobody has others to help it. Wakes some for those to come where it is time.
bool ThreadPool::has_help(std::size_t parts) noexcept {
  const int sleepers = sleepers_.load(std::memory_order_relaxed);
  const bool awake = sleepers < spawned_.load(std::memory_order_relaxed);
  const std::int64_t rests_until = rests_until_.load(std::memory_order_relaxed);
  if (awake && rests_until == 0) return true;
  const std::int64_t now = nanoseconds_now();
  if (now < rests_until) return false;
  rests_until_.store(0, std::memory_order_relaxed);
  if (awake) return true;
  const std::int64_t since = now - last_alone_.exchange(now, std::memory_order_relaxed);
  int streak = since > close_together ? 0 : streak_.load(std::memory_order_relaxed) + 1;
  if (streak == streak_worth_waking) {
    streak = 0;
    wake(calls_, std::min(sleepers, static_cast<int>(parts - 1)));
  }
  streak_.store(streak, std::memory_order_relaxed);
  return false;
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

/// Returns how long it took in nanoseconds, where that was long, else 0.
std::int64_t ThreadPool::wait_for(std::uint32_t parts) noexcept {
  if (spin_until([&] { return finished_.load(std::memory_order_acquire) == parts; })) return 0;
  const std::int64_t begin = nanoseconds_now();
  std::uint32_t seen = finished_.fetch_or(caller_sleeps, std::memory_order_acq_rel) | caller_sleeps;
  while (seen != (parts | caller_sleeps)) {
    sleep_on(finished_, seen);
    seen = finished_.load(std::memory_order_acquire);
  }
  return nanoseconds_now() - begin + 1;
}

void ThreadPool::serve() noexcept {
  int times = looks;
  for (;;) {
    const std::uint32_t seen = calls_.load(std::memory_order_acquire);
    if (stopping_.load(std::memory_order_relaxed)) return;
    const std::uint32_t done = take_parts();
    if (done > 0 && (finished_.fetch_add(done, std::memory_order_acq_rel) & caller_sleeps) != 0) wake(finished_, 1);
    if (spin_until([&] { return calls_.load(std::memory_order_relaxed) != seen; }, times)) {
      times = looks;
      continue;
    }
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    sleep_on(calls_, seen);
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
    times = looks_after_sleep;
  }
}

}  // namespace ranvier
