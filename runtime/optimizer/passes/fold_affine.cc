// Into a Dense layer's weights and bias goes what is done to each of its columns by constants: BatchNormalization, and
// products, quotients, sums and differences, after the layer or before it.
#include <algorithm>
#include <cmath>

#include "runtime/core/data_type.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

/// x * scale + shift, column by column.
struct Affine {
  std::vector<double> scale;
  std::vector<double> shift;
};

bool is_finite(const Affine& affine) {
  const auto finite = [](double x) { return std::isfinite(x); };
  return std::ranges::all_of(affine.scale, finite) && std::ranges::all_of(affine.shift, finite);
}

class Search {
 public:
  explicit Search(const Graph& graph) : graph_(graph), view_(graph) {}

  /// The Dense that the node becomes part of, or that takes in what is done to its input; nothing where there is none.
  std::optional<graph::Patch> dense(const Node& node) const try {
    if (auto patch = with_what_follows(node)) return patch;
    return with_what_precedes(node);
  } catch (const Error&) {  // an attribute of the wrong kind, which planning reports
    return std::nullopt;
  }

 private:
  /// The Dense of floats whose weights and bias are constant.
  bool is_foldable(const Node& dense) const {
    if (!View::is(dense, "ranvier", "Dense")) return false;
    for (std::size_t i = 1; i < dense.inputs.size(); ++i) {
      const Tensor* constant = graph_.constant(dense.inputs[i]);
      if (constant == nullptr || constant->type() != DataType::float32) return false;
    }
    return true;
  }

  /// The constant, for each of `columns` columns of what it is combined with; nothing where it is no such thing.
  std::optional<std::vector<double>> by_column(ValueId id, ValueId with, std::int64_t columns) const {
    const Tensor* constant = graph_.constant(id);
    if (constant == nullptr || constant->type() != DataType::float32) return std::nullopt;
    const bool single = constant->elements() == 1;
    const bool row =
        constant->elements() == columns && !constant->shape().empty() && constant->shape().back() == columns;
    if (!single && !row) return std::nullopt;
    if (constant->shape().rank() > 1 && !broadcasts_to(constant->shape(), view_.fact(with))) return std::nullopt;
    const auto values = constant->values<float>();
    if (single) return std::vector<double>(static_cast<std::size_t>(columns), values[0]);
    return std::vector<double>(values.begin(), values.end());
  }

  /// What the node does to the columns of its operand `value`; nothing where it does anything else.
  std::optional<Affine> affine(const Node& node, ValueId value, std::int64_t columns) const {
    if (View::is(node, "", "BatchNormalization")) return batch_normalization(node, value, columns);
    const std::string_view op = node.op_type;
    const bool known = op == "Mul" || op == "Div" || op == "Add" || op == "Sub";
    if (!known || !View::is(node, "", op) || node.version < 7 || node.inputs.size() != 2) return std::nullopt;
    const bool first = node.inputs[0] == value;
    if (node.inputs[first ? 1 : 0] == value || (op == "Div" && !first)) return std::nullopt;
    auto constant = by_column(node.inputs[first ? 1 : 0], value, columns);
    if (!constant) return std::nullopt;
    const std::vector<double> zeros(constant->size(), 0.0), ones(constant->size(), 1.0);
    const auto negated = [](std::vector<double> x) {
      for (double& each : x) each = -each;
      return x;
    };
    if (op == "Add") return Affine{ones, *constant};
    if (op == "Sub") return first ? Affine{ones, negated(*constant)} : Affine{negated(ones), *constant};
    if (op == "Div")
      for (double& each : *constant) each = 1 / each;
    return Affine{*constant, zeros};
  }

  std::optional<Affine> batch_normalization(const Node& node, ValueId value, std::int64_t columns) const {
    const Fact& fact = view_.fact(value);
    const bool of_rows = fact.whole && fact.last.size() == 2;  // the channels are the second dimension
    if (!of_rows || node.version < 7 || node.inputs.size() != 5 || node.inputs[0] != value ||
        node.get<std::int64_t>("training_mode", 0) != 0)
      return std::nullopt;
    std::vector<double> by[4];  // scale, bias, mean, variance
    for (std::size_t i = 0; i < 4; ++i) {
      auto constant = by_column(node.inputs[i + 1], value, columns);
      if (!constant || graph_.constant(node.inputs[i + 1])->elements() != columns) return std::nullopt;
      by[i] = std::move(*constant);
    }
    Affine affine{by[0], by[1]};
    const double epsilon = node.get<float>("epsilon", 1e-5f);
    for (std::size_t i = 0; i < affine.scale.size(); ++i) {
      affine.scale[i] /= std::sqrt(by[3][i] + epsilon);
      affine.shift[i] -= by[2][i] * affine.scale[i];
    }
    return affine;
  }

  struct Matrix {
    std::vector<double> elements;
    std::int64_t inner = 0, columns = 0;
    bool transposed = false;

    double& at(std::int64_t k, std::int64_t n) {
      return elements[static_cast<std::size_t>(transposed ? n * inner + k : k * columns + n)];
    }
  };

  Matrix weights_of(const Node& dense) const {
    const Tensor& weights = *graph_.constant(dense.inputs[1]);
    const auto values = weights.values<float>();
    return {{values.begin(), values.end()},
            inner_of(graph_, dense),
            columns_of(graph_, dense),
            dense.get<std::int64_t>("transB", 0) != 0};
  }

  std::vector<double> bias_of(const Node& dense, std::int64_t columns) const {
    if (dense.inputs.size() < 3) return std::vector<double>(static_cast<std::size_t>(columns));
    const auto values = graph_.constant(dense.inputs[2])->values<float>();
    return {values.begin(), values.end()};
  }

  /// `dense` with other numbers in place of `old`; nothing where they are beyond the floats. Weights that stay as they
  /// are are not copied.
  std::optional<graph::Patch> replaced(const Node& old, const Node& dense, const std::vector<double>& weights,
                                       const std::vector<double>& bias, const Node& folded) const {
    Replacement replacement(graph_);
    Node made = dense;
    made.inputs.resize(3, graph::none);
    const std::vector<double>* numbers[] = {&weights, &bias};
    for (std::size_t i = 0; i < 2; ++i) {
      std::vector<float> rounded(numbers[i]->begin(), numbers[i]->end());
      if (i == 0 && std::ranges::equal(rounded, graph_.constant(dense.inputs[1])->values<float>())) continue;
      if (!std::ranges::all_of(rounded, [](float x) { return std::isfinite(x); })) return std::nullopt;
      const Shape shape =
          i == 0 ? graph_.constant(dense.inputs[1])->shape() : Shape{static_cast<std::int64_t>(bias.size())};
      const std::string& name = graph_.values[dense.inputs[std::min(i + 1, dense.inputs.size() - 1)]].name;
      made.inputs[i + 1] = replacement.constant(name + "/folded", Tensor::of<float>(shape, rounded));
    }
    return replacement.finish(old, std::move(made),
                              fmt::format("{} goes into the weights of {}", folded.describe(), dense.describe()));
  }

  /// The Dense that only the node reads, and what the node does to its columns.
  std::optional<std::pair<const Node*, Affine>> layer_before(const Node& node) const {
    for (const ValueId input : node.inputs) {
      const Node* dense = view_.only_for_one(input, "ranvier", "Dense");
      if (dense == nullptr || dense->has("activation") || !is_foldable(*dense)) continue;
      if (node.op_type == "Add" && dense->inputs.size() < 3) continue;  // a bias: make_dense takes it as it is
      std::optional<Affine> after = affine(node, input, columns_of(graph_, *dense));
      if (after && is_finite(*after)) return std::pair(dense, std::move(*after));
    }
    return std::nullopt;
  }

  std::optional<graph::Patch> with_what_follows(const Node& node) const {
    const auto layer = layer_before(node);
    if (!layer) return std::nullopt;
    const auto& [dense, after] = *layer;
    Matrix weights = weights_of(*dense);
    std::vector<double> bias = bias_of(*dense, weights.columns);
    for (std::int64_t n = 0; n < weights.columns; ++n) {
      const auto i = static_cast<std::size_t>(n);
      for (std::int64_t k = 0; k < weights.inner; ++k) weights.at(k, n) *= after.scale[i];
      bias[i] = bias[i] * after.scale[i] + after.shift[i];
    }
    return replaced(node, *dense, weights.elements, bias, node);
  }

  std::optional<graph::Patch> with_what_precedes(const Node& dense) const {
    if (!is_foldable(dense)) return std::nullopt;
    const Node* before = view_.maker(dense.inputs[0]);
    // Where it goes into a layer before, for all of its readers, this one must not need that layer without it.
    if (before == nullptr || layer_before(*before)) return std::nullopt;
    for (const ValueId input : before->inputs) {
      if (input == graph::none || graph_.constant(input) != nullptr) continue;
      const std::int64_t inner = inner_of(graph_, dense);
      const std::optional<Affine> change = affine(*before, input, inner);
      // Rows that the constants have stretched are no rows of the input.
      const Fact& from = view_.fact(input);
      if (!change || !is_finite(*change) || from.last.empty() || from.last.back() != inner) continue;
      Matrix weights = weights_of(dense);
      std::vector<double> bias = bias_of(dense, weights.columns);
      for (std::int64_t k = 0; k < weights.inner; ++k)
        for (std::int64_t n = 0; n < weights.columns; ++n) {
          double& weight = weights.at(k, n);
          bias[static_cast<std::size_t>(n)] += change->shift[static_cast<std::size_t>(k)] * weight;
          weight *= change->scale[static_cast<std::size_t>(k)];
        }
      Node made = dense;
      made.inputs[0] = input;
      return replaced(dense, made, weights.elements, bias, *before);
    }
    return std::nullopt;
  }

  const Graph& graph_;
  const View view_;
};

}  // namespace

std::vector<graph::Patch> fold_affine(const Graph& graph, const Options& options) {
  // In floats it is another order of the same operations, and an infinity may come out elsewhere.
  if (options.strict_onnx) return {};
  return each_node(graph, [search = Search(graph)](const Node& node) { return search.dense(node); });
}

}  // namespace ranvier::optimizer
