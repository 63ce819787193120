// Dense: products with constant weights, and the bias that is added to them, become one node.
#include <algorithm>

#include "runtime/core/data_type.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

/// The tensor times a factor. Only for float.
Tensor scaled(const Tensor& tensor, float factor) {
  Tensor result(tensor.type(), tensor.shape());
  const auto from = tensor.values<float>();
  std::transform(from.begin(), from.end(), static_cast<float*>(result.mutable_data()),
                 [&](float x) { return factor * x; });
  return result;
}

class Search {
 public:
  explicit Search(const Graph& graph) : graph_(graph), view_(graph) {}

  /// The Dense that the node becomes, or becomes part of; nothing where it is neither, and `refusal` says why where it
  /// almost is.
  std::optional<graph::Patch> dense(const Node& node, std::string& refusal) const try {
    for (const auto find : {&Search::from_matmul, &Search::from_gemm, &Search::with_bias})
      if (auto patch = (this->*find)(node, refusal); patch || !refusal.empty()) return patch;
    return std::nullopt;
  } catch (const Error&) {  // an attribute of the wrong kind, which planning reports
    return std::nullopt;
  }

 private:
  /// The constant matrix that the value is; null where it is none, or not of real numbers.
  const Tensor* matrix(ValueId id, std::string& refusal) const {
    const Tensor* tensor = graph_.constant(id);
    if (tensor == nullptr) {
      refusal = fmt::format("its weights '{}' are no constant", graph_.values[id].name);
    } else if (tensor->shape().rank() != 2 || !FloatTypes::set.contains(tensor->type())) {
      refusal = fmt::format("its weights are {} {}, expected a matrix of real numbers", name(tensor->type()),
                            to_string(tensor->shape()));
    } else {
      return tensor;
    }
    return nullptr;
  }

  /// The Dense without an activation that makes the value, which nobody else reads; null where none does.
  const Node* linear_dense(ValueId id, std::string& refusal) const {
    const Node* dense = view_.maker(id, "ranvier", "Dense");
    if (dense == nullptr) return nullptr;
    if (dense->has("activation")) {
      refusal = fmt::format("{} has an activation already", dense->describe());
    } else if (view_.only_for_one(id, "ranvier", "Dense") == nullptr) {
      refusal = view_.needed_elsewhere(id);
    } else {
      return dense;
    }
    return nullptr;
  }

  /// The constant as one row of `columns` elements, where that is what it adds to every row of the value.
  std::optional<Tensor> as_row(const Tensor& tensor, std::int64_t columns, ValueId added_to) const {
    const Shape& shape = tensor.shape();
    if (tensor.elements() != columns || shape.empty() || shape.back() != columns) return std::nullopt;
    if (shape.rank() > 1 && !broadcasts_to(shape, view_.fact(added_to))) return std::nullopt;
    return tensor.reshaped({columns});
  }

  std::optional<graph::Patch> from_matmul(const Node& node, std::string& refusal) const {
    if (!View::is(node, "", "MatMul") || node.inputs.size() != 2 || matrix(node.inputs[1], refusal) == nullptr)
      return std::nullopt;
    return Replacement(graph_).finish(
        node, {.name = node.name, .domain = "ranvier", .op_type = "Dense", .version = 1, .inputs = node.inputs},
        fmt::format("{} has constant weights", node.describe()));
  }

  std::optional<graph::Patch> from_gemm(const Node& node, std::string& refusal) const {
    if (!View::is(node, "", "Gemm") || node.version < 7 || node.inputs.size() < 2) return std::nullopt;
    if (node.get<std::int64_t>("transA", 0) != 0) refusal = "it takes its rows from columns (transA)";
    const Tensor* weights = refusal.empty() ? matrix(node.inputs[1], refusal) : nullptr;
    if (weights == nullptr) return std::nullopt;
    const std::int64_t transposed = node.get<std::int64_t>("transB", 0);
    const float alpha = node.get<float>("alpha", 1), beta = node.get<float>("beta", 1);
    if ((alpha != 1 || beta != 1) && weights->type() != DataType::float32) {
      refusal = "its weights are not float, and it scales them";
      return std::nullopt;
    }
    Replacement replacement(graph_);
    Node made{.name = node.name,
              .domain = "ranvier",
              .op_type = "Dense",
              .version = 1,
              .inputs = {node.inputs[0], node.inputs[1]}};
    if (alpha != 1)
      made.inputs[1] = replacement.constant(graph_.values[node.inputs[1]].name + "/scaled", scaled(*weights, alpha));
    if (transposed != 0) made.attributes["transB"] = std::int64_t{1};
    if (node.inputs.size() > 2 && node.inputs[2] != graph::none) {
      const Tensor* addend = graph_.constant(node.inputs[2]);
      std::optional<Tensor> row;
      if (addend != nullptr)
        row = as_row(*addend, transposed != 0 ? weights->shape()[0] : weights->shape()[1], node.outputs[0]);
      if (!row) {
        refusal = fmt::format("its addend '{}' is no constant row", graph_.values[node.inputs[2]].name);
        return std::nullopt;
      }
      if (beta != 1) row = scaled(*row, beta);
      made.inputs.push_back(replacement.constant(graph_.values[node.inputs[2]].name, std::move(*row)));
    }
    return replacement.finish(node, std::move(made), fmt::format("{} has constant weights", node.describe()));
  }

  std::optional<graph::Patch> with_bias(const Node& node, std::string& refusal) const {
    if (!View::is(node, "", "Add") || node.version < 7 || node.inputs.size() != 2) return std::nullopt;
    for (std::size_t i = 0; i < 2; ++i) {
      const Tensor* addend = graph_.constant(node.inputs[1 - i]);
      const Node* dense = addend == nullptr ? nullptr : linear_dense(node.inputs[i], refusal);
      if (dense == nullptr) continue;
      std::optional<Tensor> row = as_row(*addend, columns_of(graph_, *dense), node.inputs[i]);
      if (!row) refusal = fmt::format("'{}' is not one row of addends", graph_.values[node.inputs[1 - i]].name);
      if (!row || dense->inputs.size() != 2) continue;  // the other bias takes this one in (fold_affine)
      Replacement replacement(graph_);
      Node made = *dense;
      made.inputs.push_back(replacement.constant(graph_.values[node.inputs[1 - i]].name, std::move(*row)));
      return replacement.finish(node, std::move(made),
                                fmt::format("{} adds its bias to {}", node.describe(), dense->describe()));
    }
    return std::nullopt;
  }

  const Graph& graph_;
  const View view_;
};

}  // namespace

std::vector<graph::Patch> make_dense(const Graph& graph, const Options&) {
  return each_node(graph, [search = Search(graph)](const Node& node) {
    std::string refusal;
    return search.dense(node, refusal);
  });
}

std::vector<std::string> refused_dense(const Graph& graph, const Options&) {
  const Search search(graph);
  return each_refusal(graph, [&](const Node& node, std::string& refusal) {
    if (search.dense(node, refusal) || refusal.empty()) return;
    refusal = fmt::format("{} is no part of a Dense: {}", node.describe(), refusal);
  });
}

}  // namespace ranvier::optimizer
