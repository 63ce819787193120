// What exporters of TensorFlow write around a Dense layer whose input has more than two dimensions: its rows are
// flattened into a matrix before, and the old dimensions restored after. Dense takes rows of any rank.
#include <algorithm>

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
  explicit Search(const Graph& graph) : graph_(graph), view_(graph), sizes_(graph, view_.facts()) {}

  std::optional<graph::Patch> without_reshapes(const Node& restoring) const {
    if (!View::is(restoring, "", "Reshape") || restoring.inputs.size() != 2) return std::nullopt;
    const Node* dense = view_.only_for_one(restoring.inputs[0], "ranvier", "Dense");
    const Node* flattening = dense == nullptr ? nullptr : view_.maker(dense->inputs[0], "", "Reshape");
    if (flattening == nullptr) return std::nullopt;
    const ValueId x = flattening->inputs[0];
    const Fact& from = view_.fact(x);
    if (!from.whole || from.last.empty() || !keeps_rows(from, view_.fact(dense->inputs[0]))) return std::nullopt;
    if (!restores(restoring.outputs[0], x, columns_of(graph_, *dense))) return std::nullopt;
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

  /// Whether the value has the dimensions of x, but for the last one, which is `columns`.
  bool restores(ValueId id, ValueId x, std::int64_t columns) const {
    const std::vector<Size>*from = sizes_.shape(x), *to = sizes_.shape(id);
    return from != nullptr && to != nullptr && from->size() == to->size() && to->back() == Size{columns} &&
           std::equal(from->begin(), from->end() - 1, to->begin());
  }

  const Graph& graph_;
  const View view_;
  const Sizes sizes_;
};

}  // namespace

std::vector<graph::Patch> remove_flattening(const Graph& graph, const Options&) {
  return each_node(graph, [search = Search(graph)](const Node& node) { return search.without_reshapes(node); });
}

}  // namespace ranvier::optimizer
