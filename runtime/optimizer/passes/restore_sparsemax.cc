// Keras' sparsemax, which exporters write as a sort, cumulated sums and a threshold.
#include <algorithm>

#include "operators/table.h"
#include "runtime/core/convert.h"
#include "runtime/core/data_type.h"
#include "runtime/optimizer/facts.h"
#include "runtime/optimizer/passes.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

/// What a value has to be: the first output of an operator, or one of
///   x      the input
///   0 1 -1 a constant of one element
///   size   a constant of one element: how long the last axis of x is
///   ranks  a constant along the last axis: 1, 2, ..., size
struct Form {
  std::string_view name;
  std::vector<Form> inputs = {};
};

/// x - tau, see operators/activation/sparsemax.cc.
Form minus_threshold() {
  const Form sorted = {"TopK", {{"x"}, {"size"}}};
  const Form sums = {"CumSum", {sorted, {"-1"}}};
  const Form bound = {"Div", {{"Sub", {sums, {"1"}}}, {"ranks"}}};
  const Form support = {"Greater", {{"Sub", {sorted, bound}}, {"0"}}};
  const Form sum_of_sums = {"ReduceSum", {{"Where", {support, sums, {"0"}}}, {"-1"}}};
  const Form count = {"ReduceSum", {support, {"-1"}}};
  const Form threshold = {"Div", {{"Sub", {sum_of_sums, {"1"}}}, count}};
  return {"Sub", {{"x"}, threshold}};
}

class Search {
 public:
  explicit Search(const Graph& graph)
      : graph_(graph), made_by_(graph::producers(graph)), uses_(graph::use_counts(graph)), facts_(facts_of(graph)) {}

  /// A Sparsemax instead of the node; nothing where the node is not the last step of one.
  std::optional<graph::Patch> sparsemax(NodeId root) {
    static const Form form = minus_threshold();
    const Node& node = graph_.nodes[root];
    const ValueId difference = kept_above_zero(node);
    const Node* minus = maker(difference);
    if (minus == nullptr || minus->op_type != "Sub" || minus->inputs[0] == graph::none) return std::nullopt;
    x_ = minus->inputs[0];
    const Fact& fact = facts_[x_];
    if (!fact.whole || fact.last.empty() || fact.last.back() < 1 || !FloatTypes::set.contains(fact.type))
      return std::nullopt;
    nodes_ = {root};
    if (!has(difference, form) || read_elsewhere(root)) return std::nullopt;
    const auto result = static_cast<ValueId>(graph_.values.size());
    return graph::Patch{.values = {graph_.values[node.outputs[0]]},
                        .nodes = {{.name = node.name,
                                   .domain = "ranvier",
                                   .op_type = "Sparsemax",
                                   .version = 1,
                                   .inputs = {x_},
                                   .outputs = {result},
                                   .attributes = {{"axis", std::int64_t{-1}}}}},
                        .replacements = {{node.outputs[0], result}},
                        .reason = fmt::format("{} is the last step of Keras' sparsemax", node.describe())};
  }

 private:
  const Node* maker(ValueId id) const {
    if (id == graph::none || made_by_[id] == graph::none) return nullptr;
    const Node& node = graph_.nodes[made_by_[id]];
    return node.domain.empty() && node.outputs[0] == id && !node.inputs.empty() ? &node : nullptr;
  }

  /// The one number that a constant is; nothing where it has more elements, or dimensions that x has not.
  std::optional<double> number(ValueId id) const {
    const Tensor* constant = graph_.constant(id);
    if (constant == nullptr || constant->elements() != 1 || constant->shape().rank() > facts_[x_].last.size())
      return std::nullopt;
    return numbers(*constant)[0];
  }

  static std::vector<double> numbers(const Tensor& tensor) {
    std::vector<double> result(static_cast<std::size_t>(tensor.elements()));
    if (!NumericTypes::set.contains(tensor.type())) return std::vector<double>(result.size(), -2);
    convert(tensor.type(), tensor.data(), DataType::float64, result.data(), tensor.elements());
    return result;
  }

  /// d where the node is max(d, 0).
  ValueId kept_above_zero(const Node& node) const {
    const std::size_t count = node.inputs.size();
    if (!node.domain.empty() || count == 0) return graph::none;
    if (node.op_type == "Relu") return node.inputs[0];
    const bool unbounded = count == 2 || (count == 3 && node.inputs[2] == graph::none);
    if (!unbounded || (node.op_type != "Max" && node.op_type != "Clip")) return graph::none;
    const auto is_zero = [&](ValueId id) {
      const Tensor* constant = graph_.constant(id);
      return constant != nullptr && constant->elements() == 1 && constant->shape().rank() <= 1 &&
             numbers(*constant)[0] == 0;
    };
    if (is_zero(node.inputs[1])) return node.inputs[0];
    return node.op_type == "Max" && is_zero(node.inputs[0]) ? node.inputs[1] : graph::none;
  }

  /// Whether the attributes say what a Form means: along the last axis, in descending order, the axis kept with size 1.
  static bool is_as_meant(const Node& node) {
    const auto is = [&](std::string_view attribute, std::int64_t value) {
      return node.get<std::int64_t>(attribute, value) == value;
    };
    if (node.op_type == "TopK") return is("axis", -1) && is("largest", 1) && is("sorted", 1);
    if (node.op_type == "CumSum") return is("exclusive", 0) && is("reverse", 0);
    if (node.op_type == "ReduceSum") return is("keepdims", 1);
    return node.version >= 7 && node.attributes.empty();
  }

  /// Whether the value has the form, through Casts of conditions and whole numbers. Notes its nodes.
  bool has(ValueId id, const Form& form) {
    const std::int64_t size = facts_[x_].last.back();
    if (form.name == "x") return id == x_;
    if (form.name == "0") return number(id) == 0;
    if (form.name == "1") return number(id) == 1;
    if (form.name == "-1") return number(id) == -1;
    if (form.name == "size") return number(id) == static_cast<double>(size);
    if (form.name == "ranks") return is_ranks(id, size);
    const Node* node = maker(id);
    while (node != nullptr && node->op_type == "Cast" && is_exact_cast(*node)) {
      nodes_.push_back(made_by_[node->outputs[0]]);
      node = maker(node->inputs[0]);
    }
    if (node == nullptr || node->op_type != form.name || node->inputs.size() != form.inputs.size() ||
        !is_as_meant(*node))
      return false;
    nodes_.push_back(made_by_[node->outputs[0]]);
    for (std::size_t i = 0; i < form.inputs.size(); ++i)
      if (!has(node->inputs[i], form.inputs[i])) return false;
    return true;
  }

  bool is_ranks(ValueId id, std::int64_t size) const {
    const Tensor* constant = graph_.constant(id);
    if (constant == nullptr || constant->elements() != size || !broadcasts_to(constant->shape(), facts_[x_]) ||
        (size > 1 && constant->shape()[constant->shape().rank() - 1] != size))
      return false;
    const std::vector<double> elements = numbers(*constant);
    for (std::size_t i = 0; i < elements.size(); ++i)
      if (elements[i] != static_cast<double>(i + 1)) return false;
    return true;
  }

  /// A Cast of conditions or counts to a type that holds them.
  bool is_exact_cast(const Node& cast) const {
    if (cast.inputs[0] == graph::none) return false;
    const DataType from = facts_[cast.inputs[0]].type;
    const DataType to = facts_[cast.outputs[0]].type;
    return (from == DataType::boolean || IntegerTypes::set.contains(from)) &&
           (to == DataType::int32 || to == DataType::int64 || to == facts_[x_].type);
  }

  /// Whether a value in between is a graph output, or read by a node that stays.
  bool read_elsewhere(NodeId root) {
    std::ranges::sort(nodes_);
    nodes_.erase(std::unique(nodes_.begin(), nodes_.end()), nodes_.end());
    std::vector<ValueId> read;
    for (const NodeId id : nodes_) {
      const auto own = graph::values_read(graph_.nodes[id]);
      read.insert(read.end(), own.begin(), own.end());
    }
    return std::ranges::any_of(nodes_, [&](NodeId id) {
      return id != root && std::ranges::any_of(graph_.nodes[id].outputs, [&](ValueId output) {
               return output != graph::none &&
                      uses_[output] != static_cast<std::size_t>(std::ranges::count(read, output));
             });
    });
  }

  const Graph& graph_;
  const std::vector<NodeId> made_by_;
  const std::vector<std::uint32_t> uses_;
  const std::vector<Fact> facts_;
  ValueId x_ = graph::none;
  std::vector<NodeId> nodes_;
};

}  // namespace

std::vector<graph::Patch> restore_sparsemax(const Graph& graph, const Options& options) {
  if (options.strict_onnx) return {};  // which gives NaN at infinities
  Search search(graph);
  std::vector<graph::Patch> patches;
  for (NodeId id = 0; id < graph.nodes.size(); ++id)
    if (auto patch = search.sparsemax(id)) patches.push_back(std::move(*patch));
  return patches;
}

}  // namespace ranvier::optimizer
