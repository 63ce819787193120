// Whatever the optimizer makes of a graph computes what the graph does.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "runtime/optimizer/optimizer.h"
#include "tests/random_graphs/check.h"

namespace ranvier::random_graphs {
namespace {

/// The number that a variable of the environment has, where it is set.
double setting(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtod(text, nullptr);
}

constexpr int most_failures = 5;

std::string report(std::uint64_t seed) {
  Example example = example_of(seed);
  const std::optional<Failure> failure = failure_of(example);
  if (!failure) return "";
  Failure small_failure = *failure;
  const Example small = reduced(example, small_failure);
  return fmt::format(
      "seed {} fails {}\n{}\nreduced, it fails {}\n{}\nTo see it alone: RANVIER_RANDOM_GRAPHS_SEED={} "
      "RANVIER_RANDOM_GRAPHS_SECONDS=0 random_graphs_test",
      seed, failure->what, to_text(example), small_failure.what, to_text(small), seed);
}

TEST(RandomGraphs, ComputeTheSameHoweverFarTheyAreOptimized) {
  const auto first = static_cast<std::uint64_t>(setting("RANVIER_RANDOM_GRAPHS_SEED", 1));
  const double seconds = setting("RANVIER_RANDOM_GRAPHS_SECONDS", RANVIER_RANDOM_GRAPHS_SECONDS);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  int failures = 0;
  std::uint64_t seed = first;
  do {
    if (const std::string text = report(seed); !text.empty()) {
      ADD_FAILURE() << text;
      ++failures;
    }
    ++seed;
  } while (std::chrono::steady_clock::now() < end && failures < most_failures);
  RecordProperty("graphs", static_cast<int>(seed - first));
  std::printf("%d graphs\n", static_cast<int>(seed - first));
}

TEST(RandomGraphs, Coverage) {
  std::map<std::string, int> counts;
  int nodes = 0;
  std::map<std::string, int> ops;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    const Example example = example_of(seed);
    nodes += static_cast<int>(example.graph.nodes.size());
    for (const auto& n : example.graph.nodes) ++ops[n.op_type + (n.version != example.opset ? "@old" : "")];
    for (const optimizer::Rewrite& rewrite : rewrites_of(example)) {
      ++counts[std::string(rewrite.pass)];
      const std::size_t at = rewrite.reason.find("spelled");
      if (at != std::string::npos) ++counts[rewrite.reason.substr(at)];
    }
  }
  std::printf("%d nodes\n", nodes);
  for (const auto& [what, count] : counts) std::printf("%6d %s\n", count, what.c_str());
  for (const auto& [what, count] : ops) std::printf("%6d %s, ", count, what.c_str());
}

}  // namespace
}  // namespace ranvier::random_graphs
