#include "runtime/graph/patch.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"

namespace ranvier::graph {
namespace {

using testing::Builder;
using testing::error_of;
using testing::operators_of;

/// x -> A -> B -> y.
Graph chain() {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId a = builder.node("A", {x});
  const ValueId b = builder.node("B", {a});
  builder.rename(b, "y");
  return builder.finish({b});
}

Patch replace_both_by_one() {
  Patch patch;
  patch.values.push_back({.name = "fused", .shape = {}, .constant = {}});
  patch.nodes.push_back({.name = "f", .op_type = "F", .version = 17, .inputs = {0}, .outputs = {3}, .attributes = {}});
  patch.replacements = {{2, 3}};
  return patch;
}

TEST(Apply, ReplacesAndSweepsWhatNobodyReads) {
  const Graph result = apply(chain(), replace_both_by_one());
  EXPECT_EQ(operators_of(result), std::vector<std::string>{"F"});
  EXPECT_EQ(result.values.size(), 2u);
  EXPECT_EQ(result.values[result.outputs[0]].name, "y") << "the output keeps the name that callers know";
}

TEST(Apply, KeepsNodesThatOthersStillNeed) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId a = builder.node("A", {x});
  const ValueId b = builder.node("B", {a});
  const ValueId c = builder.node("C", {a});
  const Graph graph = builder.finish({b, c});
  Patch patch;
  patch.values.push_back({.name = "fused", .shape = {}, .constant = {}});
  patch.nodes.push_back({.name = "f", .op_type = "F", .version = 17, .inputs = {x}, .outputs = {4}, .attributes = {}});
  patch.replacements = {{b, 4}};
  EXPECT_EQ(operators_of(apply(graph, patch)), (std::vector<std::string>{"A", "C", "F"}));
}

TEST(Apply, RefusesToRenameAnInput) {
  Patch patch;
  patch.replacements = {{2, 0}};
  EXPECT_EQ(error_of([&] { apply(chain(), patch); }),
            "internal: a patch replaces the graph output 'y' by 'x', which cannot take its name");
}

TEST(Apply, RefusesAPatchThatReadsItself) {
  Patch patch = replace_both_by_one();
  patch.nodes[0].inputs = {2};
  EXPECT_EQ(error_of([&] { apply(chain(), patch); }),
            "invalid_model: the graph has a cycle through or before node 'f' (F, opset 17)");
  Patch circle;
  circle.replacements = {{1, 2}, {2, 1}};
  EXPECT_EQ(error_of([&] { apply(chain(), circle); }), "internal: a patch replaces values in a circle");
}

TEST(Apply, FollowsReplacementsOfReplacements) {
  Builder builder;
  const ValueId x = builder.node("Source", {builder.input("i")});
  const ValueId a = builder.node("Identity", {x});
  const ValueId b = builder.node("Identity", {a});
  const ValueId c = builder.node("C", {b});
  Patch patch;
  patch.replacements = {{a, x}, {b, a}};
  const Graph result = apply(builder.finish({c}), patch);
  EXPECT_EQ(operators_of(result), (std::vector<std::string>{"Source", "C"}));
}

TEST(Merge, RenumbersTheValuesOfEachPatch) {
  Patch first = replace_both_by_one();
  Patch second = replace_both_by_one();
  first.replacements = {{1, 3}};
  const Patch both[] = {first, second};
  const Patch merged = merge(both, 3);
  EXPECT_EQ(merged.nodes[0].outputs[0], 3u);
  EXPECT_EQ(merged.nodes[1].outputs[0], 4u);
  EXPECT_EQ(merged.replacements[1].new_value, 4u);
}

}  // namespace
}  // namespace ranvier::graph
