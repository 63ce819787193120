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

  /// The Dense without the Reshape before it and `restoring`, the one after it; nothing where they are no such thing,
  /// and `refusal` says why where they almost are.
  std::optional<graph::Patch> without_reshapes(const Node& restoring, std::string& refusal) const {
    if (!View::is(restoring, "", "Reshape") || restoring.inputs.size() != 2) return std::nullopt;
    const Node* dense = view_.maker(restoring.inputs[0], "ranvier", "Dense");
    const Node* flattening = dense == nullptr ? nullptr : view_.maker(dense->inputs[0], "", "Reshape");
    if (flattening == nullptr) return std::nullopt;
    const ValueId x = flattening->inputs[0], rows = dense->inputs[0];
    if (have_other_rows(view_.fact(x), view_.fact(rows))) return std::nullopt;  // a layer that means to flatten
    if (!view_.is_for_one(restoring.inputs[0])) {
      refusal = view_.needed_elsewhere(restoring.inputs[0]);
    } else if (!keeps_rows(view_.fact(x), view_.fact(rows))) {
      refusal = fmt::format("'{}' is not known to have rows as long as those of '{}'", name(rows), name(x));
    } else if (!restores(restoring.outputs[0], x, columns_of(graph_, *dense))) {
      refusal = fmt::format("'{}' is not known to have the dimensions of '{}' but for the columns",
                            name(restoring.outputs[0]), name(x));
    }
    if (!refusal.empty()) {
      refusal = fmt::format("{} and {} stay around {}: {}", flattening->describe(), restoring.describe(),
                            dense->describe(), refusal);
      return std::nullopt;
    }
    Node made = *dense;
    made.inputs[0] = x;
    return Replacement(graph_).finish(restoring, std::move(made),
                                      fmt::format("{} restores the dimensions that {} has flattened for {}",
                                                  restoring.describe(), flattening->describe(), dense->describe()));
  }

 private:
  const std::string& name(ValueId id) const { return graph_.values[id].name; }

  static bool knows_rows(const Fact& fact) { return !fact.last.empty() && fact.last.back() > 0; }
  static bool have_other_rows(const Fact& a, const Fact& b) {
    return knows_rows(a) && knows_rows(b) && a.last.back() != b.last.back();
  }
  /// Both have rows of one and the same known size, so those of one are those of the other.
  static bool keeps_rows(const Fact& a, const Fact& b) {
    return a.whole && knows_rows(a) && knows_rows(b) && a.last.back() == b.last.back();
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
  return each_node(graph, [search = Search(graph)](const Node& node) {
    std::string refusal;
    return search.without_reshapes(node, refusal);
  });
}

std::vector<std::string> refused_flattening(const Graph& graph, const Options&) {
  return each_refusal(graph, [search = Search(graph)](const Node& node, std::string& refusal) {
    search.without_reshapes(node, refusal);
  });
}

}  // namespace ranvier::optimizer
