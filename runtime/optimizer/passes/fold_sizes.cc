// Shape arithmetic: whole numbers that the graph tells beforehand become constants, and so do the shapes that a Reshape
// is given as far as one open size.
#include <algorithm>

#include "runtime/core/convert.h"
#include "runtime/core/data_type.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/sizes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

class Search {
 public:
  explicit Search(const Graph& graph) : graph_(graph), facts_(facts_of(graph)), sizes_(graph, facts_) {}

  /// Instead of a node that computes whole numbers.
  std::optional<graph::Patch> with_known_numbers(const Node& node) const {
    const ValueId id = node.outputs.empty() ? graph::none : node.outputs[0];
    const std::vector<Size>* elements = sizes_.elements(id);
    // A graph output stays with its node; planning folds it.
    if (elements == nullptr || !std::ranges::all_of(*elements, &Size::known) ||
        std::ranges::count(graph_.outputs, id) > 0)
      return std::nullopt;
    const Fact& fact = facts_[id];
    const bool is_number = fact.whole && fact.last.empty() && elements->size() == 1;
    const bool is_vector = fact.whole && fact.last.size() == 1;
    if (!is_number && !is_vector) return std::nullopt;
    std::vector<std::int64_t> numbers;
    for (const Size& size : *elements) numbers.push_back(size.factor);
    const Shape shape = is_number ? Shape{} : Shape{std::ssize(numbers)};
    Tensor constant(fact.type, shape);
    convert(DataType::int64, numbers.data(), fact.type, constant.mutable_data(), constant.elements());
    graph::Value value = graph_.values[id];
    value.type = fact.type;
    value.constant = std::move(constant);
    return graph::Patch{.values = {std::move(value)},
                        .nodes = {},
                        .replacements = {{id, static_cast<ValueId>(graph_.values.size())}},
                        .reason = fmt::format("{} gives known sizes", node.describe())};
  }

  /// A Reshape whose shape is computed.
  std::optional<graph::Patch> with_known_shape(const Node& node) const {
    if (!View::is(node, "", "Reshape") || node.inputs.size() != 2 || graph_.constant(node.inputs[1]) != nullptr ||
        node.has("allowzero"))
      return std::nullopt;
    const std::vector<Size>*from = sizes_.shape(node.inputs[0]), *to = sizes_.shape(node.outputs[0]);
    // That its own shape is told elsewhere is not enough: it has to be what it is given.
    if (from == nullptr || to == nullptr || sizes_.elements(node.inputs[1]) == nullptr) return std::nullopt;
    std::optional<std::vector<std::int64_t>> target = target_of(*from, *to);
    if (!target) return std::nullopt;
    Replacement replacement(graph_);
    Node made = node;
    made.inputs[1] = replacement.constant(graph_.values[node.inputs[1]].name,
                                          Tensor::of<std::int64_t>({std::ssize(*target)}, *target));
    return replacement.finish(node, std::move(made), fmt::format("{} is given known sizes", node.describe()));
  }

 private:
  /// As Reshape takes it: 0 for the size at the same place of its input, -1 for the one that follows from the others.
  static std::optional<std::vector<std::int64_t>> target_of(const std::vector<Size>& from,
                                                            const std::vector<Size>& to) {
    std::vector<std::int64_t> target;
    const auto open = std::ranges::count_if(to, [](const Size& size) { return !size.known(); });
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (to[i] == Size{0}) return std::nullopt;  // which would stand for another
      const bool copied = open > 1 && i < from.size() && to[i] == from[i];
      target.push_back(to[i].known() ? to[i].factor : copied ? 0 : -1);
    }
    return std::ranges::count(target, -1) <= 1 ? std::optional(target) : std::nullopt;
  }

  const Graph& graph_;
  const std::vector<Fact> facts_;
  const Sizes sizes_;
};

}  // namespace

std::vector<graph::Patch> fold_sizes(const Graph& graph, const Options&) {
  const Search search(graph);
  return each_node(graph, [&](const Node& node) {
    auto patch = search.with_known_numbers(node);
    return patch ? std::move(patch) : search.with_known_shape(node);
  });
}

}  // namespace ranvier::optimizer
