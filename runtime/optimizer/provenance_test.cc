#include "runtime/optimizer/provenance.h"

#include <gtest/gtest.h>

#include "runtime/optimizer/optimizer.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::graph_of;

/// "Gelu: t1 t2 y; folded c; by restore_activations", a line for each node of the optimized graph.
std::string origins_of(std::string_view text, const Options& options = {}) {
  const graph::Graph given = graph_of(text);
  const Result result = optimize(given, options);
  std::string lines;
  for (std::size_t n = 0; n < result.graph.nodes.size(); ++n) {
    const Origin& origin = result.origins[n];
    lines += result.graph.nodes[n].op_type + ":";
    for (const graph::NodeId id : origin.nodes) lines += " " + given.nodes[id].name;
    if (!origin.folded.empty()) lines += "; folded";
    for (const graph::NodeId id : origin.folded) lines += " " + given.nodes[id].name;
    if (!origin.rewrites.empty()) lines += "; by";
    for (const std::size_t rewrite : origin.rewrites) lines += fmt::format(" {}", result.rewrites[rewrite].pass);
    lines += "\n";
  }
  return lines;
}

/// The nodes that each rewrite replaced.
std::string replaced_in(std::string_view text) {
  const graph::Graph given = graph_of(text);
  std::string lines;
  for (const Rewrite& rewrite : optimize(given).rewrites) {
    lines += fmt::format("{}:", rewrite.pass);
    for (const graph::NodeId id : rewrite.nodes) lines += " " + given.nodes[id].name;
    lines += "\n";
  }
  return lines;
}

TEST(Provenance, ANodeThatNothingChangesIsItsOwnOrigin) {
  EXPECT_EQ(origins_of("a=Neg(x); y=Abs(a)"), "Neg: a\nAbs: y\n");
}

TEST(Provenance, ANewNodeIsMadeOfWhatItReplaced) {
  EXPECT_EQ(origins_of("a=Neg(x); b=Softplus(a); c=Tanh(b); y=Mul(a, c)"),
            "Neg: a\nMish: b c y; by restore_activations\n");
}

TEST(Provenance, ChainsOfRewritesGoBackToTheFirstGraph) {
  // Masks become Where, which becomes Elu.
  const std::string elu =
      "a=Greater(x, 0); b=Not(a); c=Cast{to=1}(b); d=Cast{to=1}(a); e=Elu(x); f=Mul(0.5, e); g=Mul(f, c); "
      "h=Mul(d, e); y=Add(h, g)";
  EXPECT_EQ(origins_of(elu), "Elu: a b c d e f g h y; by restore_choices restore_activations\n");
  EXPECT_EQ(origins_of(elu, {.stop_after = 1}), "Greater: a\nElu: e\nMul: f\nWhere: b c d g h y; by restore_choices\n");
  EXPECT_EQ(replaced_in(elu), "restore_choices: b c d g h y\nrestore_activations: a b c d e f g h y\n");
}

TEST(Provenance, RemovedNodesAreOfNoOtherNode) {
  EXPECT_EQ(origins_of("a=Identity(x); b=Identity(a); y=Neg(b)"), "Neg: y\n");
  EXPECT_EQ(replaced_in("a=Identity(x); b=Identity(a); y=Neg(b)"), "remove_no_ops: a\nremove_no_ops: b\n");
}

TEST(Provenance, FoldedNodesAreTheReadersOwn) {
  EXPECT_EQ(origins_of("a=Neg(W[6]); b=Abs(a); y=Add(x, b)"), "Add: y; folded a b\n");
}

TEST(Provenance, ManyFoldedNodesAreNotAllKept) {
  std::string text = "v0=Neg(W[6])";
  for (int i = 1; i < 300; ++i) text += fmt::format("; v{}=Neg(v{})", i, i - 1);
  const Result result = optimize(graph_of(text + "; y=Add(x, v299)"));
  ASSERT_EQ(result.graph.nodes.size(), 1u);
  EXPECT_EQ(result.origins[0].nodes, std::vector<graph::NodeId>{300});
  EXPECT_EQ(result.origins[0].folded.size(), 256u);
}

TEST(Provenance, FoldedNodesGoWithTheConstantsIntoWhatIsMade) {
  EXPECT_EQ(origins_of("one=Neg(-1.0); a=Mul(one, x); b=Sigmoid(a); y=Mul(x, b)"),
            "Swish: a b y; folded one; by restore_activations\n");
}

}  // namespace
}  // namespace ranvier::optimizer
