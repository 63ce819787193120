#include <algorithm>
#include <numeric>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/region.h"
#include "runtime/optimizer/sizes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

/// Dropout drops nothing unless its third input, absent or false, asks for training; before opset 7 the attribute
/// is_test says so.
bool is_inference_dropout(const Graph& graph, const Node& node) {
  if (node.version < 7) return node.get<std::int64_t>("is_test", 0) != 0;
  if (node.version < 12 || node.inputs.size() < 3 || node.inputs[2] == graph::none) return true;
  const Tensor* training = graph.constant(node.inputs[2]);
  return training != nullptr && training->type() == DataType::boolean && training->elements() == 1 &&
         !training->values<bool>()[0];
}

/// A Cast to the type that its input is known to have.
bool is_same_type_cast(const View& view, const Node& node) {
  if (node.version < 6) return false;
  const auto to = static_cast<DataType>(node.get<std::int64_t>("to", 0));
  return to != DataType::undefined && view.fact(node.inputs[0]).type == to;
}

/// Whether the value is a constant of nothing but that number, in the other operand's type, that does not broadcast it.
bool is_all(const View& view, ValueId id, double number, ValueId other) {
  const Tensor* constant = view.constant(id);
  if (constant == nullptr || other == graph::none || constant->type() != view.fact(other).type ||
      !broadcasts_to(constant->shape(), view.fact(other)))
    return false;
  return uniform_value(*constant) == number;
}

/// The operand that arithmetic with a constant leaves as it is.
ValueId unchanged_operand(const View& view, const Node& node, bool strict_onnx) {
  if (node.inputs.size() != 2 || node.version < 7) return graph::none;
  const ValueId a = node.inputs[0], b = node.inputs[1];
  const std::string_view op = node.op_type;
  if (op == "Mul") return is_all(view, b, 1, a) ? a : is_all(view, a, 1, b) ? b : graph::none;
  if (op == "Div" || op == "Pow") return is_all(view, b, 1, a) ? a : graph::none;
  if (op == "Sub") return is_all(view, b, 0, a) ? a : graph::none;
  // -0 + 0 is 0.
  if (op == "Add" && !strict_onnx) return is_all(view, b, 0, a) ? a : is_all(view, a, 0, b) ? b : graph::none;
  return graph::none;
}

/// What only another view of the elements was made of, by one node or several, if the last has the first one's shape.
ValueId reshaped_back(const View& view, const Sizes& sizes, ValueId made) {
  const auto is_reshape = [](const Node* node) {
    constexpr std::string_view all[] = {"Reshape", "Flatten", "Squeeze", "Unsqueeze"};
    return node != nullptr && node->domain.empty() && std::ranges::find(all, node->op_type) != std::end(all);
  };
  const std::vector<Size>* shape = sizes.shape(made);
  ValueId from = made;
  ValueId same = graph::none;
  while (shape != nullptr && is_reshape(view.maker(from)) && view.maker(from)->inputs[0] != graph::none) {
    from = view.maker(from)->inputs[0];
    if (sizes.shape(from) != nullptr && *sizes.shape(from) == *shape) same = from;
  }
  return same;
}

bool keeps_the_order(const Node& node, const Fact& fact) {
  const auto* order = node.find<std::vector<std::int64_t>>("perm");
  return order != nullptr ? std::ranges::is_sorted(*order) : fact.whole && fact.last.size() < 2;
}

/// The value that the node hands on; none where it does anything.
ValueId handed_on(const View& view, const Sizes& sizes, const Node& node, bool strict_onnx) {
  if (!node.domain.empty() || node.inputs.empty() || node.inputs[0] == graph::none) return graph::none;
  const bool one_output = std::all_of(node.outputs.begin() + std::min<std::size_t>(1, node.outputs.size()),
                                      node.outputs.end(), [](ValueId id) { return id == graph::none; });
  if (!one_output || node.outputs.empty() || node.outputs[0] == graph::none) return graph::none;
  const ValueId x = node.inputs[0];
  const std::string_view op = node.op_type;
  if (op == "Identity") return x;
  if (op == "Dropout") return is_inference_dropout(view.graph(), node) ? x : graph::none;
  if (op == "Cast") return is_same_type_cast(view, node) ? x : graph::none;
  if (op == "Transpose") return keeps_the_order(node, view.fact(x)) ? x : graph::none;
  if (const ValueId operand = unchanged_operand(view, node, strict_onnx); operand != graph::none) return operand;
  return reshaped_back(view, sizes, node.outputs[0]);
}

}  // namespace

std::vector<graph::Patch> remove_no_ops(const Graph& graph, const Options& options) {
  const View view(graph);
  const Sizes sizes(graph, view.facts());
  std::vector<bool> is_output(graph.values.size(), false);
  for (const ValueId id : graph.outputs) is_output[id] = true;
  std::vector<ValueId> root(graph.values.size());  // what each value is once the patches are applied
  std::iota(root.begin(), root.end(), ValueId{0});
  std::vector<graph::Patch> patches;
  for (const Node& node : graph.nodes) {
    const ValueId source = handed_on(view, sizes, node, options.strict_onnx);
    if (source == graph::none) continue;
    const ValueId from = root[source];
    const ValueId to = node.outputs[0];
    // An output keeps its node where what it would become has a name of its own to keep.
    if (is_output[to] && (view.maker(from) == nullptr || is_output[from])) continue;
    if (is_output[to]) is_output[from] = true;
    root[to] = from;
    patches.push_back({.values = {},
                       .nodes = {},
                       .replacements = {{to, from}},
                       .reason = fmt::format("{} hands on its operand", node.describe())});
  }
  return patches;
}

}  // namespace ranvier::optimizer
