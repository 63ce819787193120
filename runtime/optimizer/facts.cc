#include "runtime/optimizer/facts.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "operators/table.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

/// How an operator's output follows from its inputs.
enum class Rule {
  same,        ///< The type and shape of the first input.
  power,       ///< The type of the first input, the shape of all.
  broadcast,   ///< The type and shape of all.
  comparison,  ///< bool, the shape of all.
  choice,      ///< The type of all but the first, the shape of all.
  cast,        ///< The type of attribute `to`, the shape of the first input.
  type_only,   ///< The type of the first input.
  reduction,
  global_pool,
  windows,  ///< A batch of channels; what each of them has is not told.
  flatten,
  slice,
  squeeze,
  unsqueeze,
  transpose,
  matmul,
  dense,  ///< MatMul whose second matrix may lie there transposed.
  reshape,
  gather,
  concat,
  shape,
};

/// The operators of each rule, but for those that Operator::infer shows to be Rule::same.
constexpr std::pair<Rule, std::string_view> operators_of[] = {
    {Rule::same,
     "Abs BatchNormalization Clip CumSum Dropout Erf Erfc Exp Expm1 Floor LayerNormalization Log LogSoftmax "
     "Neg "
     "PRelu Reciprocal Round Sign Softmax Sqrt"},
    {Rule::power, "Pow"},
    {Rule::broadcast, "Add Div Max Min Mul Sub"},
    {Rule::comparison, "And Equal Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual Not Or"},
    {Rule::choice, "Where"},
    {Rule::cast, "Cast"},
    {Rule::type_only, "ConvTranspose DepthToSpace Expand SpaceToDepth Split Tile TopK"},
    {Rule::flatten, "Flatten"},
    {Rule::slice, "Pad Slice"},
    {Rule::squeeze, "Squeeze"},
    {Rule::unsqueeze, "Unsqueeze"},
    {Rule::transpose, "Transpose"},
    {Rule::reduction, "ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum"},
    {Rule::global_pool, "GlobalAveragePool GlobalMaxPool"},
    {Rule::windows, "AveragePool Conv MaxPool"},
    {Rule::matmul, "MatMul"},
    {Rule::dense, "Gemm"},
    {Rule::reshape, "Reshape"},
    {Rule::gather, "Gather"},
    {Rule::concat, "Concat"},
    {Rule::shape, "Shape"},
};

using Rules = std::unordered_map<std::string_view, Rule>;

const Rules& rules() {
  static const Rules all = [] {
    Rules result;
    for (auto [rule, names] : operators_of) {
      while (!names.empty()) {
        const std::size_t end = std::min(names.find(' '), names.size());
        result.emplace(names.substr(0, end), rule);
        names.remove_prefix(std::min(end + 1, names.size()));
      }
    }
    return result;
  }();
  return all;
}

std::optional<Rule> rule_of(const Node& node) {
  const auto found = rules().find(node.op_type);
  if (node.domain.empty() && found != rules().end()) return found->second;
  if (node.domain == "ranvier" && node.op_type == "Dense") return Rule::dense;
  if (node.domain == "ranvier" && node.op_type == "Conv") return Rule::windows;
  const operators::Operator* op = operators::find_operator(node);
  return op != nullptr && op->infer == operators::infer_as_first_input ? std::optional(Rule::same) : std::nullopt;
}

class Teller {
 public:
  explicit Teller(const Graph& graph) : graph_(graph), facts_(graph.values.size()) {
    for (ValueId id = 0; id < graph.values.size(); ++id) facts_[id] = declared(graph.values[id]);
    for (const Node& node : graph.nodes) tell(node);
  }

  std::vector<Fact> facts() && { return std::move(facts_); }

 private:
  static Fact declared(const graph::Value& value) {
    Fact fact{value.type, {}, value.shape.has_value()};
    if (value.shape)
      for (const graph::Dimension& dim : *value.shape) fact.last.push_back(dim.size);
    if (!value.constant || value.overridable) return fact;
    return {value.constant->type(), {value.constant->shape().begin(), value.constant->shape().end()}, true};
  }

  void tell(const Node& node) {
    const std::optional<Rule> rule = rule_of(node);
    if (!rule) return;
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      // Only the first output of TopK and Dropout has the type of the first input; all of Split's do.
      if (node.outputs[i] == graph::none || (i > 0 && node.op_type != "Split")) continue;
      const Fact told = checked(*rule, node);
      Fact& fact = facts_[node.outputs[i]];
      if (told.type != DataType::undefined) fact.type = told.type;
      if (!fact.whole) fact.last = told.last;
      fact.whole = fact.whole || told.whole;
    }
  }

  /// Nothing where an attribute is of the wrong kind, which planning reports.
  Fact checked(Rule rule, const Node& node) const try { return follows(rule, node); } catch (const Error&) {
    return {};
  }

  Fact follows(Rule rule, const Node& node) const {
    switch (rule) {
      case Rule::same: return input(node, 0);
      case Rule::power: return together(node, input(node, 0).type);
      case Rule::broadcast: return together(node, type_of_any(node, 0));
      case Rule::comparison: return together(node, DataType::boolean);
      case Rule::choice: return together(node, type_of_any(node, 1));
      case Rule::cast: {
        // Before opset 6 the type is a word.
        const auto to = node.version < 6 ? 0 : node.get<std::int64_t>("to", 0);
        const bool exists = to > 0 && to < data_type_count;
        return {exists ? static_cast<DataType>(to) : DataType::undefined, input(node, 0).last, input(node, 0).whole};
      }
      case Rule::type_only: return {input(node, 0).type};
      case Rule::reduction: return reduced(node);
      case Rule::global_pool: return pooled(input(node, 0));
      case Rule::windows: return windowed(node);
      case Rule::flatten: return flattened(node);
      case Rule::slice: {
        const Fact& from = input(node, 0);
        return {from.type, std::vector<std::int64_t>(from.last.size(), -1), from.whole};
      }
      case Rule::squeeze: return squeezed(node);
      case Rule::unsqueeze: return unsqueezed(node);
      case Rule::transpose: return transposed(node);
      case Rule::matmul: return product(input(node, 0), input(node, 1));
      case Rule::dense: {
        Fact weights = input(node, 1);
        if (node.get<std::int64_t>("transA", 0) != 0) return {input(node, 0).type};
        if (node.get<std::int64_t>("transB", 0) != 0) std::ranges::reverse(weights.last);
        return product(input(node, 0), weights);
      }
      case Rule::reshape: return reshaped(node);
      case Rule::gather: return gathered(node);
      case Rule::concat: return concatenated(node);
      case Rule::shape: return {DataType::int64, {-1}, true};
    }
    return {};
  }

  Fact input(const Node& node, std::size_t i) const {
    return i < node.inputs.size() && node.inputs[i] != graph::none ? facts_[node.inputs[i]] : Fact{};
  }

  /// The first known type of the inputs from `first` on, which all have one.
  DataType type_of_any(const Node& node, std::size_t first) const {
    for (std::size_t i = first; i < node.inputs.size(); ++i)
      if (const DataType type = input(node, i).type; type != DataType::undefined) return type;
    return DataType::undefined;
  }

  /// Broadcast together. A dimension is certain where one of them has it and it is not 1, or where all have it.
  Fact together(const Node& node, DataType type) const {
    // Before, the second input has to fit into the first.
    if (node.version < 7) return {type, input(node, 0).last, input(node, 0).whole};
    Fact result{type, {}, true};
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Fact& one = input(node, i);
      result.whole = result.whole && one.whole;
      if (one.last.size() > result.last.size()) result.last.resize(one.last.size(), 1);
    }
    for (std::size_t back = 1; back <= result.last.size(); ++back) {
      std::int64_t& dim = result.last[result.last.size() - back];
      for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        const Fact& one = input(node, i);
        const std::int64_t own = back <= one.last.size() ? one.last[one.last.size() - back] : one.whole ? 1 : -1;
        if (own > 1) dim = own;
        if (own != 1 && dim == 1) dim = own;
      }
    }
    return result;
  }

  /// The axes that a node names, by attribute or constant input; none where it names none, nothing where only the run
  /// tells.
  std::optional<std::vector<std::int64_t>> axes_of(const Node& node) const {
    if (node.inputs.size() < 2 || node.inputs[1] == graph::none) return node.get<std::vector<std::int64_t>>("axes", {});
    const Tensor* given = graph_.constant(node.inputs[1]);
    if (given == nullptr || given->type() != DataType::int64) return std::nullopt;
    return std::vector(given->values<std::int64_t>().begin(), given->values<std::int64_t>().end());
  }

  Fact flattened(const Node& node) const {
    const Fact& from = input(node, 0);
    const auto rank = static_cast<std::int64_t>(from.last.size());
    const auto axis = node.get<std::int64_t>("axis", 1);
    const std::int64_t first = axis < 0 ? axis + rank : axis;
    if (!from.whole || first < 0 || first > rank) return {from.type, {-1, -1}, true};
    Fact result{from.type, {1, 1}, true};
    for (std::int64_t i = 0; i < rank; ++i) {
      std::int64_t& side = result.last[i < first ? 0 : 1];
      const std::int64_t size = from.last[static_cast<std::size_t>(i)];
      std::int64_t product = 0;
      const bool fits = side >= 0 && size >= 0 && !__builtin_mul_overflow(side, size, &product);
      side = fits ? product : -1;
    }
    return result;
  }

  Fact squeezed(const Node& node) const {
    Fact result = input(node, 0);
    auto axes = axes_of(node);
    if (!result.whole || !axes || axes->empty()) return {result.type};
    const auto rank = static_cast<std::int64_t>(result.last.size());
    for (std::int64_t& axis : *axes) axis += axis < 0 ? rank : 0;
    std::vector<std::int64_t> kept;
    for (std::int64_t i = 0; i < rank; ++i)
      if (std::ranges::find(*axes, i) == axes->end()) kept.push_back(result.last[static_cast<std::size_t>(i)]);
    return {result.type, std::move(kept), true};
  }

  Fact unsqueezed(const Node& node) const {
    const Fact& from = input(node, 0);
    auto axes = axes_of(node);
    if (!from.whole || !axes) return {from.type};
    const std::size_t rank = from.last.size() + axes->size();
    for (std::int64_t& axis : *axes) axis += axis < 0 ? static_cast<std::int64_t>(rank) : 0;
    Fact result{from.type, {}, true};
    auto next = from.last.begin();
    for (std::size_t i = 0; i < rank; ++i) {
      const bool is_new = std::ranges::find(*axes, static_cast<std::int64_t>(i)) != axes->end();
      if (!is_new && next == from.last.end()) return {from.type};  // an axis is named twice, as planning reports
      result.last.push_back(is_new ? 1 : *next++);
    }
    return result;
  }

  Fact transposed(const Node& node) const {
    const Fact& from = input(node, 0);
    if (!from.whole) return {from.type};
    Fact result{from.type, {from.last.rbegin(), from.last.rend()}, true};
    const auto* order = node.find<std::vector<std::int64_t>>("perm");
    for (std::size_t i = 0; order != nullptr && i < result.last.size(); ++i) {
      const bool exists = i < order->size() && (*order)[i] >= 0 && (*order)[i] < std::ssize(from.last);
      if (!exists) return {from.type};
      result.last[i] = from.last[static_cast<std::size_t>((*order)[i])];
    }
    return result;
  }

  /// Reduced dimensions that stay have the size 1.
  Fact reduced(const Node& node) const {
    Fact result = input(node, 0);
    if (node.get<std::int64_t>("keepdims", 1) != 1) return {result.type};
    const auto axes = axes_of(node);
    if (!axes) return {result.type};
    const auto rank = static_cast<std::int64_t>(result.last.size());
    if (axes->empty() && node.get<std::int64_t>("noop_with_empty_axes", 0) == 0) std::ranges::fill(result.last, 1);
    for (const std::int64_t axis : *axes) {
      const std::int64_t back = axis < 0 ? -axis : rank - axis;
      if (axis >= 0 && !result.whole) return {result.type};
      if (back >= 1 && back <= rank) result.last[static_cast<std::size_t>(rank - back)] = 1;
    }
    return result;
  }

  /// The weights of a Conv tell of how many dimensions it is, too.
  Fact windowed(const Node& node) const {
    Fact result = input(node, 0);
    const Fact weights = input(node, 1);
    const bool is_conv = node.op_type == "Conv" && weights.whole && weights.last.size() >= 2;
    if (!result.whole && is_conv) result = {result.type, std::vector<std::int64_t>(weights.last.size(), -1), true};
    if (!result.whole || result.last.size() < 2) return {result.type};
    if (node.op_type == "Conv") result.last[1] = is_conv ? weights.last[0] : -1;
    const Shape sizes = sizes_of_windowed(node);
    for (std::size_t i = 2; i < result.last.size(); ++i)
      if (result.last[i] >= 0) result.last[i] = i < sizes.rank() ? sizes[i] : -1;
    return result;
  }

  /// What the operator makes of the first input's sizes, each for itself: of one that is not known, whatever it makes
  /// of a large one. Nothing where it cannot tell.
  Shape sizes_of_windowed(const Node& node) const try {
    const operators::Operator* op = operators::find_operator(node.domain, node.op_type, node.version);
    std::vector<operators::TensorInfo> inputs;
    for (std::size_t i = 0; i < std::min<std::size_t>(2, node.inputs.size()); ++i) {
      constexpr std::int64_t large = 1 << 20;
      Shape shape;
      for (const std::int64_t size : input(node, i).last) shape.push_back(size < 0 ? large : size);
      inputs.push_back({DataType::float32, shape});
    }
    if (inputs.size() == 2 && inputs[0].shape.rank() > 1 && inputs[1].shape.rank() > 1)
      inputs[0].shape[1] = inputs[1].shape[1] * node.get<std::int64_t>("group", 1);
    operators::Spec spec(node, std::move(inputs));
    if (op != nullptr) op->infer(spec);
    return spec.output(0).shape;
  } catch (const Error&) {  // which planning reports
    return {};
  }

  /// All but the first two dimensions become 1.
  static Fact pooled(const Fact& from) {
    if (!from.whole) return {from.type};
    Fact result = from;
    for (std::size_t i = 2; i < result.last.size(); ++i) result.last[i] = 1;
    return result;
  }

  static Fact product(const Fact& a, const Fact& b) {
    const bool matrices = a.last.size() >= 2 && b.last.size() >= 2;
    if (!matrices)
      return {a.type, b.whole && b.last.size() == 2 ? std::vector{b.last.back()} : std::vector<std::int64_t>{}};
    Fact result{a.type, std::vector<std::int64_t>(std::max(a.last.size(), b.last.size()), -1), a.whole && b.whole};
    result.last.end()[-1] = b.last.end()[-1];
    result.last.end()[-2] = a.last.end()[-2];
    return result;
  }

  Fact reshaped(const Node& node) const {
    const Fact& target = input(node, 1);
    if (!target.whole || target.last.size() != 1 || target.last[0] < 0) return {input(node, 0).type};
    Fact result{input(node, 0).type, std::vector<std::int64_t>(static_cast<std::size_t>(target.last[0]), -1), true};
    const Tensor* sizes = graph_.constant(node.inputs[1]);
    if (sizes == nullptr || sizes->type() != DataType::int64) return result;
    for (std::size_t i = 0; i < result.last.size(); ++i)
      if (sizes->values<std::int64_t>()[i] > 0) result.last[i] = sizes->values<std::int64_t>()[i];
    return result;
  }

  Fact gathered(const Node& node) const {
    const Fact& data = input(node, 0);
    if (!data.whole || data.last.size() != 1 || !input(node, 1).whole) return {data.type};
    return {data.type, input(node, 1).last, true};
  }

  /// Of vectors.
  Fact concatenated(const Node& node) const {
    Fact result{input(node, 0).type, {0}, true};
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Fact& one = input(node, i);
      if (!one.whole || one.last.size() != 1) return {result.type};
      result.last[0] = result.last[0] < 0 || one.last[0] < 0 ? -1 : result.last[0] + one.last[0];
    }
    return result;
  }

  const Graph& graph_;
  std::vector<Fact> facts_;
};

}  // namespace

std::vector<Fact> facts_of(const Graph& graph) { return Teller(graph).facts(); }

ShapeRule shape_rule(const Node& node) {
  const std::optional<Rule> rule = rule_of(node);
  if (rule == Rule::same || rule == Rule::cast) return ShapeRule::of_first;
  // Before opset 7 the second input has to fit into the first.
  constexpr Rule all[] = {Rule::power, Rule::broadcast, Rule::comparison, Rule::choice};
  const bool broadcasts = rule && std::ranges::find(all, *rule) != std::end(all);
  if (!broadcasts) return ShapeRule::other;
  return node.version < 7 ? ShapeRule::of_first : ShapeRule::broadcast;
}

bool broadcasts_to(const Shape& shape, const Fact& fact) {
  if (shape.rank() > fact.last.size()) return false;
  for (std::size_t back = 1; back <= shape.rank(); ++back)
    if (shape[shape.rank() - back] != 1 && shape[shape.rank() - back] != fact.last[fact.last.size() - back])
      return false;
  return true;
}

}  // namespace ranvier::optimizer
