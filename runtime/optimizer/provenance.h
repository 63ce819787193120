// Where the nodes of an optimized graph come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/graph/patch.h"

namespace ranvier::optimizer {

/// What became one node. Node ids are those of the graph that was given to the optimizer, in its order.
struct Origin {
  std::vector<graph::NodeId> nodes;   ///< The node itself, where nothing changed it.
  std::vector<graph::NodeId> folded;  ///< What computed constants that it reads, or that went into it; the first 256.
  std::vector<std::size_t> rewrites;  ///< That led to it, in order: indices of Result::rewrites.
};

/// Follows nodes through patches. A patch does not tell what it is made of: that is what vanishes with it, from the
/// values that it replaces back to those that it reads.
class Provenance {
 public:
  /// Tags the nodes of the graph to follow.
  explicit Provenance(graph::Graph& graph);

  /// The graph with the patches applied, each of which is one rewrite; see graph::merge. One that folds may follow
  /// those that compute the constants it needs.
  graph::Graph apply(const graph::Graph& graph, std::vector<graph::Patch> patches);

  /// By node of the graph that the last apply() has made.
  std::vector<Origin> origins(const graph::Graph& graph) const;
  /// By rewrite: the nodes of the first graph that it replaced, also where it made none.
  const std::vector<std::vector<graph::NodeId>>& replaced() const { return replaced_; }

 private:
  void tag(std::vector<graph::Patch>& patches);
  /// Adds what computed the constants that the node reads; `tags` are those of the graph's values.
  void add_folded(std::span<const std::uint32_t> tags, const graph::Node& node, Origin& origin) const;

  std::vector<Origin> origins_;                       // by the tags of nodes
  std::vector<std::vector<graph::NodeId>> folded_;    // by the tags of values: constants that patches computed
  std::vector<std::vector<graph::NodeId>> replaced_;  // by rewrite
};

}  // namespace ranvier::optimizer
