#include "runtime/optimizer/sizes.h"

#include <algorithm>
#include <numeric>

#include "operators/table.h"
#include "runtime/core/convert.h"
#include "runtime/core/data_type.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

/// More than shapes have.
constexpr std::int64_t most_elements = 64;

std::optional<std::vector<Size>> numbers(const Tensor& tensor) {
  if (!IntegerTypes::set.contains(tensor.type()) || tensor.shape().rank() > 1 || tensor.elements() > most_elements)
    return std::nullopt;
  std::vector<std::int64_t> values(static_cast<std::size_t>(tensor.elements()));
  convert(tensor.type(), tensor.data(), DataType::int64, values.data(), tensor.elements());
  std::vector<Size> sizes;
  for (const std::int64_t value : values) sizes.push_back({value});
  return sizes;
}

std::optional<Size> product_of(const std::vector<Size>& sizes) {
  std::optional<Size> result = Size{1};
  for (const Size& size : sizes)
    if (result) result = product(*result, size);
  return result;
}

bool is(const Node& node, std::string_view op) { return node.domain.empty() && node.op_type == op; }

bool is_product(const Node& node) {
  return is(node, "MatMul") || (node.domain == "ranvier" && node.op_type == "Dense");
}

}  // namespace

std::optional<Size> product(const Size& a, const Size& b) {
  Size result;
  if (__builtin_mul_overflow(a.factor, b.factor, &result.factor)) return std::nullopt;
  std::ranges::merge(a.unknowns, b.unknowns, std::back_inserter(result.unknowns));
  return result;
}

std::optional<Size> quotient(const Size& a, const Size& b) {
  if (b.factor == 0 || a.factor % b.factor != 0 || !std::ranges::includes(a.unknowns, b.unknowns)) return std::nullopt;
  Size result{a.factor / b.factor};
  std::ranges::set_difference(a.unknowns, b.unknowns, std::back_inserter(result.unknowns));
  return result;
}

Sizes::Sizes(const Graph& graph, const std::vector<Fact>& facts)
    : graph_(graph), facts_(facts), shapes_(graph.values.size()), elements_(graph.values.size()) {
  std::vector<bool> made(graph.values.size(), false);
  for (const Node& node : graph.nodes)
    for (const ValueId id : node.outputs)
      if (id != graph::none) made[id] = true;
  for (ValueId id = 0; id < graph.values.size(); ++id) {
    if (made[id]) continue;
    if (facts[id].whole) set_shape(id, std::vector<std::optional<Size>>(facts[id].last.size()));
    if (const Tensor* constant = graph.constant(id)) elements_[id] = numbers(*constant);
  }
  for (const Node& node : graph.nodes)
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      const ValueId id = node.outputs[i];
      if (id == graph::none) continue;
      const std::optional<std::size_t> rank = rank_of(node, id);
      try {
        if (rank) set_shape(id, i == 0 ? moved(node, *rank) : std::vector<std::optional<Size>>(*rank));
        if (i == 0) elements_[id] = computed(node);
      } catch (const Error&) {  // an attribute of the wrong kind, which planning reports
        if (rank) set_shape(id, std::vector<std::optional<Size>>(*rank));
      }
    }
}

/// Of an output of the node.
std::optional<std::size_t> Sizes::rank_of(const Node& node, ValueId output) const {
  if (facts_[output].whole) return facts_[output].last.size();
  const std::vector<Size>* target = is(node, "Reshape") && node.inputs.size() == 2 ? elements(node.inputs[1]) : nullptr;
  return target != nullptr ? std::optional(target->size()) : std::nullopt;
}

/// The dimensions as the facts have them, else as they are told, else each a size of its own.
void Sizes::set_shape(ValueId id, const std::vector<std::optional<Size>>& told) {
  const Fact& fact = facts_[id];
  std::vector<Size>& sizes = shapes_[id].emplace();
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (fact.whole && fact.last[i] >= 0) {
      sizes.push_back({fact.last[i]});
    } else {
      sizes.push_back(told[i] ? *told[i] : Size{1, {next_++}});
    }
  }
}

/// What the first output's elements are.
std::optional<std::vector<Size>> Sizes::computed(const Node& node) const {
  if (!node.domain.empty() || node.inputs.empty()) return std::nullopt;
  const std::vector<Size>* first = elements(node.inputs[0]);
  if (node.op_type == "Shape") {
    const std::vector<Size>* sizes = shape(node.inputs[0]);
    return sizes != nullptr && node.attributes.empty() ? std::optional(*sizes) : std::nullopt;
  }
  for (const ValueId id : node.inputs)
    if (elements(id) == nullptr) return std::nullopt;
  const Fact& fact = facts_[node.outputs[0]];
  const bool of_one_dimension = fact.whole && fact.last.size() <= 1;
  if (!of_one_dimension || !IntegerTypes::set.contains(fact.type)) return std::nullopt;
  const std::string_view op = node.op_type;
  if (op == "Cast" || op == "Identity" || op == "Squeeze" || op == "Unsqueeze" || op == "Reshape") return *first;
  if (op == "Gather" || op == "Slice") return picked(node);
  if (op == "Mul") return multiplied(node);
  if (op == "ReduceProd" && node.inputs.size() == 1) {
    const std::optional<Size> all = product_of(*first);
    return all ? std::optional(std::vector{*all}) : std::nullopt;
  }
  if (op == "Max" || op == "Min") {
    const bool same = std::ranges::all_of(node.inputs, [&](ValueId id) { return *elements(id) == *first; });
    return same ? std::optional(*first) : std::nullopt;
  }
  if (op != "Concat") return std::nullopt;
  std::vector<Size> all;
  for (const ValueId id : node.inputs) all.insert(all.end(), elements(id)->begin(), elements(id)->end());
  return all;
}

/// What Gather or Slice takes from a vector: it is asked for the places.
std::optional<std::vector<Size>> Sizes::picked(const Node& node) const {
  const std::vector<Size>& from = *elements(node.inputs[0]);
  const operators::Operator* op = operators::find_operator("", node.op_type, node.version);
  Tensor places(DataType::int64, {static_cast<std::int64_t>(from.size())});
  std::iota(places.mutable_values<std::int64_t>().begin(), places.mutable_values<std::int64_t>().end(), 0);
  std::vector<const Tensor*> inputs = {&places};
  for (std::size_t i = 1; i < node.inputs.size(); ++i) {
    inputs.push_back(graph_.constant(node.inputs[i]));
    if (inputs.back() == nullptr) return std::nullopt;
  }
  if (op == nullptr) return std::nullopt;
  const Tensor taken = operators::evaluate(*op, node, inputs)[0];
  std::vector<Size> sizes;
  for (const std::int64_t place : taken.values<std::int64_t>()) sizes.push_back(from[static_cast<std::size_t>(place)]);
  return sizes;
}

std::optional<std::vector<Size>> Sizes::multiplied(const Node& node) const {
  if (node.inputs.size() != 2) return std::nullopt;
  const std::vector<Size>&a = *elements(node.inputs[0]), &b = *elements(node.inputs[1]);
  if (a.size() != b.size() && a.size() != 1 && b.size() != 1) return std::nullopt;
  std::vector<Size> sizes;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const std::optional<Size> both = product(a[a.size() == 1 ? 0 : i], b[b.size() == 1 ? 0 : i]);
    if (!both) return std::nullopt;
    sizes.push_back(*both);
  }
  return sizes;
}

/// Which of that many dimensions Squeeze or Unsqueeze names; none where only a run tells.
std::vector<bool> Sizes::named_axes(const Node& node, std::size_t rank) const {
  auto axes = node.get<std::vector<std::int64_t>>("axes", {});
  if (const Tensor* given = node.inputs.size() > 1 ? graph_.constant(node.inputs[1]) : nullptr;
      given != nullptr && given->type() == DataType::int64)
    axes.assign(given->values<std::int64_t>().begin(), given->values<std::int64_t>().end());
  std::vector<bool> named(rank, false);
  for (const std::int64_t axis : axes)
    if (const auto i = static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(rank) : axis); i < rank)
      named[i] = true;
  return named;
}

/// The dimensions of the first output, of that rank, as far as they are those of inputs.
std::vector<std::optional<Size>> Sizes::moved(const Node& node, std::size_t rank) const {
  std::vector<std::optional<Size>> told(rank);
  const std::vector<Size>* x = node.inputs.empty() ? nullptr : shape(node.inputs[0]);
  if (x == nullptr) return told;
  if (is_product(node) && x->size() == rank && rank > 0) {
    std::copy_n(x->begin(), rank - 1, told.begin());
  } else if (is(node, "Transpose") && x->size() == rank) {
    const auto* order = node.find<std::vector<std::int64_t>>("perm");
    for (std::size_t i = 0; i < rank; ++i) {
      const std::size_t from = order == nullptr    ? rank - 1 - i
                               : i < order->size() ? static_cast<std::size_t>((*order)[i])
                                                   : rank;
      if (from < rank) told[i] = (*x)[from];
    }
  } else if (is(node, "Squeeze") || is(node, "Unsqueeze")) {
    const std::size_t larger = std::max(rank, x->size());
    const std::vector<bool> named = named_axes(node, larger);
    if (static_cast<std::size_t>(std::ranges::count(named, true)) != larger - std::min(rank, x->size())) return told;
    for (std::size_t i = 0, kept = 0; i < larger; ++i) {
      if (!named[i]) {
        told[rank == larger ? i : kept] = (*x)[rank == larger ? kept : i];
        ++kept;
      } else if (rank == larger) {
        told[i] = Size{1};
      }
    }
  } else if (is(node, "Flatten") && rank == 2) {
    const auto axis = node.get<std::int64_t>("axis", 1);
    const auto middle = x->begin() + (axis < 0 ? std::ssize(*x) + axis : axis);
    if (middle < x->begin() || middle > x->end()) return told;
    told = {product_of({x->begin(), middle}), product_of({middle, x->end()})};
  } else if (is(node, "Reshape")) {
    return reshaped(node, rank);
  } else if (const ShapeRule rule = shape_rule(node); rule == ShapeRule::broadcast) {
    for (std::size_t i = 0; i < rank; ++i) told[i] = broadcast(node, rank - i);
  } else if (rule == ShapeRule::of_first && x->size() == rank) {
    std::ranges::copy(*x, told.begin());
  }
  return told;
}

std::vector<std::optional<Size>> Sizes::reshaped(const Node& node, std::size_t rank) const {
  std::vector<std::optional<Size>> told(rank);
  const std::vector<Size>& x = *shape(node.inputs[0]);
  const std::vector<Size>* target = node.inputs.size() == 2 ? elements(node.inputs[1]) : nullptr;
  if (target == nullptr || target->size() != rank || node.get<std::int64_t>("allowzero", 0) != 0) return told;
  std::optional<Size> rest = product_of(x);
  std::optional<std::size_t> open;
  for (std::size_t i = 0; i < rank; ++i) {
    const Size& size = (*target)[i];
    if (size == Size{-1}) {
      open = i;
      continue;
    }
    told[i] = size == Size{0} && i < x.size() ? x[i] : size;
    if (rest) rest = quotient(*rest, *told[i]);
  }
  if (open) told[*open] = rest;
  return told;
}

/// The dimension that is `back` from the end, where all operands that have it agree or it is 1.
std::optional<Size> Sizes::broadcast(const Node& node, std::size_t back) const {
  std::optional<Size> result;
  for (const ValueId id : node.inputs) {
    if (id == graph::none) continue;
    const std::vector<Size>* operand = shape(id);
    if (operand == nullptr) return std::nullopt;
    if (back > operand->size()) continue;
    const Size& size = (*operand)[operand->size() - back];
    if (size == Size{1} || size == result) continue;
    if (result) return std::nullopt;
    result = size;
  }
  return result;
}

}  // namespace ranvier::optimizer
