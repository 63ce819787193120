// A binding's runs allocate nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "tests/allocation/counted_malloc.h"
#include "tests/allocation/examples.h"

namespace ranvier::allocation {
namespace {

/// The implementations that do allocate, and why they may. One that stops has to be taken off.
const std::map<std::string_view, std::string_view> may_allocate = {
    {"onednn", "oneDNN 2.6 allocates in dnnl_primitive_execute"},
};

void expect_no_allocation(const std::vector<Example>& examples) {
  for (const Example& each : examples) {
    const Counter counter;
    for (int run = 0; run < 10; ++run) each.binding->run();
    const long calls = counter.calls();
    const bool excused = std::any_of(each.implementations.begin(), each.implementations.end(),
                                     [](std::string_view name) { return may_allocate.contains(name); });
    if (excused) {
      EXPECT_GT(calls, 0) << each.name << " allocates no longer";
    } else {
      EXPECT_EQ(calls, 0) << each.name;
    }
  }
}

/// Hides from the compiler that nothing is done with the memory.
void* volatile kept;

TEST(Allocation, IsCounted) {
  const Counter counter;
  EXPECT_EQ(counter.calls(), 0);
  kept = std::malloc(10);
  std::free(kept);
  EXPECT_EQ(counter.calls(), 2);
  kept = new int(3);
  delete static_cast<int*>(kept);
  EXPECT_EQ(counter.calls(), 4) << "those of other libraries";
  kept = std::aligned_alloc(64, 64);
  kept = std::realloc(kept, 128);
  std::free(kept);
  EXPECT_EQ(counter.calls(), 7);
}

TEST(Allocation, NoneInSingleOperators) {
  const std::vector<Example> examples = single_operators();
  EXPECT_GE(examples.size(), 100u);
  expect_no_allocation(examples);
}

TEST(Allocation, NoneInSmallGraphs) { expect_no_allocation(small_graphs()); }

TEST(Allocation, NoneInModels) {
  const std::vector<Example> models = models_in("models");
  EXPECT_EQ(models.size(), 8u);
  expect_no_allocation(models);
  const std::vector<Example> corpus = models_in("tests/corpus");
  EXPECT_GE(corpus.size(), 200u);
  expect_no_allocation(corpus);
}

}  // namespace
}  // namespace ranvier::allocation
