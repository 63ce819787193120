// Into a Dense layer's weights and bias goes what is done to each of its columns by constants: BatchNormalization, and
// products, quotients, sums and differences, after the layer or before it.
#include <algorithm>
#include <cmath>

#include "runtime/optimizer/affine.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

class Search {
 public:
  Search(const Graph& graph, bool strict_onnx) : graph_(graph), view_(graph), strict_onnx_(strict_onnx) {}

  /// The Dense that the node becomes part of, or that takes in what is done to its input; nothing where there is none,
  /// and `refusal` says why where there almost is.
  std::optional<graph::Patch> dense(const Node& node, std::string& refusal) const try {
    if (auto patch = with_what_follows(node, refusal)) return patch;
    return with_what_precedes(node, refusal);
  } catch (const Error&) {  // an attribute of the wrong kind, which planning reports
    return std::nullopt;
  }

 private:
  /// Whether weights and bias are constants of type float.
  bool is_foldable(const Node& dense) const {
    return std::all_of(dense.inputs.begin() + 1, dense.inputs.end(), [&](ValueId id) {
      const Tensor* constant = graph_.constant(id);
      return constant != nullptr && constant->type() == DataType::float32;
    });
  }

  /// What keeps numbers out of the weights of a layer; "" where nothing does.
  std::string obstacle(const Node& dense, const Affine& numbers) const {
    if (!is_foldable(dense)) return "its weights are no constants of type float";
    if (!is_finite(numbers)) return "it takes a column to no finite number";
    if (strict_onnx_) return "strict_onnx keeps the order of the file's arithmetic";
    return "";
  }

  static std::string refused(const Node& node, const Node& dense, std::string_view reason) {
    return fmt::format("{} does not go into the weights of {}: {}", node.describe(), dense.describe(), reason);
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
                                       const std::vector<double>& bias, const Node& folded,
                                       std::string& refusal) const {
    Replacement replacement(graph_);
    Node made = dense;
    made.inputs.resize(3, graph::none);
    const std::vector<double>* numbers[] = {&weights, &bias};
    for (std::size_t i = 0; i < 2; ++i) {
      std::vector<float> rounded(numbers[i]->begin(), numbers[i]->end());
      if (i == 0 && std::ranges::equal(rounded, graph_.constant(dense.inputs[1])->values<float>())) continue;
      if (!std::ranges::all_of(rounded, [](float x) { return std::isfinite(x); })) {
        refusal = refused(folded, dense, "a weight would be beyond the floats");
        return std::nullopt;
      }
      const Shape shape =
          i == 0 ? graph_.constant(dense.inputs[1])->shape() : Shape{static_cast<std::int64_t>(bias.size())};
      const std::string& name = graph_.values[dense.inputs[std::min(i + 1, dense.inputs.size() - 1)]].name;
      made.inputs[i + 1] = replacement.constant(name + "/folded", Tensor::of<float>(shape, rounded));
    }
    return replacement.finish(old, std::move(made),
                              fmt::format("{} goes into the weights of {}", folded.describe(), dense.describe()));
  }

  /// The Dense that only the node reads, and what the node does to its columns.
  std::optional<std::pair<const Node*, Affine>> layer_before(const Node& node, std::string& refusal) const {
    for (const ValueId input : node.inputs) {
      const Node* dense = view_.maker(input, "ranvier", "Dense");
      if (dense == nullptr) continue;
      const bool is_sum = node.op_type == "Add";
      if (is_sum && dense->inputs.size() < 3) continue;  // a bias: make_dense takes it as it is
      std::string reason;
      std::optional<Affine> after = affine_of(view_, node, {input, columns_of(graph_, *dense)}, reason);
      if (after && dense->has("activation")) {
        reason = "its activation comes in between";
      } else if (after && !view_.is_for_one(input)) {
        reason = view_.needed_elsewhere(input);
      } else if (after) {
        reason = obstacle(*dense, *after);
        if (reason.empty()) return std::pair(dense, std::move(*after));
      }
      if (!reason.empty() && !is_sum) refusal = refused(node, *dense, reason);  // of sums make_dense tells
    }
    return std::nullopt;
  }

  std::optional<graph::Patch> with_what_follows(const Node& node, std::string& refusal) const {
    const auto layer = layer_before(node, refusal);
    if (!layer) return std::nullopt;
    const auto& [dense, after] = *layer;
    Matrix weights = weights_of(*dense);
    std::vector<double> bias = bias_of(*dense, weights.columns);
    for (std::int64_t n = 0; n < weights.columns; ++n) {
      const auto i = static_cast<std::size_t>(n);
      for (std::int64_t k = 0; k < weights.inner; ++k) weights.at(k, n) *= after.scale[i];
      bias[i] = bias[i] * after.scale[i] + after.shift[i];
    }
    return replaced(node, *dense, weights.elements, bias, node, refusal);
  }

  std::optional<graph::Patch> with_what_precedes(const Node& dense, std::string& refusal) const {
    if (!View::is(dense, "ranvier", "Dense")) return std::nullopt;
    const Node* before = view_.maker(dense.inputs[0]);
    // Where it goes into a layer before, for all of its readers, this one must not need that layer without it.
    std::string of_the_other;
    if (before == nullptr || layer_before(*before, of_the_other)) return std::nullopt;
    for (const ValueId input : before->inputs) {
      if (input == graph::none || graph_.constant(input) != nullptr) continue;
      const std::int64_t inner = inner_of(graph_, dense);
      std::string reason;
      const std::optional<Affine> change = affine_of(view_, *before, {input, inner}, reason);
      // Rows that the constants have stretched are no rows of the input.
      const Fact& from = view_.fact(input);
      if (change && (from.last.empty() || from.last.back() != inner)) {
        reason = fmt::format("that '{}' has {} columns is not known", graph_.values[input].name, inner);
      } else if (change) {
        reason = obstacle(dense, *change);
      }
      if (!reason.empty()) refusal = refused(*before, dense, reason);
      if (!change || !reason.empty()) continue;
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
      return replaced(dense, made, weights.elements, bias, *before, refusal);
    }
    return std::nullopt;
  }

  const Graph& graph_;
  const View view_;
  const bool strict_onnx_;
};

}  // namespace

// With strict_onnx nothing is found: in floats it is another order of the same operations, and an infinity may come out
// elsewhere.
std::vector<graph::Patch> fold_affine(const Graph& graph, const Options& options) {
  return each_node(graph, [search = Search(graph, options.strict_onnx)](const Node& node) {
    std::string refusal;
    return search.dense(node, refusal);
  });
}

std::vector<std::string> refused_affine(const Graph& graph, const Options& options) {
  return each_refusal(graph, [search = Search(graph, options.strict_onnx)](const Node& node, std::string& refusal) {
    search.dense(node, refusal);
  });
}

}  // namespace ranvier::optimizer
