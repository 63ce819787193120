#include <algorithm>
#include <new>
#include <unordered_map>

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

/// What is computed from is in memory until a pass is through: of what takes more, the rest is left to the next round.
constexpr std::size_t most_at_once = std::size_t{64} << 20;

bool has_subgraph(const Node& node) {
  return std::any_of(node.attributes.begin(), node.attributes.end(),
                     [](const auto& entry) { return std::holds_alternative<graph::Subgraph>(entry.second); });
}

/// A graph's constants, and those that have been computed from them.
class Constants {
 public:
  explicit Constants(const Graph& graph) : graph_(graph) {}

  /// Null where the value is none.
  const Tensor* find(ValueId id) const {
    const auto computed = computed_.find(id);
    return computed != computed_.end() ? &computed->second : graph_.constant(id);
  }
  void add(ValueId id, const Tensor& value) {
    computed_.emplace(id, value);
    bytes_ += value.bytes();
  }
  /// What the computed ones take.
  std::size_t bytes() const { return bytes_; }

 private:
  const Graph& graph_;
  std::unordered_map<ValueId, Tensor> computed_;
  std::size_t bytes_ = 0;
};

/// The outputs of a node that reads only constants; nothing where it does not, where they would be too large or the
/// operator does not fold. An error that the node would give in every run is left to the run.
std::optional<std::vector<Tensor>> folded(const Constants& constants, const Node& node) {
  const auto reads = graph::values_read(node);
  if (!std::all_of(reads.begin(), reads.end(), [&](ValueId id) { return constants.find(id) != nullptr; }))
    return std::nullopt;
  const operators::Operator* op = operators::find_operator(node);
  if (op == nullptr || op->random || has_subgraph(node)) return std::nullopt;
  std::vector<const Tensor*> inputs;
  std::size_t input_bytes = 0;
  for (const ValueId id : node.inputs) {
    inputs.push_back(id == graph::none ? nullptr : constants.find(id));
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
  Constants constants(graph);
  std::vector<graph::Patch> patches;
  for (const Node& node : graph.nodes) {
    if (constants.bytes() > most_at_once) break;
    // A graph output stays with its node; planning folds it.
    if (std::any_of(node.outputs.begin(), node.outputs.end(),
                    [&](ValueId id) { return id != graph::none && is_output[id]; }))
      continue;
    const auto outputs = folded(constants, node);
    if (!outputs) continue;
    graph::Patch patch;
    for (std::size_t i = 0; i < node.outputs.size() && i < outputs->size(); ++i) {
      if (node.outputs[i] == graph::none || !(*outputs)[i].defined()) continue;
      graph::Value value = graph.values[node.outputs[i]];
      value.type = (*outputs)[i].type();
      value.constant = (*outputs)[i];
      constants.add(node.outputs[i], (*outputs)[i]);
      patch.replacements.push_back({node.outputs[i], static_cast<ValueId>(graph.values.size() + patch.values.size())});
      patch.values.push_back(std::move(value));
    }
    patch.reason = fmt::format("{} reads only constants", node.describe());
    patches.push_back(std::move(patch));
  }
  return patches;
}

}  // namespace ranvier::optimizer
