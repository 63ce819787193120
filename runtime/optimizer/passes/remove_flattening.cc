// What exporters of TensorFlow write around a Dense layer whose input has more than two dimensions: its rows are
// flattened into a matrix before, and the old dimensions restored after. Dense takes rows of any rank.
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

class Search {
 public:
  explicit Search(const Graph& graph)
      : graph_(graph), made_by_(graph::producers(graph)), uses_(graph::use_counts(graph)), facts_(facts_of(graph)) {}

  std::optional<graph::Patch> without_reshapes(const Node& restoring) const {
    if (!is(restoring, "", "Reshape") || restoring.inputs.size() != 2) return std::nullopt;
    const Node* dense = maker(restoring.inputs[0], "ranvier", "Dense");
    if (dense == nullptr || uses_[restoring.inputs[0]] != 1) return std::nullopt;
    const Node* flattening = maker(dense->inputs[0], "", "Reshape");
    if (flattening == nullptr) return std::nullopt;
    const ValueId x = flattening->inputs[0];
    const Fact& from = facts_[x];
    if (!from.whole || from.last.empty() || !keeps_rows(from, facts_[dense->inputs[0]])) return std::nullopt;
    if (!restores(restoring, x, from, columns(*dense))) return std::nullopt;
    graph::Patch patch;
    patch.values = {graph_.values[restoring.outputs[0]]};
    Node made = *dense;
    made.inputs[0] = x;
    made.outputs = {static_cast<ValueId>(graph_.values.size())};
    patch.nodes = {std::move(made)};
    patch.replacements = {{restoring.outputs[0], static_cast<ValueId>(graph_.values.size())}};
    patch.reason = fmt::format("{} restores the dimensions that {} has flattened for {}", restoring.describe(),
                               flattening->describe(), dense->describe());
    return patch;
  }

 private:
  static bool is(const Node& node, std::string_view domain, std::string_view op_type) {
    return node.domain == domain && node.op_type == op_type && node.outputs.size() == 1;
  }

  const Node* maker(ValueId id, std::string_view domain, std::string_view op_type) const {
    if (id == graph::none || made_by_[id] == graph::none) return nullptr;
    const Node& node = graph_.nodes[made_by_[id]];
    return is(node, domain, op_type) ? &node : nullptr;
  }

  std::int64_t columns(const Node& dense) const {
    const Shape& weights = graph_.constant(dense.inputs[1])->shape();
    return dense.get<std::int64_t>("transB", 0) != 0 ? weights[0] : weights[1];
  }

  /// Both have rows of one and the same known size, so those of one are those of the other.
  static bool keeps_rows(const Fact& a, const Fact& b) {
    return !b.last.empty() && a.last.back() > 0 && a.last.back() == b.last.back();
  }

  /// Whether the Reshape gives the dimensions of x, but for the last one, which becomes `columns`.
  bool restores(const Node& reshape, ValueId x, const Fact& from, std::int64_t columns) const {
    const std::optional<Tensor> shape = sizes(reshape.inputs[1], x, from.last.size());
    if (!shape || shape->elements() != static_cast<std::int64_t>(from.last.size())) return false;
    const auto to = shape->values<std::int64_t>();
    int open = 0;  // one size follows from the others
    for (std::size_t i = 0; i + 1 < to.size(); ++i) {
      const bool same = to[i] == marker(i) || (to[i] > 0 && to[i] == from.last[i]);
      if (!same && to[i] != -1) return false;
      open += same ? 0 : 1;
    }
    const bool last = to.back() == columns;
    return open + (last ? 0 : 1) <= 1 && (last || to.back() == -1);
  }

  /// What stands for the size of dimension `i` of x; no size is that large.
  static std::int64_t marker(std::size_t i) {
    return std::numeric_limits<std::int32_t>::max() - static_cast<std::int64_t>(i);
  }

  /// The value as sizes, where it is put together from constants and the sizes of x.
  std::optional<Tensor> sizes(ValueId id, ValueId x, std::size_t rank) const {
    if (id == graph::none) return std::nullopt;
    if (const Tensor* constant = graph_.constant(id)) {
      if (!IntegerTypes::set.contains(constant->type())) return std::nullopt;
      Tensor whole(DataType::int64, constant->shape());
      convert(constant->type(), constant->data(), DataType::int64, whole.mutable_data(), constant->elements());
      return whole;
    }
    if (made_by_[id] == graph::none) return std::nullopt;
    const Node& node = graph_.nodes[made_by_[id]];
    if (is(node, "", "Shape") && node.inputs[0] == x && node.attributes.empty()) {
      std::vector<std::int64_t> markers(rank);
      for (std::size_t i = 0; i < rank; ++i) markers[i] = marker(i);
      return Tensor::of<std::int64_t>({static_cast<std::int64_t>(rank)}, markers);
    }
    if (is(node, "", "Cast") && IntegerTypes::set.contains(facts_[id].type)) return sizes(node.inputs[0], x, rank);
    constexpr std::string_view movers[] = {"Concat", "Gather", "Slice", "Squeeze", "Unsqueeze"};
    if (!node.domain.empty() || std::ranges::find(movers, node.op_type) == std::end(movers)) return std::nullopt;
    std::vector<Tensor> operands;
    for (const ValueId input : node.inputs) {
      operands.push_back(Tensor());
      if (input == graph::none) continue;
      std::optional<Tensor> operand = sizes(input, x, rank);
      if (!operand) return std::nullopt;
      operands.back() = std::move(*operand);
    }
    std::vector<const Tensor*> inputs;
    for (std::size_t i = 0; i < operands.size(); ++i)
      inputs.push_back(node.inputs[i] == graph::none ? nullptr : &operands[i]);
    const operators::Operator* op = operators::find_operator("", node.op_type, node.version);
    try {
      return op == nullptr ? std::nullopt : std::optional(operators::evaluate(*op, node, inputs)[0]);
    } catch (const Error&) {  // which the node would give in every run
      return std::nullopt;
    }
  }

  const Graph& graph_;
  const std::vector<NodeId> made_by_;
  const std::vector<std::uint32_t> uses_;
  const std::vector<Fact> facts_;
};

}  // namespace

std::vector<graph::Patch> remove_flattening(const Graph& graph, const Options&) {
  const Search search(graph);
  std::vector<graph::Patch> patches;
  for (const Node& node : graph.nodes)
    if (auto patch = search.without_reshapes(node)) patches.push_back(std::move(*patch));
  return patches;
}

}  // namespace ranvier::optimizer
