#include <algorithm>

#include "tests/random_graphs/example.h"
#include "tests/random_graphs/growth.h"

namespace ranvier::random_graphs {
namespace {

/// The elements of a constant where they are few, else where they come from.
std::string constant_text(const Tensor& tensor) {
  const bool is_whole = tensor.type() == DataType::int64;
  const std::vector<double> elements = doubles(tensor);
  const std::string shape = to_string(tensor.shape());
  if (elements.size() == 1 && tensor.shape().empty()) return fmt::format("{:.9g}{}", elements[0], is_whole ? "i" : "");
  if (is_whole && tensor.shape().rank() == 1) return fmt::format("[{}]", fmt::join(elements, ","));
  const bool all_the_same = std::ranges::all_of(elements, [&](double x) { return x == elements[0]; });
  if (!elements.empty() && all_the_same) return fmt::format("{:.9g}{}", elements[0], shape);
  const std::size_t shown = std::min<std::size_t>(elements.size(), 6);
  const std::vector<double> first(elements.begin(), elements.begin() + static_cast<std::ptrdiff_t>(shown));
  return fmt::format("W{}={:.9g}{}", shape, fmt::join(first, " "), shown < elements.size() ? " ..." : "");
}

std::string operand_text(const graph::Graph& graph, ValueId id) {
  if (id == graph::none) return "_";
  return graph.constant(id) != nullptr ? constant_text(*graph.constant(id)) : graph.values[id].name;
}

std::string attribute_text(const graph::Attribute& attribute) {
  const auto* tensor = std::get_if<Tensor>(&attribute);
  return tensor == nullptr ? graph::to_text(attribute) : constant_text(*tensor);
}

std::string names(const graph::Graph& graph, const std::vector<ValueId>& ids) {
  std::string text;
  for (const ValueId id : ids) text += (text.empty() ? "" : ", ") + (id == graph::none ? "_" : graph.values[id].name);
  return text;
}

}  // namespace

std::string to_text(const Example& example) {
  const graph::Graph& graph = example.graph;
  std::string text = fmt::format("opset {}\n", example.opset);
  for (const ValueId id : graph.inputs) {
    const graph::Value& value = graph.values[id];
    text += fmt::format("{}: {} {}", value.name, name(value.type), graph::to_string(value.shape));
    text += (value.constant ? " = " + constant_text(*value.constant) : "") + "\n";
  }
  for (const graph::Node& node : graph.nodes) {
    std::string operands, attributes;
    for (const ValueId id : node.inputs) operands += (operands.empty() ? "" : ", ") + operand_text(graph, id);
    for (const auto& [key, attribute] : node.attributes)
      attributes += (attributes.empty() ? "{" : ", ") + key + "=" + attribute_text(attribute);
    text += fmt::format("{}={}{}{}({})", names(graph, node.outputs), node.op_type,
                        node.version == example.opset ? "" : fmt::format("@{}", node.version),
                        attributes.empty() ? "" : attributes + "}", operands);
    text += ";\n";
  }
  return text + "-> " + names(graph, graph.outputs) + "\n";
}

}  // namespace ranvier::random_graphs
