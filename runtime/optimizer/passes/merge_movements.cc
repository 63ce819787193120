// Transposes, and views of other shapes, that follow each other become one.
#include <algorithm>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;

/// The order that a Transpose puts `rank` dimensions into; nothing where it is none of them.
std::optional<std::vector<std::int64_t>> order_of(const Node& transpose, std::size_t rank) {
  std::vector<std::int64_t> reversed(rank);
  for (std::size_t i = 0; i < rank; ++i) reversed[i] = static_cast<std::int64_t>(rank - 1 - i);
  std::vector<std::int64_t> order = transpose.get<std::vector<std::int64_t>>("perm", reversed);
  if (!std::ranges::is_permutation(order, reversed)) return std::nullopt;
  return order;
}

class Search {
 public:
  explicit Search(const Graph& graph) : graph_(graph), view_(graph) {}

  /// The node that does what it and the one before it do; nothing where there is none, and `refusal` says why where
  /// there almost is.
  std::optional<graph::Patch> merged(const Node& node, std::string& refusal) const try {
    if (View::is(node, "", "Transpose")) return with_transpose(node, refusal);
    if (View::is(node, "", "Reshape")) return with_reshape(node, refusal);
    return std::nullopt;
  } catch (const Error&) {  // an attribute of the wrong kind, which planning reports
    return std::nullopt;
  }

 private:
  static std::nullopt_t stay_two(const Node& first, const Node& second, std::string_view reason, std::string& refusal) {
    refusal = fmt::format("{} and {} before it stay two: {}", second.describe(), first.describe(), reason);
    return std::nullopt;
  }

  std::optional<graph::Patch> with_transpose(const Node& second, std::string& refusal) const {
    const Node* first = view_.maker(second.inputs[0], "", "Transpose");
    if (first == nullptr) return std::nullopt;
    if (!view_.is_for_one(second.inputs[0]))
      return stay_two(*first, second, view_.needed_elsewhere(second.inputs[0]), refusal);
    const auto* given = first->find<std::vector<std::int64_t>>("perm");
    const Fact& x = view_.fact(first->inputs[0]);
    if (given == nullptr && !x.whole)
      return stay_two(*first, second, "how many dimensions they order is not known", refusal);
    const std::size_t rank = given != nullptr ? given->size() : x.last.size();
    const auto before = order_of(*first, rank), after = order_of(second, rank);
    if (!before || !after) return std::nullopt;
    std::vector<std::int64_t> order;
    for (const std::int64_t i : *after) order.push_back((*before)[static_cast<std::size_t>(i)]);
    Node made = second;
    made.inputs[0] = first->inputs[0];
    made.attributes["perm"] = order;
    return Replacement(graph_).finish(second, std::move(made),
                                      fmt::format("{} follows {}", second.describe(), first->describe()));
  }

  /// The sizes of the second have to be its own: a 0 stands for one of the first.
  std::optional<graph::Patch> with_reshape(const Node& second, std::string& refusal) const {
    if (second.inputs.size() != 2) return std::nullopt;
    for (const std::string_view op : {"Reshape", "Flatten", "Squeeze", "Unsqueeze"}) {
      const Node* first = view_.maker(second.inputs[0], "", op);
      if (first == nullptr) continue;
      if (!view_.is_for_one(second.inputs[0]))
        return stay_two(*first, second, view_.needed_elsewhere(second.inputs[0]), refusal);
      const Tensor* sizes = graph_.constant(second.inputs[1]);
      if (sizes == nullptr)
        return stay_two(*first, second, "the sizes of the second are not known before a run", refusal);
      if (sizes->type() != DataType::int64) return std::nullopt;  // which planning reports
      if (std::ranges::count(sizes->values<std::int64_t>(), 0) > 0)
        return stay_two(*first, second, "a 0 among the sizes of the second stands for one of the first", refusal);
      Node made = second;
      made.inputs[0] = first->inputs[0];
      return Replacement(graph_).finish(second, std::move(made),
                                        fmt::format("{} follows {}", second.describe(), first->describe()));
    }
    return std::nullopt;
  }

  const Graph& graph_;
  const View view_;
};

}  // namespace

std::vector<graph::Patch> merge_movements(const Graph& graph, const Options&) {
  return each_node(graph, [search = Search(graph)](const Node& node) {
    std::string refusal;
    return search.merged(node, refusal);
  });
}

std::vector<std::string> refused_movements(const Graph& graph, const Options&) {
  return each_refusal(
      graph, [search = Search(graph)](const Node& node, std::string& refusal) { search.merged(node, refusal); });
}

}  // namespace ranvier::optimizer
