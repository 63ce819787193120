#include "tools/health/activations.h"

#include <algorithm>
#include <map>

namespace ranvier::health {
namespace {

using graph::Graph;
using graph::Node;

/// Keras' layer in a node's name, which is MODEL/LAYER/... from its TensorFlow backend; models may be nested. Empty
/// where the name is made otherwise.
std::string layer_of(const std::string& name) {
  std::size_t from = 0;
  for (std::size_t slash; (slash = name.find('/', from)) != std::string::npos; from = slash + 1) {
    const std::string part = name.substr(from, slash - from);
    const bool is_model = part.starts_with("sequential") || part.starts_with("functional") || part.starts_with("model");
    if (!is_model) return from > 0 ? part : "";
  }
  return "";
}

std::string node_name(const Graph& graph, const Node& node) {
  return node.name.empty() && !node.outputs.empty() && node.outputs[0] != graph::none
             ? graph.values[node.outputs[0]].name
             : node.name;
}

bool is_convolution(const std::string& op) { return op == "Conv" || op == "ConvTranspose" || op == "ConvInteger"; }

/// Whether an operator leaves axes where they are, so that channels come through.
bool keeps_axes(const std::string& op) {
  constexpr std::string_view keepers[] = {"Add",
                                          "Sub",
                                          "Mul",
                                          "Div",
                                          "BatchNormalization",
                                          "InstanceNormalization",
                                          "GroupNormalization",
                                          "MaxPool",
                                          "AveragePool",
                                          "Identity",
                                          "Cast",
                                          "Dropout"};
  return std::find(std::begin(keepers), std::end(keepers), op) != std::end(keepers);
}

/// Its errors name the node.
Application application_in(const Graph& graph, const Node& node) {
  try {
    return application(graph, node);
  } catch (const Error& error) {
    throw error.within(node.describe(graph));
  }
}

/// Whether a value has its channels on axis 1: ONNX' convolutions make it, and nothing has moved its axes since.
bool channels_first(const Graph& graph, const std::vector<graph::NodeId>& producers, graph::ValueId value) {
  while (value != graph::none && producers[value] != graph::none) {
    const Node& node = graph.nodes[producers[value]];
    if (is_convolution(node.op_type)) return true;
    const bool is_activation = node.op_type != "Dense" && application_in(graph, node).kind != nullptr;
    if (!keeps_axes(node.op_type) && !is_activation) return false;
    value = graph::none;
    for (const graph::ValueId input : node.inputs)  // a constant operand is no way up
      if (value == graph::none && input != graph::none && graph.constant(input) == nullptr) value = input;
  }
  return false;
}

/// The axis that a softmax normalizes; before opset 13 with all axes behind it.
Axis lanes_of(const Node& node) {
  const bool with_rest = node.domain.empty() && node.version < 13;
  return {node.get<std::int64_t>("axis", with_rest ? 1 : -1), with_rest};
}

void find_unseen(const Node& node, std::vector<std::string>& unseen) {
  for (const auto& [attribute_name, attribute] : node.attributes) {
    const auto* body = std::get_if<graph::Subgraph>(&attribute);
    if (body == nullptr) continue;
    for (const Node& inner : body->graph->nodes) {
      if (application_in(*body->graph, inner).kind != nullptr) unseen.push_back(node_name(*body->graph, inner));
      find_unseen(inner, unseen);
    }
  }
}

/// Gives each its layer's name where only one has that.
void choose_names(std::vector<Activation>& activations) {
  std::map<std::string, int> uses;
  for (const Activation& each : activations) ++uses[layer_of(each.node)];
  for (Activation& each : activations) {
    const std::string layer = layer_of(each.node);
    each.name = !layer.empty() && uses[layer] == 1 ? layer : each.node;
  }
}

}  // namespace

FoundActivations find_activations(const Graph& graph) {
  const std::vector<graph::NodeId> producers = graph::producers(graph);
  FoundActivations found;
  for (const Node& node : graph.nodes) {
    find_unseen(node, found.unseen);
    const Application applied = application_in(graph, node);
    if (applied.kind == nullptr || node.inputs.empty() || node.outputs.empty() || node.outputs[0] == graph::none)
      continue;
    Activation activation = {
        .name = {},
        .node = node_name(graph, node),
        .op = node.domain.empty() ? node.op_type : node.domain + "." + node.op_type,
        .function = applied.function,
        .kind = applied.kind,
        .value = node.outputs[0],
        .focus = {.gate = applied.kind->gate, .steep = applied.steep, .classes = applied.kind->classes},
        .channels_first = channels_first(graph, producers, node.inputs[0])};
    if (activation.channels_first) activation.focus.units.index = 1;
    if (activation.focus.classes != Classes::none) activation.focus.lanes = lanes_of(node);
    found.seen.push_back(std::move(activation));
  }
  choose_names(found.seen);
  return found;
}

}  // namespace ranvier::health
