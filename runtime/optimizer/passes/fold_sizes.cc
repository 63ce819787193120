// Shape and what picks from it: sizes that are known before any input is become constants.
#include <algorithm>

#include "operators/table.h"
#include "runtime/core/convert.h"
#include "runtime/optimizer/facts.h"
#include "runtime/optimizer/passes.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

class Sizes {
 public:
  explicit Sizes(const Graph& graph) : graph_(graph), made_by_(graph::producers(graph)), facts_(facts_of(graph)) {}

  /// What the node picks from a shape; nothing where it picks a size that is not known, or none.
  std::optional<Tensor> picked_by(const Node& node) const {
    const bool picks = node.op_type == "Gather" || node.op_type == "Slice";
    if (!node.domain.empty() || !picks || node.inputs.empty()) return std::nullopt;
    const operators::Operator* op = operators::find_operator("", node.op_type, node.version);
    const std::optional<Tensor> shape = shape_in(node.inputs[0]);
    if (op == nullptr || !shape) return std::nullopt;
    std::vector<const Tensor*> inputs = {&*shape};
    for (std::size_t i = 1; i < node.inputs.size(); ++i) {
      inputs.push_back(graph_.constant(node.inputs[i]));
      if (node.inputs[i] != graph::none && inputs.back() == nullptr) return std::nullopt;
    }
    try {
      const Tensor picked = operators::evaluate(*op, node, inputs)[0];
      Tensor sizes(DataType::int64, picked.shape());
      convert(picked.type(), picked.data(), DataType::int64, sizes.mutable_data(), picked.elements());
      if (std::ranges::count(sizes.values<std::int64_t>(), unknown) > 0) return std::nullopt;
      return picked;
    } catch (const Error&) {  // which the node would give in every run
      return std::nullopt;
    }
  }

 private:
  static constexpr std::int64_t unknown = -1;

  /// The shape that the value is, as whole numbers of its type; nothing where it is none, or of unknown rank.
  std::optional<Tensor> shape_in(ValueId id) const {
    if (id == graph::none || made_by_[id] == graph::none) return std::nullopt;
    const Node& node = graph_.nodes[made_by_[id]];
    if (!node.domain.empty() || node.inputs.empty() || node.inputs[0] == graph::none) return std::nullopt;
    if (node.op_type == "Cast" && IntegerTypes::set.contains(facts_[id].type)) {
      const std::optional<Tensor> from = shape_in(node.inputs[0]);
      if (!from) return std::nullopt;
      Tensor cast(facts_[id].type, from->shape());
      convert(from->type(), from->data(), cast.type(), cast.mutable_data(), cast.elements());
      return cast;
    }
    const Fact& fact = facts_[node.inputs[0]];
    if (node.op_type != "Shape" || !fact.whole || !node.attributes.empty()) return std::nullopt;
    return Tensor::of<std::int64_t>({static_cast<std::int64_t>(fact.last.size())}, fact.last);
  }

  const Graph& graph_;
  const std::vector<NodeId> made_by_;
  const std::vector<Fact> facts_;
};

}  // namespace

std::vector<graph::Patch> fold_sizes(const Graph& graph, const Options&) {
  const Sizes sizes(graph);
  std::vector<graph::Patch> patches;
  for (const Node& node : graph.nodes) {
    const std::optional<Tensor> picked = sizes.picked_by(node);
    // A graph output stays with its node; planning folds it.
    if (!picked || std::ranges::count(graph.outputs, node.outputs[0]) > 0) continue;
    graph::Value value = graph.values[node.outputs[0]];
    value.type = picked->type();
    value.constant = *picked;
    patches.push_back({.values = {std::move(value)},
                       .nodes = {},
                       .replacements = {{node.outputs[0], static_cast<ValueId>(graph.values.size())}},
                       .reason = fmt::format("{} picks known sizes", node.describe())});
  }
  return patches;
}

}  // namespace ranvier::optimizer
