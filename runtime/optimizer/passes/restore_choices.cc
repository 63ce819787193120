// tf2onnx has no Where for TensorFlow's where: it multiplies with masks, c * a + (1 - c) * b.
#include <array>

#include "runtime/core/convert.h"
#include "runtime/core/data_type.h"
#include "runtime/optimizer/facts.h"
#include "runtime/optimizer/passes.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

/// A value where a condition, cast to numbers, is 1, and 0 elsewhere.
struct Masked {
  ValueId condition = graph::none;
  ValueId value = graph::none;  ///< none: 1.
};

class Search {
 public:
  explicit Search(const Graph& graph)
      : graph_(graph), made_by_(graph::producers(graph)), uses_(graph::use_counts(graph)), facts_(facts_of(graph)) {}

  /// A Where instead of the node; nothing where the node is no choice between two values.
  std::optional<graph::Patch> choice(const Node& sum, bool strict_onnx) const {
    if (!is(sum, "Add", 2) || sum.version < 7) return std::nullopt;
    const DataType type = facts_[sum.outputs[0]].type;
    // Under a mask an infinity gives NaN; Where gives what is chosen.
    const bool is_whole = IntegerTypes::set.contains(type);
    if (!is_whole && (strict_onnx || !FloatTypes::set.contains(type))) return std::nullopt;
    const std::vector<Masked> left = masked(sum.inputs[0]);
    const std::vector<Masked> right = masked(sum.inputs[1]);
    for (const Masked& a : left) {
      for (const Masked& b : right) {
        if (is_negation(b.condition, a.condition)) return where(sum, a.condition, a.value, b.value, type);
        if (is_negation(a.condition, b.condition)) return where(sum, b.condition, b.value, a.value, type);
      }
    }
    return std::nullopt;
  }

 private:
  bool is(const Node& node, std::string_view op_type, std::size_t inputs) const {
    return node.domain.empty() && node.op_type == op_type && node.inputs.size() == inputs && node.outputs.size() == 1;
  }

  const Node* maker(ValueId id) const {
    return id == graph::none || made_by_[id] == graph::none ? nullptr : &graph_.nodes[made_by_[id]];
  }

  /// The condition that the value is the 1 and 0 of; `none` where it is no such thing.
  ValueId condition_of(ValueId id) const {
    const Node* cast = maker(id);
    if (cast == nullptr || !is(*cast, "Cast", 1)) return graph::none;
    return facts_[cast->inputs[0]].type == DataType::boolean ? cast->inputs[0] : graph::none;
  }

  /// The ways to read the value as one under a mask.
  std::vector<Masked> masked(ValueId id) const {
    if (const ValueId condition = condition_of(id); condition != graph::none) return {{condition, graph::none}};
    const Node* product = maker(id);
    if (product == nullptr || !is(*product, "Mul", 2) || product->version < 7 || uses_[id] != 1) return {};
    std::vector<Masked> ways;
    for (std::size_t i = 0; i < 2; ++i)
      if (const ValueId condition = condition_of(product->inputs[i]); condition != graph::none)
        ways.push_back({condition, product->inputs[1 - i]});
    return ways;
  }

  bool is_negation(ValueId id, ValueId of) const {
    const Node* negation = maker(id);
    return negation != nullptr && is(*negation, "Not", 1) && negation->inputs[0] == of;
  }

  graph::Patch where(const Node& sum, ValueId condition, ValueId then, ValueId otherwise, DataType type) const {
    graph::Patch patch;
    const auto add = [&](graph::Value value) {
      patch.values.push_back(std::move(value));
      return static_cast<ValueId>(graph_.values.size() + patch.values.size() - 1);
    };
    for (ValueId* value : {&then, &otherwise}) {
      if (*value != graph::none) continue;
      Tensor one(type, {});
      convert(DataType::float64, std::array{1.0}.data(), type, one.mutable_data(), 1);
      *value = add({.name = sum.name + "/one", .type = type, .constant = one});
    }
    const ValueId chosen = add(graph_.values[sum.outputs[0]]);
    patch.nodes = {{.name = sum.name,
                    .op_type = "Where",
                    .version = 9,
                    .inputs = {condition, then, otherwise},
                    .outputs = {chosen}}};
    patch.replacements = {{sum.outputs[0], chosen}};
    patch.reason = fmt::format("{} adds values under opposite masks", sum.describe());
    return patch;
  }

  const Graph& graph_;
  const std::vector<NodeId> made_by_;
  const std::vector<std::uint32_t> uses_;
  const std::vector<Fact> facts_;
};

}  // namespace

std::vector<graph::Patch> restore_choices(const Graph& graph, const Options& options) {
  const Search search(graph);
  std::vector<graph::Patch> patches;
  for (const Node& node : graph.nodes)
    if (auto patch = search.choice(node, options.strict_onnx)) patches.push_back(std::move(*patch));
  return patches;
}

}  // namespace ranvier::optimizer
