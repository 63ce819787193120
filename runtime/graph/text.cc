#include "runtime/graph/graph.h"

namespace ranvier::graph {
namespace {

std::string value_text(const Graph& graph, ValueId id) {
  return id == none ? "-" : fmt::format("'{}'", graph.values[id].name);
}

template <class Ids>
std::string list_text(const Graph& graph, const Ids& ids) {
  std::string text;
  for (const ValueId id : ids) text += (text.empty() ? "" : ", ") + value_text(graph, id);
  return text;
}

template <class T>
std::string elements_text(const std::vector<T>& elements) {
  std::string text = "[";
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i == 8) return text + ", ...]";
    text += (i == 0 ? "" : ", ") + fmt::format("{}", elements[i]);
  }
  return text + "]";
}

std::string tensor_text(const Tensor& tensor) { return std::string(name(tensor.type())) + to_string(tensor.shape()); }

std::string node_text(const Graph& graph, const Node& node) {
  std::string text = fmt::format("{} = {}{}{}", list_text(graph, node.outputs), node.domain,
                                 node.domain.empty() ? "" : "::", node.op_type);
  if (!node.attributes.empty()) {
    std::string attributes;
    for (const auto& [name, attribute] : node.attributes)
      attributes += fmt::format("{}{}={}", attributes.empty() ? "" : ", ", name, to_text(attribute));
    text += "{" + attributes + "}";
  }
  return text + "(" + list_text(graph, node.inputs) + ")";
}

}  // namespace

std::string to_text(const Attribute& attribute) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, Tensor>) {
          return tensor_text(value);
        } else if constexpr (std::is_same_v<T, Subgraph>) {
          return fmt::format("graph of {} nodes", value.graph->nodes.size());
        } else if constexpr (std::is_same_v<T, std::vector<Tensor>>) {
          return fmt::format("{} tensors", value.size());
        } else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, std::int64_t>) {
          return fmt::format("{}", value);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return fmt::format("\"{}\"", value);
        } else {
          return elements_text(value);
        }
      },
      attribute);
}

std::string to_text(const Graph& graph) {
  std::string text;
  for (const ValueId id : graph.inputs) {
    const Value& value = graph.values[id];
    text += fmt::format("input '{}': {} {}\n", value.name, name(value.type), to_string(value.shape));
  }
  for (const Node& node : graph.nodes) text += node_text(graph, node) + "\n";
  text += fmt::format("output {}\n", list_text(graph, graph.outputs));
  return text;
}

}  // namespace ranvier::graph
