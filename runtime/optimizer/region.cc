#include "runtime/optimizer/region.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <set>

#include "operators/operator.h"
#include "runtime/core/convert.h"
#include "runtime/core/data_type.h"
#include "runtime/optimizer/pattern.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

/// More nodes than any spelling has, and more numbers than any pattern: a value that is read twice counts twice, so
/// that a few nodes can make a formula of any size.
constexpr std::size_t most_nodes = 16;
constexpr std::size_t most_numbers = 64;

/// Larger constants are not looked through.
constexpr std::size_t most_bytes = std::size_t{1} << 16;

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

const char* reduction_name(const Node& node) {
  const std::string& op = node.op_type;
  if (op == "ReduceMean" || op == "GlobalAveragePool") return "mean";
  if (op == "ReduceSum") return "total";
  return op == "ReduceMax" ? "largest" : nullptr;
}

std::optional<double> uniform_value(const Tensor& tensor) {
  const auto count = static_cast<std::size_t>(tensor.elements());
  if (!(NumericTypes::set | BoolType::set).contains(tensor.type()) || count == 0 || tensor.bytes() > most_bytes)
    return std::nullopt;
  // Every element equals the one before it.
  const std::size_t size = tensor.bytes() / count;
  const auto* bytes = static_cast<const std::byte*>(tensor.data());
  if (std::memcmp(bytes, bytes + size, tensor.bytes() - size) != 0) return std::nullopt;
  double value = 0;
  convert(tensor.type(), bytes, DataType::float64, &value, 1);
  return value;
}

namespace {

std::optional<Formula> raised(const Formula& base, const Formula& exponent) {
  if (!exponent.is_number()) return std::nullopt;
  const double value = exponent.coefficient().value;
  if (value == 0.5) return Formula::call("sqrt", {base});
  // Small, so that a power of powers stays an int.
  if (value != std::round(value) || std::abs(value) > 3 || value == 0) return std::nullopt;
  return base.to_the(static_cast<int>(value));
}

std::optional<Formula> larger(const Formula& a, const Formula& b) {
  if (a.is_number() == b.is_number()) return std::nullopt;
  return a.is_number() ? Formula::clip(b, a, Formula::number(infinity))
                       : Formula::clip(a, b, Formula::number(infinity));
}

std::optional<Formula> smaller(const Formula& a, const Formula& b) {
  if (a.is_number() == b.is_number()) return std::nullopt;
  return a.is_number() ? Formula::clip(b, Formula::number(-infinity), a)
                       : Formula::clip(a, Formula::number(-infinity), b);
}

Formula comparison(const char* name, const Formula& a, const Formula& b) { return Formula::call(name, {a, b}); }
Formula connective(const char* name, const Formula& a, const Formula& b) { return Formula::symmetric(name, {a, b}); }

using Maybe = std::optional<Formula>;
using Unary = Formula (*)(const Formula&);
using Binary = Maybe (*)(const Formula&, const Formula&);

/// Operators of one input, without attributes.
const std::map<std::string_view, Unary>& unary() {
  static const std::map<std::string_view, Unary> all = {
      {"Neg", [](const Formula& x) { return Formula::number(-1) * x; }},
      {"Not", Formula::negation},
      {"Reciprocal", [](const Formula& x) { return x.to_the(-1); }},
      {"Relu", [](const Formula& x) { return Formula::clip(x, Formula::number(0), Formula::number(infinity)); }},
      {"Sqrt", [](const Formula& x) { return Formula::call("sqrt", {x}); }},
  };
  return all;
}

/// Operators of two inputs that broadcast, without attributes.
const std::map<std::string_view, Binary>& binary() {
  static const std::map<std::string_view, Binary> all = {
      {"Add", [](const Formula& a, const Formula& b) -> Maybe { return a + b; }},
      {"And", [](const Formula& a, const Formula& b) -> Maybe { return connective("and", a, b); }},
      {"Div", [](const Formula& a, const Formula& b) -> Maybe { return a * b.to_the(-1); }},
      {"Greater", [](const Formula& a, const Formula& b) -> Maybe { return comparison("greater", a, b); }},
      {"GreaterOrEqual",
       [](const Formula& a, const Formula& b) -> Maybe { return comparison("greater_or_equal", a, b); }},
      {"Less", [](const Formula& a, const Formula& b) -> Maybe { return comparison("greater", b, a); }},
      {"LessOrEqual", [](const Formula& a, const Formula& b) -> Maybe { return comparison("greater_or_equal", b, a); }},
      {"Max", larger},
      {"Min", smaller},
      {"Mul", [](const Formula& a, const Formula& b) -> Maybe { return a * b; }},
      {"Or", [](const Formula& a, const Formula& b) -> Maybe { return connective("or", a, b); }},
      {"Pow", raised},
      {"Sub", [](const Formula& a, const Formula& b) -> Maybe { return a - b; }},
  };
  return all;
}

const Function* function_of(const std::string& op_type) {
  const auto found = std::find_if(functions().begin(), functions().end(),
                                  [&](const Function& function) { return function.onnx == op_type; });
  return found == functions().end() ? nullptr : &*found;
}

/// Whether the operator has a place in formulas.
bool readable(const Node& node) {
  if (!node.domain.empty() || node.outputs.empty() || node.outputs[0] == graph::none) return false;
  const std::string& op = node.op_type;
  for (const char* other : {"Clip", "ConstantOfShape", "Shape", "Split", "Where"})
    if (op == other) return true;
  if (reduction_name(node) != nullptr) return true;
  return unary().contains(op) || binary().contains(op) || function_of(op) != nullptr;
}

/// Whether the size along the axis is known, and even.
bool is_even(const Fact& fact, std::int64_t axis) {
  const auto rank = static_cast<std::int64_t>(fact.last.size());
  if (axis < -rank || axis >= rank || (axis >= 0 && !fact.whole)) return false;
  const std::int64_t size = fact.last[static_cast<std::size_t>(axis < 0 ? axis + rank : axis)];
  return size >= 0 && size % 2 == 0;
}

/// The first of the axes that the node reduces, which are all from there on and stay with size 1; nothing where they
/// are others. -1 where it is the last one alone.
std::optional<std::int64_t> first_reduced(const Graph& graph, const Node& node, const Fact& of) {
  const std::int64_t rank = of.whole ? static_cast<std::int64_t>(of.last.size()) : -1;
  if (node.op_type == "GlobalAveragePool") return rank == 3 ? std::optional(std::int64_t{-1}) : std::nullopt;
  std::vector<std::int64_t> axes = node.get<std::vector<std::int64_t>>("axes", {});
  if (node.inputs.size() > 1) {
    const Tensor* given = graph.constant(node.inputs[1]);
    if (given == nullptr || given->type() != DataType::int64) return std::nullopt;
    axes.assign(given->values<std::int64_t>().begin(), given->values<std::int64_t>().end());
  }
  if (axes.empty() || node.get<std::int64_t>("keepdims", 1) != 1) return std::nullopt;
  if (axes.size() == 1 && (axes[0] == -1 || axes[0] == rank - 1)) return -1;
  if (rank < 0) return std::nullopt;
  for (std::int64_t& axis : axes) axis += axis < 0 ? rank : 0;
  std::ranges::sort(axes);
  for (std::size_t i = 0; i < axes.size(); ++i)
    if (axes[i] != rank - static_cast<std::int64_t>(axes.size() - i)) return std::nullopt;
  return axes[0];
}

/// Reads the nodes of one region, one after the other, as formulas.
class Reader {
 public:
  Reader(const Graph& graph, const std::vector<Fact>& facts, ValueId input)
      : graph_(graph), facts_(facts), input_(input) {
    formulas_.emplace(input, Formula::leaf("x"));
  }

  /// The nodes, in the order of the graph, as a region; nothing where they have no formula of real numbers.
  std::optional<Region> read(std::vector<NodeId> nodes) {
    try {
      for (const NodeId n : nodes)
        if (!read(graph_.nodes[n])) return std::nullopt;
    } catch (const Error&) {
      return std::nullopt;  // no formula, or an attribute of the wrong kind, as the run will say
    }
    const ValueId output = graph_.nodes[nodes.back()].outputs[0];
    const DataType type = facts_[output].type;
    if (!FloatTypes::set.contains(type) || facts_[input_].type != type) return std::nullopt;
    return Region{input_, std::move(nodes), formulas_.at(output), type, tensors_};
  }

  /// Whether a formula became too large.
  bool overflowed() const { return overflowed_; }

 private:
  /// Whether the node, of which all that it reads was read before, has a formula.
  bool read(const Node& node) {
    if (node.op_type == "Split") return read_split(node);
    const std::optional<Formula> formula = formula_of(node);
    if (!formula) return false;
    overflowed_ = formula->numbers().size() > most_numbers;
    formulas_.emplace(node.outputs[0], *formula);
    return !overflowed_;
  }

  std::optional<Formula> formula_of(const Node& node) {
    const std::string& op = node.op_type;
    if (op == "Shape") return shape_of(node);
    if (const char* reduction = reduction_name(node)) return reduced(node, reduction);
    if (op == "ConstantOfShape") return filled(node);
    if (op == "Clip") return bounded(node);
    std::vector<Formula> in;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const std::optional<Formula> formula = operand(node, i);
      if (!formula) return std::nullopt;
      in.push_back(*formula);
    }
    if (const Function* function = function_of(op); function != nullptr && in.size() == 1)
      return call(node, *function, in[0]);
    if (!node.attributes.empty()) return std::nullopt;
    if (in.size() == 1 && unary().contains(op)) return unary().at(op)(in[0]);
    // Before opset 7 an attribute tells where the second input fits into the first.
    if (in.size() == 2 && node.version >= 7 && binary().contains(op)) return binary().at(op)(in[0], in[1]);
    if (in.size() == 3 && op == "Where") return Formula::where(in[0], in[1], in[2]);
    return std::nullopt;
  }

  std::optional<Formula> bounded(const Node& node) {
    const auto bound = [&](std::size_t i, std::string_view attribute, double unbounded) -> std::optional<Formula> {
      const auto farthest = static_cast<float>(std::copysign(std::numeric_limits<float>::max(), unbounded));
      if (node.version < 11) return Formula::number(node.get<float>(attribute, farthest));
      const bool given = i < node.inputs.size() && node.inputs[i] != graph::none;
      return given ? operand(node, i) : Formula::number(unbounded);
    };
    const std::optional<Formula> x = operand(node, 0);
    const std::optional<Formula> low = bound(1, "min", -infinity);
    const std::optional<Formula> high = bound(2, "max", infinity);
    if (!x || !low || !high || !low->is_number() || !high->is_number()) return std::nullopt;
    return Formula::clip(*x, *low, *high);
  }

  static std::optional<Formula> call(const Node& node, const Function& function, const Formula& x) {
    std::vector<Formula> arguments = {x};
    std::size_t read = 0;
    for (const operators::Parameter& attribute : function.attributes) {
      const float* given = node.find<float>(attribute.name);
      arguments.push_back(Formula::number(given != nullptr ? *given : attribute.otherwise));
      read += given != nullptr ? 1 : 0;
    }
    if (read != node.attributes.size()) return std::nullopt;
    return Formula::call(std::string(function.name), arguments);
  }

  /// The shape of something in the region, which all has one shape where nothing is reduced.
  std::optional<Formula> shape_of(const Node& node) {
    const std::optional<Formula> x = operand(node, 0);
    return x && !reduces_ && node.attributes.empty() ? std::optional(Formula::leaf("shape")) : std::nullopt;
  }

  std::optional<Formula> reduced(const Node& node, const char* name) {
    reduces_ = true;
    const std::optional<Formula> x = operand(node, 0);
    const std::optional<std::int64_t> first = x ? first_reduced(graph_, node, facts_[node.inputs[0]]) : std::nullopt;
    if (!first) return std::nullopt;
    if (*first == -1) return Formula::call(name, {*x});
    return Formula::call(name, {*x, Formula::number(static_cast<double>(*first))});
  }

  /// ConstantOfShape of the shape of something in the region.
  std::optional<Formula> filled(const Node& node) {
    const std::optional<Formula> shape = node.inputs.size() == 1 ? operand(node, 0) : std::nullopt;
    if (!shape || shape->skeleton() != Formula::leaf("shape").skeleton()) return std::nullopt;
    const Tensor* value = node.find<Tensor>("value");
    const std::optional<double> number = value == nullptr ? 0.0 : uniform_value(*value);
    return number ? std::optional(Formula::number(*number)) : std::nullopt;
  }

  bool read_split(const Node& node) {
    if (node.outputs.size() != 2) return false;
    std::vector<std::int64_t> sizes;
    if (node.version < 13) {
      sizes = node.get<std::vector<std::int64_t>>("split", {});
    } else if (node.inputs.size() > 1 && node.inputs[1] != graph::none) {
      const Tensor* given = graph_.constant(node.inputs[1]);
      if (given == nullptr || given->type() != DataType::int64) return false;
      sizes.assign(given->values<std::int64_t>().begin(), given->values<std::int64_t>().end());
    }
    const auto at = node.get<std::int64_t>("axis", 0);
    const std::optional<Formula> whole = operand(node, 0);
    if (!whole || (!sizes.empty() && (sizes.size() != 2 || sizes[0] != sizes[1]))) return false;
    // Asked for two parts, Split makes the second one smaller where the size is odd.
    if (node.has("num_outputs") && !is_even(facts_[node.inputs[0]], at)) return false;
    const Formula axis = Formula::number(static_cast<double>(at));
    for (std::size_t i = 0; i < 2; ++i)
      if (node.outputs[i] != graph::none)
        formulas_.emplace(node.outputs[i],
                          Formula::call("half", {*whole, Formula::number(static_cast<double>(i)), axis}));
    return true;
  }

  std::optional<Formula> operand(const Node& node, std::size_t i) {
    if (i >= node.inputs.size() || node.inputs[i] == graph::none) return std::nullopt;
    const ValueId id = node.inputs[i];
    if (const auto found = formulas_.find(id); found != formulas_.end()) return found->second;
    const Tensor* constant = graph_.constant(id);
    if (constant == nullptr) return std::nullopt;
    if (constant->shape().rank() > 0 && !broadcasts_to(constant->shape(), facts_[input_])) return std::nullopt;
    if (const std::optional<double> value = uniform_value(*constant)) return Formula::number(*value);
    auto at = static_cast<std::size_t>(std::ranges::find(tensors_, id) - tensors_.begin());
    if (at == std::size(tensor_names)) return std::nullopt;
    if (at == tensors_.size()) tensors_.push_back(id);
    return Formula::leaf(std::string(tensor_names[at]));
  }

  const Graph& graph_;
  const std::vector<Fact>& facts_;
  const ValueId input_;
  std::vector<ValueId> tensors_;
  bool overflowed_ = false;
  bool reduces_ = false;
  std::map<ValueId, Formula> formulas_;
};

}  // namespace

Regions::Regions(const Graph& graph)
    : graph_(graph), made_by_(graph::producers(graph)), uses_(graph::use_counts(graph)), facts_(facts_of(graph)) {}

std::vector<Region> Regions::ending_at(NodeId root) const {
  std::vector<Region> regions;
  std::vector<NodeId> nodes;  // the root first
  // What the nodes so far read from outside, the latest made first.
  const auto later = [&](ValueId a, ValueId b) {
    const auto order = [&](ValueId id) { return made_by_[id] == graph::none ? -1 : std::int64_t{made_by_[id]}; };
    return std::pair(order(a), a) > std::pair(order(b), b);
  };
  std::set<ValueId, decltype(later)> border(later);
  NodeId next = root;
  while (next != graph::none && nodes.size() < most_nodes) {
    const Node& node = graph_.nodes[next];
    if (!readable(node)) break;
    nodes.push_back(next);
    for (const ValueId id : node.outputs)
      if (id != graph::none) border.erase(id);
    for (const ValueId id : graph::values_read(node))
      if (graph_.constant(id) == nullptr) border.insert(id);
    if (border.empty()) break;
    if (border.size() == 1) {
      Reader reader(graph_, facts_, *border.begin());
      auto region = reader.read({nodes.rbegin(), nodes.rend()});
      if (region) regions.push_back(std::move(*region));
      if (reader.overflowed()) break;  // larger regions have larger formulas
    }
    next = made_by_[*border.begin()];
  }
  return regions;
}

std::optional<std::string> Regions::entanglement(const Region& region) const {
  std::map<ValueId, std::uint32_t> reads;
  for (const NodeId n : region.nodes)
    for (const ValueId id : graph::values_read(graph_.nodes[n])) ++reads[id];
  for (const NodeId n : region.nodes) {
    if (n == region.nodes.back()) continue;
    for (const ValueId id : graph_.nodes[n].outputs) {
      if (id == graph::none || reads[id] == uses_[id]) continue;
      const bool is_output = std::count(graph_.outputs.begin(), graph_.outputs.end(), id) > 0;
      return fmt::format("'{}' in between is {}", graph_.values[id].name,
                         is_output ? "a graph output" : "read by another node, too");
    }
  }
  return std::nullopt;
}

}  // namespace ranvier::optimizer
