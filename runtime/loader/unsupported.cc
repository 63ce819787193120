#include "runtime/loader/unsupported.h"

#include <map>
#include <tuple>

#include "operators/table.h"

namespace ranvier::loader {
namespace {

struct Kind {
  const graph::Node* first;
  std::vector<std::string> nodes;  ///< The first few, for people.
  std::size_t count = 0;
};

/// Kinds in the order in which they were met.
struct Kinds {
  std::vector<Kind> found;
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::size_t> index;
};

constexpr std::size_t most_named = 3;

void collect(const graph::Graph& graph, Kinds& kinds) {
  for (const graph::Node& node : graph.nodes) {
    if (operators::find_operator(node) == nullptr) {
      const auto key = std::tuple(node.domain, node.op_type, node.version);
      const auto [entry, is_new] = kinds.index.emplace(key, kinds.found.size());
      if (is_new) kinds.found.push_back({&node, {}});
      Kind& kind = kinds.found[entry->second];
      const bool has_output = !node.outputs.empty() && node.outputs[0] != graph::none;
      const std::string output = has_output ? "-> " + graph.values[node.outputs[0]].name : "";
      if (++kind.count <= most_named) kind.nodes.push_back(node.name.empty() ? output : node.name);
    }
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* subgraph = std::get_if<graph::Subgraph>(&attribute)) collect(*subgraph->graph, kinds);
  }
}

std::string_view reason_of(const graph::Node& node, const operators::CustomOperators& registered) {
  if (operators::known(node.domain, node.op_type)) return "not supported at this version";
  if (registered.known(node.domain, node.op_type)) return "a custom operator, registered for later versions only";
  const bool is_standard = node.domain.empty() || node.domain.starts_with("ai.onnx") || node.domain == "ranvier";
  return is_standard ? "not supported" : "a custom operator that is not registered (ModelOptions::operators)";
}

std::string text(const Kind& kind, std::string_view reason) {
  const graph::Node& node = *kind.first;
  std::string line = fmt::format("{} ({}opset {}): {}; node{} '{}'", node.op_type,
                                 node.domain.empty() ? "" : "domain " + node.domain + ", ", node.version, reason,
                                 kind.count == 1 ? "" : "s", fmt::join(kind.nodes, "', '"));
  if (kind.count > kind.nodes.size()) line += fmt::format(" and {} more", kind.count - kind.nodes.size());
  return line;
}

}  // namespace

std::vector<std::string> unsupported_operators(const graph::Graph& graph,
                                               const operators::CustomOperators& registered) {
  Kinds kinds;
  collect(graph, kinds);
  std::vector<std::string> lines;
  for (const Kind& kind : kinds.found) lines.push_back(text(kind, reason_of(*kind.first, registered)));
  return lines;
}

std::vector<std::string> unsupported_ports(const graph::Graph& graph) {
  std::vector<std::string> lines;
  const auto check = [&](std::string_view role, graph::ValueId id) {
    const graph::Value& value = graph.values[id];
    if (value.kind != graph::ValueKind::tensor)
      lines.push_back(
          fmt::format("{} '{}' is of kind {}: only tensors are supported", role, value.name, name(value.kind)));
  };
  for (const graph::ValueId id : graph.inputs) check("input", id);
  for (const graph::ValueId id : graph.outputs) check("output", id);
  return lines;
}

}  // namespace ranvier::loader
