// Operators that make rows take in the activation that follows: Dense and the normalizations of rows.
#include "operators/activation/epilogue.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;

/// Whether the operator has an epilogue in Ranvier's domain.
bool has_epilogue(const Node& node) {
  if (node.outputs.size() != 1) return false;
  const bool is_own = node.domain == "ranvier" && node.op_type == "Dense";
  return is_own || node.op_type == "LayerNormalization" || node.op_type == "RMSNormalization";
}

/// The node in Ranvier's domain.
Node own(Node node) {
  node.domain = "ranvier";
  node.version = 1;
  return node;
}

class Search {
 public:
  explicit Search(const Graph& graph) : view_(graph) {}

  /// What takes in the node; nothing where nothing does, and `refusal` says why where something almost could.
  std::optional<graph::Patch> with_activation(const Node& node, std::string& refusal) const try {
    if (node.inputs.empty()) return std::nullopt;
    const Fact* const x = node.inputs[0] == graph::none ? nullptr : &view_.fact(node.inputs[0]);
    const Node* before = view_.maker(node.inputs[0]);
    if (before == nullptr || !has_epilogue(*before)) return std::nullopt;
    const auto epilogue = operators::epilogue_of(node, x->whole ? x->last.size() : 0);
    if (!epilogue) return std::nullopt;
    if (before->has("activation")) {
      refusal = fmt::format("{} has an activation already", before->describe());
    } else if (!view_.is_for_one(node.inputs[0])) {
      refusal = view_.needed_elsewhere(node.inputs[0]);
    } else if (const char* reason = operators::refusal(*epilogue)) {
      refusal = reason;
    }
    if (!refusal.empty()) return std::nullopt;
    Node made = own(*before);
    operators::set_epilogue(made, *epilogue);
    return Replacement(view_.graph())
        .finish(node, std::move(made), fmt::format("{} is the activation of {}", node.describe(), before->describe()));
  } catch (const Error&) {  // an attribute of the wrong kind, which planning reports
    return std::nullopt;
  }

 private:
  const View view_;
};

}  // namespace

std::vector<graph::Patch> take_in_activations(const Graph& graph, const Options&) {
  return each_node(graph, [search = Search(graph)](const Node& node) {
    std::string refusal;
    return search.with_activation(node, refusal);
  });
}

std::vector<std::string> refused_to_take_in(const Graph& graph, const Options&) {
  const Search search(graph);
  return each_refusal(graph, [&](const Node& node, std::string& refusal) {
    if (search.with_activation(node, refusal) || refusal.empty()) return;
    refusal = fmt::format("{} is a step of its own: {}", node.describe(), refusal);
  });
}

}  // namespace ranvier::optimizer
