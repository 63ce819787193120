#include "operators/parallel.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

namespace ranvier::operators {
namespace {

std::ptrdiff_t thread_count() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
}

TEST(Parallel, SplitsWorkThatIsWorthIt) {
  ThreadPool pool(2);
  const Settings settings = {.threads = 2, .pool = &pool};
  EXPECT_EQ(parts_for(settings, worth_waking_nanoseconds), 4u);
  EXPECT_EQ(parts_for(settings, 1.5 * worth_waking_nanoseconds), 6u);
  EXPECT_EQ(parts_for(settings, 1e12), 8u);
  EXPECT_EQ(parts_for(settings, std::numeric_limits<double>::infinity()), 8u);
}

TEST(Parallel, WakesNobodyForLittleWork) {
  const std::ptrdiff_t before = thread_count();
  ThreadPool pool(2);
  const Settings settings = {.threads = 2, .pool = &pool};
  EXPECT_EQ(parts_for(settings, 0), 1u);
  EXPECT_EQ(parts_for(settings, 0.99 * worth_waking_nanoseconds), 1u);
  EXPECT_EQ(thread_count(), before) << "no thread is started for it";
  EXPECT_EQ(parts_for(settings, 1e9), 8u);
  EXPECT_EQ(thread_count(), before + 1);
}

TEST(Parallel, OneThreadOrNoPoolIsTheCallersAlone) {
  ThreadPool pool(2);
  EXPECT_EQ(parts_for({.threads = 1, .pool = &pool}, 1e9), 1u);
  EXPECT_EQ(parts_for({.threads = 2}, 1e9), 1u);
}

}  // namespace
}  // namespace ranvier::operators
