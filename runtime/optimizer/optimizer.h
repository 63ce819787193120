// Rewriting a graph into a simpler one that computes the same.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/graph/patch.h"
#include "runtime/optimizer/provenance.h"

namespace ranvier::optimizer {

struct Options {
  /// No rewrite that changes what the file's own arithmetic gives.
  bool strict_onnx = false;
  /// Stops after this many rewrites: bisecting finds the one that breaks a model.
  std::size_t stop_after = std::numeric_limits<std::size_t>::max();
};

/// One kind of rewrite. Finds every place in the graph where it applies, as patches that do not touch each other's
/// replaced values; each numbers its own values from graph.values.size() on.
struct Pass {
  std::string_view name;
  std::vector<graph::Patch> (*find)(const graph::Graph& graph, const Options& options);
  /// Where it almost applies, and the first condition that fails, in words. Null: it does not tell.
  std::vector<std::string> (*refusals)(const graph::Graph& graph, const Options& options) = nullptr;
};

/// All passes, in the order in which they run.
std::span<const Pass> passes();

/// A rewrite that was made.
struct Rewrite {
  std::string_view pass;
  std::string reason;
  std::vector<graph::NodeId> nodes;  ///< Of the graph that was given: what it replaced goes back to them.
};

struct Result {
  graph::Graph graph;
  std::vector<Rewrite> rewrites;
  std::vector<Origin> origins;  ///< By node of the graph.
};

/// Runs the passes in order, again and again, until none finds anything. The graph is verified before the first and
/// after each. @throws Error internal where a pass breaks the graph; invalid_model, with its node, where folding
/// constants shows that a node is wrong.
Result optimize(const graph::Graph& graph, const Options& options = {});

/// What the passes left alone in an optimized graph although it almost fits, and why: one line each.
std::vector<std::string> refusals(const graph::Graph& graph, const Options& options = {});

}  // namespace ranvier::optimizer
