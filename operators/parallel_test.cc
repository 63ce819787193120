#include "operators/parallel.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <utility>

namespace ranvier::operators {
namespace {

std::ptrdiff_t thread_count() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
}

TEST(Parallel, SplitsWorkThatIsWorthWakingOthersFor) {
  ThreadPool pool(2);
  const Settings settings = {.threads = 2, .pool = &pool};
  for (const auto& [nanoseconds, count] : {std::pair(worth_waking_nanoseconds, 4u),
                                           {1.5 * worth_waking_nanoseconds, 6u},
                                           {1e12, 8u},
                                           {std::numeric_limits<double>::infinity(), 8u}}) {
    EXPECT_EQ(parts_for(settings, nanoseconds).count, count);
    EXPECT_TRUE(parts_for(settings, nanoseconds).wakes);
  }
}

TEST(Parallel, WakesNobodyForLittleWork) {
  ThreadPool pool(3);
  const Settings settings = {.threads = 3, .pool = &pool};
  for (const auto& [nanoseconds, count] :
       {std::pair(worth_sharing_nanoseconds, 2u), {5000.0, 2u}, {6000.0, 3u}, {0.99 * worth_waking_nanoseconds, 3u}}) {
    EXPECT_EQ(parts_for(settings, nanoseconds).count, count) << nanoseconds;
    EXPECT_FALSE(parts_for(settings, nanoseconds).wakes);
  }
}

TEST(Parallel, LeavesVeryLittleWorkToTheCaller) {
  const std::ptrdiff_t before = thread_count();
  ThreadPool pool(2);
  const Settings settings = {.threads = 2, .pool = &pool};
  EXPECT_EQ(parts_for(settings, 0).count, 1u);
  EXPECT_EQ(parts_for(settings, 0.99 * worth_sharing_nanoseconds).count, 1u);
  EXPECT_EQ(thread_count(), before) << "no thread is started for it";
  EXPECT_EQ(parts_for(settings, worth_sharing_nanoseconds).count, 2u);
  EXPECT_EQ(thread_count(), before + 1);
}

TEST(Parallel, OneThreadOrNoPoolIsTheCallersAlone) {
  ThreadPool pool(2);
  EXPECT_EQ(parts_for({.threads = 1, .pool = &pool}, 1e9).count, 1u);
  EXPECT_EQ(parts_for({.threads = 2}, 1e9).count, 1u);
}

}  // namespace
}  // namespace ranvier::operators
