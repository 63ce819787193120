#include <algorithm>
#include <new>

#include "operators/table.h"
#include "runtime/optimizer/passes.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

/// A node whose result is larger stays a node, unless it makes its inputs no larger (a Cast, a Transpose of weights):
/// folding must not let a small file fill the memory.
constexpr std::size_t always_folded = std::size_t{1} << 20;

bool reads_only_constants(const Graph& graph, const Node& node) {
  const auto reads = graph::values_read(node);
  return std::all_of(reads.begin(), reads.end(), [&](ValueId id) { return graph.constant(id) != nullptr; });
}

bool has_subgraph(const Node& node) {
  return std::any_of(node.attributes.begin(), node.attributes.end(),
                     [](const auto& entry) { return std::holds_alternative<graph::Subgraph>(entry.second); });
}

/// The outputs of a constant node; nothing where they would be too large or the operator does not fold. An error that
/// the node would give in every run is left to the run.
std::optional<std::vector<Tensor>> folded(const Graph& graph, const Node& node) {
  const operators::Operator* op = operators::find_operator(node);
  if (op == nullptr || op->random || has_subgraph(node)) return std::nullopt;
  std::vector<const Tensor*> inputs;
  std::size_t input_bytes = 0;
  for (const ValueId id : node.inputs) {
    inputs.push_back(id == graph::none ? nullptr : graph.constant(id));
    if (inputs.back() != nullptr) input_bytes += inputs.back()->bytes();
  }
  try {
    const operators::Settings settings{.memory_limit = std::max(always_folded, 2 * input_bytes)};
    return operators::evaluate(*op, node, inputs, settings);
  } catch (const Error&) {
    return std::nullopt;
  } catch (const std::bad_alloc&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<graph::Patch> fold_constants(const Graph& graph, const Options&) {
  std::vector<bool> is_output(graph.values.size(), false);
  for (const ValueId id : graph.outputs) is_output[id] = true;
  std::vector<graph::Patch> patches;
  for (const Node& node : graph.nodes) {
    if (!reads_only_constants(graph, node)) continue;
    // A graph output stays with its node; planning folds it.
    if (std::any_of(node.outputs.begin(), node.outputs.end(),
                    [&](ValueId id) { return id != graph::none && is_output[id]; }))
      continue;
    const auto outputs = folded(graph, node);
    if (!outputs) continue;
    graph::Patch patch;
    for (std::size_t i = 0; i < node.outputs.size() && i < outputs->size(); ++i) {
      if (node.outputs[i] == graph::none || !(*outputs)[i].defined()) continue;
      graph::Value value = graph.values[node.outputs[i]];
      value.type = (*outputs)[i].type();
      value.constant = (*outputs)[i];
      patch.replacements.push_back({node.outputs[i], static_cast<ValueId>(graph.values.size() + patch.values.size())});
      patch.values.push_back(std::move(value));
    }
    patch.reason = fmt::format("{} reads only constants", node.describe());
    patches.push_back(std::move(patch));
  }
  return patches;
}

}  // namespace ranvier::optimizer
