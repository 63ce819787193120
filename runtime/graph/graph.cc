#include "runtime/graph/graph.h"

#include <algorithm>
#include <deque>

namespace ranvier::graph {

std::string to_string(const DeclaredShape& shape) {
  if (!shape) return "unknown rank";
  std::string text = "[";
  for (const Dimension& dim : *shape) {
    if (text.size() > 1) text += ", ";
    text += dim.known() ? std::to_string(dim.size) : dim.symbol.empty() ? "?" : dim.symbol;
  }
  return text + "]";
}

std::string_view name(ValueKind kind) {
  static constexpr std::string_view names[] = {"tensor", "sequence", "map", "optional", "sparse tensor"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view kind(const Attribute& attribute) {
  static constexpr std::string_view kinds[] = {"float",  "int",  "string",  "tensor", "graph",
                                               "floats", "ints", "strings", "tensors"};
  return kinds[attribute.index()];
}

std::string Node::describe() const {
  return fmt::format("node '{}' ({}{}{}, opset {})", name, domain, domain.empty() ? "" : "::", op_type, version);
}

std::string Node::describe(const Graph& graph) const {
  const auto made = std::find_if(outputs.begin(), outputs.end(), [](ValueId id) { return id != none; });
  if (!name.empty() || made == outputs.end()) return describe();
  return Node{.name = "-> " + graph.values[*made].name, .domain = domain, .op_type = op_type, .version = version}
      .describe();
}

void Node::wrong_kind(std::string_view name, const Attribute& got, const Attribute& expected) {
  fail(ErrorCode::invalid_model, "attribute '{}' is of kind {}, expected {}", name, kind(got), kind(expected));
}

std::vector<ValueId> values_read(const Node& node) {
  std::vector<ValueId> ids;
  for (const ValueId id : node.inputs)
    if (id != none) ids.push_back(id);
  for (const auto& [name, attribute] : node.attributes)
    if (const auto* subgraph = std::get_if<Subgraph>(&attribute))
      for (const Capture& capture : subgraph->captures) ids.push_back(capture.outer);
  return ids;
}

std::vector<NodeId> producers(const Graph& graph) {
  std::vector<NodeId> result(graph.values.size(), none);
  for (NodeId n = 0; n < graph.nodes.size(); ++n)
    for (const ValueId id : graph.nodes[n].outputs)
      if (id != none) result[id] = n;
  return result;
}

std::vector<std::uint32_t> use_counts(const Graph& graph) {
  std::vector<std::uint32_t> counts(graph.values.size(), 0);
  for (const Node& node : graph.nodes)
    for (const ValueId id : values_read(node)) ++counts[id];
  for (const ValueId id : graph.outputs) ++counts[id];
  return counts;
}

void sort_topologically(Graph& graph) {
  const std::vector<NodeId> made_by = producers(graph);
  std::vector<std::size_t> waiting(graph.nodes.size(), 0);
  std::vector<std::vector<NodeId>> readers(graph.nodes.size());
  for (NodeId n = 0; n < graph.nodes.size(); ++n) {
    for (const ValueId id : values_read(graph.nodes[n])) {
      if (made_by[id] == none) continue;
      readers[made_by[id]].push_back(n);
      ++waiting[n];
    }
  }
  // The lowest-numbered ready node goes first, so that an order that is already topological stays as it is.
  std::vector<NodeId> ready;
  const auto later = std::greater<NodeId>();
  for (NodeId n = 0; n < graph.nodes.size(); ++n)
    if (waiting[n] == 0) ready.push_back(n);
  std::make_heap(ready.begin(), ready.end(), later);
  std::vector<Node> sorted;
  sorted.reserve(graph.nodes.size());
  while (!ready.empty()) {
    std::pop_heap(ready.begin(), ready.end(), later);
    const NodeId n = ready.back();
    ready.pop_back();
    for (const NodeId reader : readers[n]) {
      if (--waiting[reader] > 0) continue;
      ready.push_back(reader);
      std::push_heap(ready.begin(), ready.end(), later);
    }
    sorted.push_back(std::move(graph.nodes[n]));
  }
  if (sorted.size() < graph.nodes.size()) {
    std::string cycle;
    int named = 0;
    for (NodeId n = 0; n < graph.nodes.size() && named < 5; ++n) {
      if (waiting[n] == 0) continue;
      cycle += (named++ == 0 ? "" : ", ") + graph.nodes[n].describe(graph);
    }
    fail(ErrorCode::invalid_model, "the graph has a cycle through or before {}", cycle);
  }
  graph.nodes = std::move(sorted);
}

void verify(const Graph& graph, ErrorCode code) {
  const auto count = static_cast<ValueId>(graph.values.size());
  std::vector<bool> available(count, false);
  for (const ValueId id : graph.inputs) {
    if (id >= count) fail(code, "a graph input is value {} of {}", id, count);
    available[id] = true;
  }
  for (ValueId id = 0; id < count; ++id)
    if (graph.values[id].constant) available[id] = true;
  for (const Node& node : graph.nodes) {
    for (const ValueId id : values_read(node)) {
      if (id >= count) fail(code, "{} reads value {} of {}", node.describe(), id, count);
      if (!available[id]) fail(code, "{} reads '{}' before anything makes it", node.describe(), graph.values[id].name);
    }
    for (const ValueId id : node.outputs) {
      if (id == none) continue;
      if (id >= count) fail(code, "{} makes value {} of {}", node.describe(), id, count);
      if (available[id]) fail(code, "{} makes '{}', which exists already", node.describe(), graph.values[id].name);
      available[id] = true;
    }
  }
  for (const ValueId id : graph.outputs) {
    if (id >= count) fail(code, "a graph output is value {} of {}", id, count);
    if (!available[id]) fail(code, "nothing makes the graph output '{}'", graph.values[id].name);
  }
}

}  // namespace ranvier::graph
