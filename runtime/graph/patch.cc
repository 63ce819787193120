#include "runtime/graph/patch.h"

#include <algorithm>
#include <numeric>

namespace ranvier::graph {
namespace {

template <class Function>
void rename_reads(Node& node, const Function& renamed) {
  for (ValueId& id : node.inputs)
    if (id != none) id = renamed(id);
  for (auto& [name, attribute] : node.attributes)
    if (auto* subgraph = std::get_if<Subgraph>(&attribute))
      for (Capture& capture : subgraph->captures) capture.outer = renamed(capture.outer);
}

std::vector<bool> needed_nodes(const Graph& graph) {
  const std::vector<NodeId> made_by = producers(graph);
  std::vector<bool> needed(graph.nodes.size(), false);
  std::vector<ValueId> pending = graph.outputs;
  while (!pending.empty()) {
    const NodeId producer = made_by[pending.back()];
    pending.pop_back();
    if (producer == none || needed[producer]) continue;
    needed[producer] = true;
    const std::vector<ValueId> reads = values_read(graph.nodes[producer]);
    pending.insert(pending.end(), reads.begin(), reads.end());
  }
  return needed;
}

}  // namespace

Graph sweep(const Graph& graph) {
  const std::vector<bool> needed = needed_nodes(graph);
  std::vector<bool> used(graph.values.size(), false);
  for (const ValueId id : graph.inputs) used[id] = true;
  for (const ValueId id : graph.outputs) used[id] = true;
  for (NodeId n = 0; n < graph.nodes.size(); ++n) {
    if (!needed[n]) continue;
    for (const ValueId id : values_read(graph.nodes[n])) used[id] = true;
    for (const ValueId id : graph.nodes[n].outputs)
      if (id != none) used[id] = true;
  }
  Graph result;
  result.name = graph.name;
  std::vector<ValueId> renumbered(graph.values.size(), none);
  for (ValueId id = 0; id < graph.values.size(); ++id)
    if (used[id]) renumbered[id] = result.add_value(graph.values[id]);
  const auto renamed = [&](ValueId id) { return renumbered[id]; };
  for (NodeId n = 0; n < graph.nodes.size(); ++n) {
    if (!needed[n]) continue;
    Node node = graph.nodes[n];
    rename_reads(node, renamed);
    for (ValueId& id : node.outputs)
      if (id != none) id = renumbered[id];
    result.nodes.push_back(std::move(node));
  }
  for (const ValueId id : graph.inputs) result.inputs.push_back(renumbered[id]);
  for (const ValueId id : graph.outputs) result.outputs.push_back(renumbered[id]);
  return result;
}

Patch merge(std::span<const Patch> patches, std::size_t value_count) {
  Patch merged;
  for (const Patch& patch : patches) {
    const auto shift = static_cast<ValueId>(merged.values.size());
    const auto renamed = [&](ValueId id) { return id != none && id >= value_count ? id + shift : id; };
    merged.values.insert(merged.values.end(), patch.values.begin(), patch.values.end());
    for (Node node : patch.nodes) {
      rename_reads(node, renamed);
      for (ValueId& id : node.outputs) id = renamed(id);
      merged.nodes.push_back(std::move(node));
    }
    for (const auto& [old_value, new_value] : patch.replacements)
      merged.replacements.push_back({renamed(old_value), renamed(new_value)});
  }
  return merged;
}

Graph apply(const Graph& graph, const Patch& patch) {
  Graph result = graph;
  result.values.insert(result.values.end(), patch.values.begin(), patch.values.end());
  result.nodes.insert(result.nodes.end(), patch.nodes.begin(), patch.nodes.end());
  std::vector<ValueId> target(result.values.size());
  std::iota(target.begin(), target.end(), ValueId{0});
  for (const auto& [old_value, new_value] : patch.replacements) target[old_value] = new_value;
  const auto renamed = [&](ValueId id) {
    for (std::size_t hops = 0; target[id] != id; ++hops) {
      if (hops == patch.replacements.size()) fail(ErrorCode::internal, "a patch replaces values in a circle");
      id = target[id];
    }
    return id;
  };
  for (Node& node : result.nodes) rename_reads(node, renamed);
  const std::vector<NodeId> made_by = producers(result);
  for (ValueId& id : result.outputs) {
    const ValueId replaced = renamed(id);
    if (replaced == id) continue;
    // The caller asks for outputs by name, so the name moves on; a value that has a name of its own to keep (an input,
    // a constant, another output) does not take it, and the optimizer has to leave such an output alone.
    const bool nameable =
        made_by[replaced] != none && std::count(result.outputs.begin(), result.outputs.end(), replaced) == 0;
    if (!nameable)
      fail(ErrorCode::internal, "a patch replaces the graph output '{}' by '{}', which cannot take its name",
           result.values[id].name, result.values[replaced].name);
    std::swap(result.values[replaced].name, result.values[id].name);
    id = replaced;
  }
  sort_topologically(result);
  result = sweep(result);
  verify(result);
  return result;
}

}  // namespace ranvier::graph
