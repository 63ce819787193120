#include "runtime/executor/machine.h"

#include <gtest/gtest.h>
#include <sched.h>

namespace ranvier::executor {
namespace {

TEST(Machine, ThreadsFollowAffinity) {
  cpu_set_t all;
  CPU_ZERO(&all);
  ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  EXPECT_GE(available_threads(), 1);
  EXPECT_LE(available_threads(), CPU_COUNT(&all));
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &all)) continue;
    CPU_SET(cpu, &one);
    break;
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(available_threads(), 1);
  sched_setaffinity(0, sizeof all, &all);
}

TEST(Machine, HasMemory) { EXPECT_GT(available_memory(), std::size_t{16} << 20); }

}  // namespace
}  // namespace ranvier::executor
