#include "runtime/optimizer/optimizer.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

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
  EXPECT_EQ(result.rewrites[0].reason, "node 'Identity_0' (Identity, opset 17) hands on its operand");
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

/// The graph after the pass, as text.
std::string without_no_ops(std::string_view text, const testing::Dialect& dialect = {}, const Options& options = {}) {
  const Graph graph = testing::graph_of(text, dialect);
  return testing::describe(graph::apply(graph, graph::merge(remove_no_ops(graph, options), graph.values.size())));
}

TEST(RemoveNoOps, ArithmeticThatChangesNothing) {
  for (const char* nothing :
       {"Mul(t, 1)", "Mul(1, t)", "Div(t, 1)", "Pow(t, 1)", "Sub(t, 0)", "Add(t, 0)", "Add(0, t)"})
    EXPECT_EQ(without_no_ops(std::string("t=Exp(x); u=") + nothing + "; y=Abs(u)"), "Exp Abs") << nothing;
  for (const char* change :
       {"Mul(t, 2)", "Mul(t, t)", "Div(1, t)", "Pow(1, t)", "Sub(0, t)", "Add(t, 1)", "Mul(t, W[6])"})
    EXPECT_NE(without_no_ops(std::string("t=Exp(x); u=") + change + "; y=Abs(u)"), "Exp Abs") << change;
  EXPECT_EQ(without_no_ops("t=Exp(x); u=Mul(t, W[1,1,1]); y=Abs(u)"), "Exp Mul Abs") << "it adds a dimension";
  EXPECT_EQ(without_no_ops("t=Exp(x); u=Add(t, 0); y=Abs(u)", {}, {.strict_onnx = true}), "Exp Add Abs")
      << "-0 + 0 is 0";
  EXPECT_EQ(without_no_ops("t=Exp(x); u=Mul(t, 1); y=Abs(u)", {}, {.strict_onnx = true}), "Exp Abs");
  EXPECT_EQ(without_no_ops("t=Exp(x); u=Mul(t, 1); y=Abs(u)", {.version = 6}), "Exp Mul Abs");
}

TEST(RemoveNoOps, MovementsThatMoveNothing) {
  const testing::Dialect rows = {.shape = {-1, 6}};
  for (const char* nothing : {"Reshape(t, [-1,6])", "Flatten(t)", "Transpose{perm=[0,1]}(t)"})
    EXPECT_EQ(without_no_ops(std::string("t=Exp(x); u=") + nothing + "; y=Abs(u)", rows), "Exp Abs") << nothing;
  EXPECT_EQ(without_no_ops("t=Exp(x); s=Unsqueeze(t, [1]); u=Squeeze(s, [1]); y=Abs(u)", rows), "Exp Abs");
  EXPECT_EQ(without_no_ops("t=Exp(x); s=Reshape(t, [-1]); u=Reshape(s, [-1,6]); y=Abs(u)", rows), "Exp Abs");
  for (const char* movement : {"Reshape(t, [6,-1])", "Transpose(t)", "Reshape(t, [-1,3,2])", "Flatten{axis=0}(t)"})
    EXPECT_NE(without_no_ops(std::string("t=Exp(x); u=") + movement + "; y=Abs(u)", rows), "Exp Abs") << movement;
  EXPECT_EQ(without_no_ops("t=Exp(x); u=Reshape(t, [-1,6]); y=Abs(u)", {.shape = {-1, -1}}), "Exp Reshape Abs");
  EXPECT_EQ(without_no_ops("t=Exp(x); u=Reshape(t, [-1,0]); y=Abs(u)", {.shape = {4, 0}}), "Exp Reshape Abs")
      << "no element tells how many rows there are";
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

TEST(FoldConstants, ComputesWhatIsComputedFromConstantsInOneGo) {
  const graph::Graph graph = testing::graph_of("a=Neg(W[6]); b=Abs(a); c=Sqrt(b); y=Add(x, c)");
  EXPECT_EQ(fold_constants(graph, {}).size(), 3u);
  // 40 MB, 40 MB, and a third for the next round.
  const graph::Graph large = testing::graph_of("a=Neg(W[10000000]); b=Abs(a); c=Sqrt(b); y=Add(x, c)");
  EXPECT_EQ(fold_constants(large, {}).size(), 2u);
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
