#include "runtime/optimizer/provenance.h"

#include <algorithm>
#include <cstdint>

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::Patch;
using graph::ValueId;

template <class T>
void add(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
  std::sort(to.begin(), to.end());
  to.erase(std::unique(to.begin(), to.end()), to.end());
}

/// Constants may be computed from constants without end: then the lists of what did it would fill the memory.
constexpr std::size_t most_folded = 256;

void cut(std::vector<NodeId>& folded) { folded.resize(std::min(folded.size(), most_folded)); }

/// Only computes constants: they take the place of what computed them.
bool folds(const Patch& patch) { return patch.nodes.empty() && !patch.values.empty(); }

std::vector<std::uint32_t> tags_of_values(const Graph& graph) {
  std::vector<std::uint32_t> tags;
  for (const graph::Value& value : graph.values) tags.push_back(value.tag);
  return tags;
}

/// Finds what each of several patches of one graph replaced.
class Replaced {
 public:
  Replaced(const Graph& before, std::span<const Patch> patches, const Graph& after)
      : before_(before), made_by_(graph::producers(before)), ends_(before.values.size(), false) {
    std::vector<std::uint32_t> left;
    for (const Node& node : after.nodes) left.push_back(node.tag);
    std::sort(left.begin(), left.end());
    for (const Node& node : before.nodes) gone_.push_back(!std::binary_search(left.begin(), left.end(), node.tag));
    for (const Patch& patch : patches)
      for (const Patch::Replacement& replacement : patch.replacements)
        if (replacement.old_value < ends_.size()) ends_[replacement.old_value] = true;
  }

  /// The makers of the values it replaced, and whatever before them is gone, up to the values that it reads itself and
  /// to those that another of the patches replaced.
  std::vector<NodeId> by(const Patch& patch) const {
    std::vector<ValueId> reads;
    for (const Node& node : patch.nodes) {
      const std::vector<ValueId> own = graph::values_read(node);
      reads.insert(reads.end(), own.begin(), own.end());
    }
    std::sort(reads.begin(), reads.end());
    std::vector<NodeId> found;
    for (const Patch::Replacement& replacement : patch.replacements)
      if (replacement.old_value < made_by_.size()) found.push_back(made_by_[replacement.old_value]);
    std::erase(found, graph::none);
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (const ValueId id : graph::values_read(before_.nodes[found[i]])) {
        const NodeId maker = made_by_[id];
        if (maker == graph::none || !gone_[maker] || ends_[id] || std::binary_search(reads.begin(), reads.end(), id))
          continue;
        if (std::find(found.begin(), found.end(), maker) == found.end()) found.push_back(maker);
      }
    }
    return found;
  }

 private:
  const Graph& before_;
  const std::vector<NodeId> made_by_;
  std::vector<bool> gone_;  // by node of the graph before
  std::vector<bool> ends_;  // by value of the graph before: what the patches replaced
};

}  // namespace

Provenance::Provenance(Graph& graph) {
  for (graph::Value& value : graph.values) value.tag = graph::none;
  for (NodeId n = 0; n < graph.nodes.size(); ++n) {
    graph.nodes[n].tag = n;
    origins_.push_back({.nodes = {n}, .folded = {}, .rewrites = {}});
  }
}

/// Passes copy nodes and values, tags included.
void Provenance::tag(std::vector<Patch>& patches) {
  for (Patch& patch : patches) {
    for (Node& node : patch.nodes) {
      node.tag = static_cast<std::uint32_t>(origins_.size());
      origins_.emplace_back();
    }
    for (graph::Value& value : patch.values) {
      value.tag = folds(patch) ? static_cast<std::uint32_t>(folded_.size()) : graph::none;
      if (folds(patch)) folded_.emplace_back();
    }
  }
}

void Provenance::add_folded(std::span<const std::uint32_t> tags, const Node& node, Origin& origin) const {
  for (const ValueId id : graph::values_read(node))
    if (tags[id] != graph::none) add(origin.folded, folded_[tags[id]]);
  cut(origin.folded);
}

Graph Provenance::apply(const Graph& graph, std::vector<Patch> patches) {
  tag(patches);
  Graph after = graph::apply(graph, graph::merge(patches, graph.values.size()));
  const Replaced replaced(graph, patches, after);
  std::vector<std::uint32_t> tags = tags_of_values(graph);
  for (const Patch& patch : patches) {
    Origin origin;
    for (const NodeId n : replaced.by(patch)) {
      const Origin& earlier = origins_[graph.nodes[n].tag];
      add(origin.nodes, earlier.nodes);
      add(origin.folded, earlier.folded);
      add(origin.rewrites, earlier.rewrites);
      add_folded(tags, graph.nodes[n], origin);
    }
    origin.rewrites.push_back(replaced_.size());
    replaced_.push_back(origin.nodes);
    for (const Node& node : patch.nodes) origins_[node.tag] = origin;
    if (!folds(patch)) continue;
    add(origin.nodes, origin.folded);
    cut(origin.nodes);
    for (const graph::Value& value : patch.values) folded_[value.tag] = origin.nodes;
    for (const auto& [old_value, new_value] : patch.replacements)
      if (new_value >= graph.values.size()) tags[old_value] = patch.values[new_value - graph.values.size()].tag;
  }
  return after;
}

std::vector<Origin> Provenance::origins(const Graph& graph) const {
  std::vector<Origin> result;
  const std::vector<std::uint32_t> tags = tags_of_values(graph);
  for (const Node& node : graph.nodes) {
    result.push_back(origins_[node.tag]);
    add_folded(tags, node, result.back());
  }
  return result;
}

}  // namespace ranvier::optimizer
