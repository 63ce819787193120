#include "runtime/optimizer/optimizer.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::ValueId;
using graph::testing::Builder;
using graph::testing::operators_of;

std::vector<std::string> optimized(const Graph& graph, const Options& options = {}) {
  return operators_of(optimize(graph, options).graph);
}

/// Two Identity nodes before a Shape.
Graph two_identities() {
  Builder builder;
  const ValueId x = builder.input("x");
  return builder.finish({builder.node("Shape", {builder.node("Identity", {builder.node("Identity", {x})})})});
}

TEST(Optimize, RunsToAFixpointAndTellsWhatItDid) {
  const Result result = optimize(two_identities());
  EXPECT_EQ(operators_of(result.graph), std::vector<std::string>{"Shape"});
  ASSERT_EQ(result.rewrites.size(), 2u);
  EXPECT_EQ(result.rewrites[0].pass, "remove_no_ops");
  EXPECT_EQ(result.rewrites[0].reason, "node 'Identity_0' (Identity, opset 17) hands on its input");
}

TEST(Optimize, StopsAfterAsManyRewritesAsAsked) {
  EXPECT_EQ(optimized(two_identities(), {.stop_after = 0}).size(), 3u);
  EXPECT_EQ(optimized(two_identities(), {.stop_after = 1}).size(), 2u);
  EXPECT_EQ(optimized(two_identities(), {.stop_after = 2}).size(), 1u);
}

TEST(RemoveNoOps, LeavesWhatAnOutputNeedsForItsName) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId y = builder.node("Identity", {x});
  EXPECT_EQ(optimized(builder.finish({y})), std::vector<std::string>{"Identity"}) << "the output is the input itself";

  Builder chain;
  const ValueId a = chain.node("Shape", {chain.input("x")});
  const ValueId b = chain.node("Identity", {a});
  const ValueId c = chain.node("Identity", {b});
  chain.rename(c, "y");
  const Graph both = chain.finish({a, c});
  EXPECT_EQ(optimized(both), (std::vector<std::string>{"Shape", "Identity"})) << "both are outputs";
  const Graph renamed = optimize(chain.finish({c})).graph;
  EXPECT_EQ(operators_of(renamed), std::vector<std::string>{"Shape"});
  EXPECT_EQ(renamed.values[renamed.outputs[0]].name, "y");
}

TEST(RemoveNoOps, DropoutGoesUnlessItTrainsOrItsMaskIsRead) {
  const auto with = [](std::vector<Tensor> extra, std::size_t outputs, bool read_mask, std::int64_t version) {
    Builder builder;
    std::vector<ValueId> inputs = {builder.input("x")};
    for (const Tensor& tensor : extra) inputs.push_back(builder.constant(tensor));
    const std::vector<ValueId> made = builder.nodes("Dropout", inputs, outputs, {}, version);
    std::vector<ValueId> results = {builder.node("Shape", {made[0]})};
    if (read_mask) results.push_back(made[1]);
    if (outputs == 2 && !read_mask) builder.graph().nodes[0].outputs[1] = graph::none;
    return builder.finish(results);
  };
  const Tensor ratio = Tensor::of<float>({}, {0.5f});
  const std::vector<std::string> gone = {"Shape"};
  const std::vector<std::string> stays = {"Dropout", "Shape"};
  EXPECT_EQ(optimized(with({}, 1, false, 13)), gone);
  EXPECT_EQ(optimized(with({ratio, Tensor::of<bool>({}, {false})}, 1, false, 13)), gone);
  EXPECT_EQ(optimized(with({}, 2, false, 13)), gone);
  EXPECT_EQ(optimized(with({ratio, Tensor::of<bool>({}, {true})}, 1, false, 13)), stays);
  EXPECT_EQ(optimized(with({}, 2, true, 13)), stays);
  EXPECT_EQ(optimized(with({}, 1, false, 6)), stays) << "before opset 7 it trains unless is_test says otherwise";
}

TEST(RemoveNoOps, CastGoesOnlyToTheTypeThatIsThereAlready) {
  const auto with = [](DataType from, DataType to) {
    Builder builder;
    const ValueId cast = builder.node("Cast", {builder.input("x", from)}, {{"to", static_cast<std::int64_t>(to)}});
    return builder.finish({builder.node("Shape", {cast})});
  };
  EXPECT_EQ(optimized(with(DataType::float32, DataType::float32)), std::vector<std::string>{"Shape"});
  EXPECT_EQ(optimized(with(DataType::float64, DataType::float32)).size(), 2u);
  EXPECT_EQ(optimized(with(DataType::undefined, DataType::float32)).size(), 2u);
}

TEST(FoldConstants, ComputesWhatReadsOnlyConstants) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId dims = builder.node("Shape", {builder.constant(Tensor(DataType::float32, {3, 2}))});
  const ValueId y = builder.node("Reshape", {x, dims});
  const Result result = optimize(builder.finish({y}));
  EXPECT_EQ(operators_of(result.graph), std::vector<std::string>{"Reshape"});
  const Tensor* folded = result.graph.constant(result.graph.nodes[0].inputs[1]);
  ASSERT_NE(folded, nullptr);
  EXPECT_EQ(folded->values<std::int64_t>()[0], 3);
}

TEST(FoldConstants, LeavesDefaultsThatACallerMayOverride) {
  Builder builder;
  const ValueId x = builder.constant(Tensor(DataType::float32, {3, 2}));
  builder.graph().values[x].overridable = true;
  builder.graph().inputs = {x};
  EXPECT_EQ(optimized(builder.finish({builder.node("Reshape", {x, builder.node("Shape", {x})})})).size(), 2u);
}

TEST(FoldConstants, LeavesWhatFailsToTheRunThatNeedsIt) {
  Builder builder;
  const ValueId wrong = builder.node("Reshape", {builder.constant(Tensor(DataType::float32, {3})),
                                                 builder.constant(Tensor::of<std::int64_t>({1}, {4}))});
  EXPECT_EQ(optimized(builder.finish({builder.node("Shape", {wrong})})).size(), 2u);
}

}  // namespace
}  // namespace ranvier::optimizer
