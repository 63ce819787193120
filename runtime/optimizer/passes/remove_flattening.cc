// What exporters of TensorFlow write around a Dense layer whose input has more than two dimensions: its rows are
// flattened into a matrix before, and the old dimensions restored after. Dense takes rows of any rank.
#include <algorithm>

#include "operators/table.h"
#include "runtime/core/convert.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

class Search {
 public:
  explicit Search(const Graph& graph) : graph_(graph), view_(graph) {}

  std::optional<graph::Patch> without_reshapes(const Node& restoring) const {
    if (!View::is(restoring, "", "Reshape") || restoring.inputs.size() != 2) return std::nullopt;
    const Node* dense = view_.only_for_one(restoring.inputs[0], "ranvier", "Dense");
    const Node* flattening = dense == nullptr ? nullptr : view_.maker(dense->inputs[0], "", "Reshape");
    if (flattening == nullptr) return std::nullopt;
    const ValueId x = flattening->inputs[0];
    const Fact& from = view_.fact(x);
    if (!from.whole || from.last.empty() || !keeps_rows(from, view_.fact(dense->inputs[0]))) return std::nullopt;
    if (!restores(restoring, x, from, columns_of(graph_, *dense))) return std::nullopt;
    Node made = *dense;
    made.inputs[0] = x;
    return Replacement(graph_).finish(restoring, std::move(made),
                                      fmt::format("{} restores the dimensions that {} has flattened for {}",
                                                  restoring.describe(), flattening->describe(), dense->describe()));
  }

 private:
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
    const Node* maker = view_.maker(id);
    if (maker == nullptr) return std::nullopt;
    const Node& node = *maker;
    if (View::is(node, "", "Shape") && node.inputs[0] == x && node.attributes.empty()) {
      std::vector<std::int64_t> markers(rank);
      for (std::size_t i = 0; i < rank; ++i) markers[i] = marker(i);
      return Tensor::of<std::int64_t>({static_cast<std::int64_t>(rank)}, markers);
    }
    if (View::is(node, "", "Cast") && IntegerTypes::set.contains(view_.fact(id).type))
      return sizes(node.inputs[0], x, rank);
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
  const View view_;
};

}  // namespace

std::vector<graph::Patch> remove_flattening(const Graph& graph, const Options&) {
  return each_node(graph, [search = Search(graph)](const Node& node) { return search.without_reshapes(node); });
}

}  // namespace ranvier::optimizer
