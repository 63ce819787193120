// tf2onnx has no Where for TensorFlow's where: it multiplies with masks, c * a + (1 - c) * b.
#include <array>

#include "runtime/core/convert.h"
#include "runtime/core/data_type.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

/// A value where a condition, cast to numbers, is 1, and 0 elsewhere.
struct Masked {
  ValueId condition = graph::none;
  ValueId value = graph::none;    ///< none: 1.
  ValueId product = graph::none;  ///< Of the two; none where there is none.
};

class Search {
 public:
  explicit Search(const Graph& graph) : graph_(graph), view_(graph) {}

  /// A Where instead of the node; nothing where the node is no choice between two values, and `refusal` says why where
  /// it almost is.
  std::optional<graph::Patch> choice(const Node& sum, bool strict_onnx, std::string& refusal) const {
    if (!is(sum, "Add", 2) || sum.version < 7) return std::nullopt;
    const std::vector<Masked> left = masked(sum.inputs[0]);
    const std::vector<Masked> right = masked(sum.inputs[1]);
    for (const Masked& a : left) {
      for (const Masked& b : right) {
        if (is_negation(b.condition, a.condition)) return where(sum, a, b, strict_onnx, refusal);
        if (is_negation(a.condition, b.condition)) return where(sum, b, a, strict_onnx, refusal);
        if (a.product != graph::none || b.product != graph::none)  // else it counts conditions
          refusal = fmt::format("neither of '{}' and '{}' is the other's Not", graph_.values[a.condition].name,
                                graph_.values[b.condition].name);
      }
    }
    return std::nullopt;
  }

 private:
  static bool is(const Node& node, std::string_view op_type, std::size_t inputs) {
    return View::is(node, "", op_type) && node.inputs.size() == inputs;
  }

  /// The condition that the value is the 1 and 0 of; `none` where it is no such thing.
  ValueId condition_of(ValueId id) const {
    const Node* cast = view_.maker(id);
    if (cast == nullptr || !is(*cast, "Cast", 1)) return graph::none;
    return view_.fact(cast->inputs[0]).type == DataType::boolean ? cast->inputs[0] : graph::none;
  }

  /// The ways to read the value as one under a mask.
  std::vector<Masked> masked(ValueId id) const {
    if (const ValueId condition = condition_of(id); condition != graph::none) return {{condition}};
    const Node* product = view_.maker(id);
    if (product == nullptr || !is(*product, "Mul", 2) || product->version < 7) return {};
    std::vector<Masked> ways;
    for (std::size_t i = 0; i < 2; ++i)
      if (const ValueId condition = condition_of(product->inputs[i]); condition != graph::none)
        ways.push_back({condition, product->inputs[1 - i], id});
    return ways;
  }

  bool is_negation(ValueId id, ValueId of) const {
    const Node* negation = view_.maker(id);
    return negation != nullptr && is(*negation, "Not", 1) && negation->inputs[0] == of;
  }

  std::optional<graph::Patch> where(const Node& sum, const Masked& then, const Masked& otherwise, bool strict_onnx,
                                    std::string& refusal) const {
    refusal.clear();
    const DataType type = view_.fact(sum.outputs[0]).type;
    for (const ValueId product : {then.product, otherwise.product})
      if (product != graph::none && !view_.is_for_one(product)) refusal = view_.needed_elsewhere(product);
    if (IntegerTypes::set.contains(type) || !refusal.empty()) {
    } else if (!FloatTypes::set.contains(type)) {
      refusal = "the type of its numbers is not known";
    } else if (strict_onnx) {  // under a mask an infinity gives NaN; Where gives what is chosen
      refusal = "strict_onnx keeps what the file gives at NaN and infinities";
    }
    if (!refusal.empty()) return std::nullopt;
    graph::Patch patch;
    const auto add = [&](graph::Value value) {
      patch.values.push_back(std::move(value));
      return static_cast<ValueId>(graph_.values.size() + patch.values.size() - 1);
    };
    const auto value_of = [&](const Masked& masked) {
      if (masked.value != graph::none) return masked.value;
      Tensor one(type, {});
      convert(DataType::float64, std::array{1.0}.data(), type, one.mutable_data(), 1);
      return add({.name = sum.name + "/one", .type = type, .constant = one});
    };
    const ValueId values[] = {value_of(then), value_of(otherwise)};
    const ValueId chosen = add(graph_.values[sum.outputs[0]]);
    patch.nodes = {{.name = sum.name,
                    .op_type = "Where",
                    .version = 9,
                    .inputs = {then.condition, values[0], values[1]},
                    .outputs = {chosen}}};
    patch.replacements = {{sum.outputs[0], chosen}};
    patch.reason = fmt::format("{} adds values under opposite masks", sum.describe());
    return patch;
  }

  const Graph& graph_;
  const View view_;
};

}  // namespace

std::vector<graph::Patch> restore_choices(const Graph& graph, const Options& options) {
  return each_node(graph, [&, search = Search(graph)](const Node& node) {
    std::string refusal;
    return search.choice(node, options.strict_onnx, refusal);
  });
}

std::vector<std::string> refused_choices(const Graph& graph, const Options& options) {
  const Search search(graph);
  return each_refusal(graph, [&](const Node& node, std::string& refusal) {
    if (search.choice(node, options.strict_onnx, refusal) || refusal.empty()) return;
    refusal = fmt::format("{} adds values under masks and becomes no Where: {}", node.describe(), refusal);
  });
}

}  // namespace ranvier::optimizer
