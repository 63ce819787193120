// Whatever the optimizer makes of a graph computes what the graph does.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>

#include "operators/table.h"
#include "runtime/optimizer/passes.h"
#include "tests/random_graphs/check.h"
#include "tests/random_graphs/expectation.h"
#include "tests/random_graphs/growth.h"

namespace ranvier::random_graphs {
namespace {

/// The number that a variable of the environment has, where it is set.
double setting(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtod(text, nullptr);
}

/// What is wrong with the graph of that seed, and how to see it again; nothing where all is right.
std::optional<std::string> report(std::uint64_t seed) {
  const Example example = example_of(seed);
  const std::optional<Failure> failure = failure_of(example);
  if (!failure) return std::nullopt;
  Failure small_failure = *failure;
  const Example small = reduced(example, small_failure);
  return fmt::format(
      "seed {} fails {}\n{}\nreduced, it fails {}\n{}\n"
      "To see it alone: RANVIER_RANDOM_GRAPHS_SEED={} RANVIER_RANDOM_GRAPHS_SECONDS=0 random_graphs_test",
      seed, failure->what, to_text(example), small_failure.what, to_text(small), seed);
}

TEST(RandomGraphs, ComputeTheSameHoweverFarTheyAreOptimized) {
  constexpr int most_failures = 3;
  constexpr int graphs_a_line = 500;
  const auto first = static_cast<std::uint64_t>(setting("RANVIER_RANDOM_GRAPHS_SEED", 1));
  const double seconds = setting("RANVIER_RANDOM_GRAPHS_SECONDS", RANVIER_RANDOM_GRAPHS_SECONDS);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  int failures = 0;
  std::uint64_t seed = first;
  do {
    // Where a graph ends the process, the last line tells from which seed on to look for it.
    if ((seed - first) % graphs_a_line == 0) std::cout << "from seed " << seed << " on" << std::endl;
    const std::optional<std::string> failure = report(seed++);
    if (!failure) continue;
    ADD_FAILURE() << *failure;
    ++failures;
  } while (std::chrono::steady_clock::now() < end && failures < most_failures);
  std::cout << seed - first << " graphs" << std::endl;
}

/// Each pass, and each row of the table of spellings, whose operator exists, finds something in these.
TEST(RandomGraphs, HaveWhatTheOptimizerLooksFor) {
  std::map<std::string, int> found;  // passes, and patterns of rows
  for (const optimizer::Pass& pass : optimizer::passes()) found[std::string(pass.name)] = 0;
  for (const optimizer::Spelling& row : optimizer::activation_spellings()) {
    const graph::Node node = optimizer::parse_node(row.node).node;
    if (operators::find_operator(node.domain, node.op_type, node.version) != nullptr)
      found[fmt::format("{}: {}", row.node, row.pattern)] = 0;
  }
  const auto is_missing = [](const auto& entry) { return entry.second == 0; };
  for (std::uint64_t seed = 1; seed <= 30000 && std::ranges::any_of(found, is_missing); ++seed)
    for (const optimizer::Rewrite& rewrite : rewrites_of(example_of(seed))) {
      ++found[std::string(rewrite.pass)];
      constexpr std::string_view before_row = " spelled ";
      const std::size_t at = rewrite.reason.find(before_row);
      if (at != std::string::npos) ++found[rewrite.reason.substr(at + before_row.size())];
    }
  for (const auto& [what, times] : found) EXPECT_GT(times, 0) << what;
}

/// The leeway is not so large that anything goes.
TEST(RandomGraphs, TellASmallDifference) {
  int examples = 0, told = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Example example = example_of(seed);
    Expectation expectation(example.graph, example.inputs[0].tensors);
    std::vector<Tensor> outputs = expectation.outputs();
    EXPECT_EQ(expectation.difference(outputs), std::nullopt);
    Tensor& last = outputs.back();
    std::vector<double> elements;
    if (is_real(last.type())) elements = doubles(last);
    if (std::ranges::none_of(elements, [](double x) { return std::abs(x) > 0.1; })) continue;
    for (double& x : elements) x *= last.type() == DataType::float16 ? 1.05 : 1.0005;
    last = real_tensor(last.type(), last.shape(), elements);
    ++examples;
    told += expectation.difference(outputs) ? 1 : 0;
  }
  EXPECT_GE(examples, 60);
  EXPECT_GE(told, examples * 9 / 10);
}

TEST(RandomGraphs, AreReducedToWhatFails) {
  const Fails has_tanh_of_sum = [](const Example& example) -> std::optional<Failure> {
    const std::vector<graph::NodeId> made_by = graph::producers(example.graph);
    for (const graph::Node& node : example.graph.nodes) {
      if (node.op_type != "Tanh" || made_by[node.inputs[0]] == graph::none) continue;
      if (example.graph.nodes[made_by[node.inputs[0]]].op_type == "Add") return Failure{"has a tanh", 0};
    }
    return std::nullopt;
  };
  int examples = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Example example = example_of(seed);
    std::optional<Failure> failure = has_tanh_of_sum(example);
    if (!failure) continue;
    ++examples;
    EXPECT_EQ(reduced(example, *failure, has_tanh_of_sum).graph.nodes.size(), 2u) << to_text(example);
  }
  EXPECT_GE(examples, 2);
}

}  // namespace
}  // namespace ranvier::random_graphs
