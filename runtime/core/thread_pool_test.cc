#include "runtime/core/thread_pool.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>

namespace ranvier {
namespace {

/// How many threads this process has.
std::ptrdiff_t thread_count() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
}

/// Where as many threads as there are parts meet: it returns only once all have come.
class Meeting {
 public:
  explicit Meeting(std::size_t expected) : expected_(expected) {}
  void join() noexcept {
    ++here_;
    while (here_ < expected_) std::this_thread::yield();
  }

 private:
  const std::size_t expected_;
  std::atomic<std::size_t> here_ = 0;
};

/// Whether a run over `parts` calls each part once.
bool calls_each_part_once(ThreadPool* pool, Parts parts) {
  std::vector<std::atomic<int>> calls(parts.count);
  parallel_for(pool, parts, [&](std::size_t part) noexcept { ++calls[part]; });
  return std::all_of(calls.begin(), calls.end(), [](const std::atomic<int>& count) { return count == 1; });
}

TEST(ThreadPool, CallsEachPartOnce) {
  for (const int threads : {-1, 1, 2, 5}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), std::max(threads, 1));
    EXPECT_TRUE(calls_each_part_once(&pool, 9)) << "before its start, on " << threads << " threads";
    pool.start();
    for (const std::size_t parts : {0, 1, 2, 3, 64, 1000})
      for (int run = 0; run < 100; ++run)
        ASSERT_TRUE(calls_each_part_once(&pool, parts)) << parts << " parts on " << threads << " threads";
  }
  EXPECT_TRUE(calls_each_part_once(nullptr, 9));
}

TEST(ThreadPool, RunsPartsAtTheSameTime) {
  ThreadPool pool(3);
  pool.start();
  for (int run = 0; run < 100; ++run) {
    Meeting meeting(3);
    parallel_for(&pool, 3, [&](std::size_t) noexcept { meeting.join(); });
  }
}

TEST(ThreadPool, SpawnsItsThreadsOnceAndOnlyInStart) {
  const std::ptrdiff_t before = thread_count();
  auto pool = std::make_unique<ThreadPool>(4);
  EXPECT_TRUE(calls_each_part_once(pool.get(), 8));
  EXPECT_EQ(thread_count(), before);
  pool->start();
  pool->start();
  EXPECT_EQ(thread_count(), before + 3);
  pool.reset();
  // A thread that has been joined may be listed a moment longer.
  for (int i = 0; i < 1000 && thread_count() != before; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(thread_count(), before);
}

TEST(ThreadPool, DoesWithoutTheThreadsThatTheSystemRefuses) {
  pthread_attr_t usual, impossible;
  ASSERT_EQ(pthread_getattr_default_np(&usual), 0);
  ASSERT_EQ(pthread_getattr_default_np(&impossible), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&impossible, std::size_t{1} << 60), 0);
  const std::ptrdiff_t before = thread_count();
  ThreadPool pool(3);
  ASSERT_EQ(pthread_setattr_default_np(&impossible), 0);
  pool.start();
  ASSERT_EQ(pthread_setattr_default_np(&usual), 0);
  EXPECT_EQ(thread_count(), before);
  EXPECT_TRUE(calls_each_part_once(&pool, 8));
}

TEST(ThreadPool, ABusyPoolLeavesOtherCallersToThemselves) {
  ThreadPool pool(2);
  pool.start();
  Meeting started(3);
  std::atomic<bool> other_done = false;
  std::thread other([&] {
    started.join();
    EXPECT_TRUE(calls_each_part_once(&pool, 100));
    other_done = true;
  });
  parallel_for(&pool, 2, [&](std::size_t) noexcept {
    started.join();
    while (!other_done) std::this_thread::yield();
  });
  other.join();
}

TEST(ThreadPool, ARunWithinARunIsComputedByItsCaller) {
  ThreadPool pool(2);
  pool.start();
  std::atomic<int> wrong = 0;
  Meeting started(2);
  parallel_for(&pool, 2, [&](std::size_t) noexcept {
    started.join();
    const std::thread::id here = std::this_thread::get_id();
    parallel_for(&pool, 50, [&](std::size_t) noexcept {
      if (std::this_thread::get_id() != here) ++wrong;
    });
  });
  EXPECT_EQ(wrong, 0);
}

TEST(ThreadPool, ManyCallersShareIt) {
  ThreadPool pool(3);
  pool.start();
  std::array<bool, 4> right{};
  std::vector<std::thread> callers;
  for (bool& mine : right)
    callers.emplace_back([&] {
      mine = true;
      for (std::size_t run = 0; run < 500; ++run) mine = calls_each_part_once(&pool, run % 20) && mine;
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_TRUE(std::all_of(right.begin(), right.end(), [](bool each) { return each; }));
}

TEST(ThreadPool, WhatPartsWriteIsThereAfterTheRun) {
  ThreadPool pool(2);
  pool.start();
  std::vector<int> values(1000, 0);
  for (int run = 1; run <= 200; ++run) {
    parallel_for(&pool, values.size(), [&](std::size_t part) noexcept { ++values[part]; });
    ASSERT_EQ(std::count(values.begin(), values.end(), run), 1000);
  }
}

/// How many of the parts of a run that wakes nobody others than the caller compute, each of which takes `time`.
int helped(ThreadPool& pool, std::chrono::microseconds time, std::size_t parts = 2) {
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> others = 0;
  parallel_for(&pool, {parts, false}, [&](std::size_t) noexcept {
    if (std::this_thread::get_id() != caller) {
      ++others;
      std::this_thread::sleep_for(time);
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(20);
    while (std::chrono::steady_clock::now() < end) {
    }
  });
  return others;
}

TEST(ThreadPool, LittleWorkWakesNobody) {
  ThreadPool pool(2);
  pool.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // until the worker has fallen asleep
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(helped(pool, {}), 0);
  }
}

TEST(ThreadPool, LittleWorkThatKeepsComingIsSharedByThreadsThatStayAwake) {
  ThreadPool pool(2);
  pool.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  int runs_with_help = 0;
  while (runs_with_help < 10 && std::chrono::steady_clock::now() < end) runs_with_help += helped(pool, {}) > 0 ? 1 : 0;
  EXPECT_EQ(runs_with_help, 10);
}

TEST(ThreadPool, AThreadThatKeepsTheCallerWaitingIsLeftOutForAWhile) {
  ThreadPool pool(2);
  pool.start();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  bool waited = false;
  while (!waited && std::chrono::steady_clock::now() < end)
    waited = helped(pool, std::chrono::milliseconds(50)) > 0;  // then for 800 milliseconds it is left out
  ASSERT_TRUE(waited);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(helped(pool, {}), 0);
}

TEST(ThreadPool, ItsThreadsHaveANameAndNoSignals) {
  ThreadPool pool(2);
  pool.start();
  const std::thread::id caller = std::this_thread::get_id();
  std::array<char, 16> name{};
  sigset_t blocked;
  Meeting meeting(2);
  parallel_for(&pool, 2, [&](std::size_t) noexcept {
    meeting.join();
    if (std::this_thread::get_id() == caller) return;
    pthread_getname_np(pthread_self(), name.data(), name.size());
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  });
  EXPECT_STREQ(name.data(), "ranvier");
  EXPECT_EQ(sigismember(&blocked, SIGINT), 1);
  EXPECT_EQ(sigismember(&blocked, SIGALRM), 1);
  EXPECT_EQ(sigismember(&blocked, SIGSEGV), 0);
  ASSERT_EQ(pthread_sigmask(SIG_SETMASK, nullptr, &blocked), 0);
  EXPECT_EQ(sigismember(&blocked, SIGINT), 0) << "the caller's own mask";
}

TEST(ThreadPool, AChildProcessComputesAlone) {
  auto pool = std::make_unique<ThreadPool>(3);
  pool->start();
  EXPECT_TRUE(calls_each_part_once(pool.get(), 9));
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);  // rather than wait for workers that are not there
    bool right = true;
    for (int run = 0; run < 100; ++run)
      right = calls_each_part_once(pool.get(), 9) && calls_each_part_once(pool.get(), {9, false}) && right;
    pool.reset();
    _exit(right ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(ThreadPool, IdleThreadsUseNoProcessorTime) {
  const auto used = [] {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  };
  ThreadPool pool(4);
  pool.start();
  EXPECT_TRUE(calls_each_part_once(&pool, 100));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const auto before = used();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(used() - before, std::chrono::milliseconds(20));
}

}  // namespace
}  // namespace ranvier
