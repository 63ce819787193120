#include <algorithm>
#include <numeric>

#include "runtime/optimizer/facts.h"
#include "runtime/optimizer/passes.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
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
bool is_same_type_cast(const std::vector<Fact>& facts, const Node& node) {
  if (node.version < 6) return false;
  const auto to = static_cast<DataType>(node.get<std::int64_t>("to", 0));
  return to != DataType::undefined && facts[node.inputs[0]].type == to;
}

bool is_no_op(const Graph& graph, const std::vector<Fact>& facts, const Node& node) {
  if (!node.domain.empty() || node.inputs.empty() || node.inputs[0] == graph::none) return false;
  const bool one_output = std::all_of(node.outputs.begin() + std::min<std::size_t>(1, node.outputs.size()),
                                      node.outputs.end(), [](ValueId id) { return id == graph::none; });
  if (!one_output || node.outputs.empty() || node.outputs[0] == graph::none) return false;
  if (node.op_type == "Identity") return true;
  if (node.op_type == "Dropout") return is_inference_dropout(graph, node);
  return node.op_type == "Cast" && is_same_type_cast(facts, node);
}

}  // namespace

std::vector<graph::Patch> remove_no_ops(const Graph& graph, const Options&) {
  const std::vector<NodeId> made_by = graph::producers(graph);
  const std::vector<Fact> facts = facts_of(graph);
  std::vector<bool> is_output(graph.values.size(), false);
  for (const ValueId id : graph.outputs) is_output[id] = true;
  std::vector<ValueId> root(graph.values.size());  // what each value is once the patches are applied
  std::iota(root.begin(), root.end(), ValueId{0});
  std::vector<graph::Patch> patches;
  for (const Node& node : graph.nodes) {
    if (!is_no_op(graph, facts, node)) continue;
    const ValueId from = root[node.inputs[0]];
    const ValueId to = node.outputs[0];
    // An output keeps its node where what it would become has a name of its own to keep.
    if (is_output[to] && (made_by[from] == graph::none || is_output[from])) continue;
    if (is_output[to]) is_output[from] = true;
    root[to] = from;
    patches.push_back({.values = {},
                       .nodes = {},
                       .replacements = {{to, from}},
                       .reason = fmt::format("{} hands on its input", node.describe())});
  }
  return patches;
}

}  // namespace ranvier::optimizer
