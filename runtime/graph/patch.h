// How the optimizer changes a graph.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::graph {

/// A change to a graph, made by a pass that only reads it: new values, new nodes, and which old values are replaced by
/// which others. Nothing is deleted: what nobody reads any more is swept away afterwards.
struct Patch {
  struct Replacement {
    ValueId old_value = none;
    ValueId new_value = none;
  };

  std::vector<Value> values;              ///< Their ids continue those of the graph.
  std::vector<Node> nodes;                ///< May read both the graph's and the patch's values.
  std::vector<Replacement> replacements;  ///< Every reader of old_value reads new_value instead.
  std::string reason;                     ///< One line for people: what was seen and what became of it.
};

/// Several patches of one graph as one. Each numbers its own values from `value_count` on, the graph's number of
/// values.
Patch merge(std::span<const Patch> patches, std::size_t value_count);

/// The graph with the patch applied, in topological order, without nodes and values that no output needs. A replaced
/// graph output keeps its name. @throws Error internal where the result does not verify.
Graph apply(const Graph& graph, const Patch& patch);

/// Drops nodes that no output needs, and values that neither a node nor an output nor an input uses.
Graph sweep(const Graph& graph);

}  // namespace ranvier::graph
