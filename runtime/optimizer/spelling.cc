#include "runtime/optimizer/spelling.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "operators/table.h"
#include "runtime/core/data_type.h"
#include "runtime/core/small_float.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

/// How far two numbers may be apart that both stand for one: each is rounded to the tensors' type, or computed from
/// two that are.
double tolerance(DataType type) {
  if (type == DataType::float16) return 0x1p-10;
  if (type == DataType::bfloat16) return 0x1p-7;
  return 1e-6;
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// Splits at the first `separator`; the second half is empty where there is none.
std::pair<std::string_view, std::string_view> split(std::string_view text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {trimmed(text), {}};
  return {trimmed(text.substr(0, at)), trimmed(text.substr(at + separator.size()))};
}

/// The nodes' names, or those of what nameless ones make.
std::string names(const Graph& graph, const Region& region) {
  std::string list;
  for (const NodeId n : region.nodes) {
    const Node& node = graph.nodes[n];
    const std::string& name = node.name.empty() ? graph.values[node.outputs[0]].name : node.name;
    list += (list.empty() ? "'" : ", '") + name + "'";
  }
  return list;
}

/// The elements times a number.
Tensor multiple(const Tensor& tensor, double factor) {
  Tensor result(tensor.type(), tensor.shape());
  dispatch<FloatTypes>(tensor.type(), [&]<class T>() {
    const auto from = tensor.values<T>();
    const auto to = result.mutable_values<T>();
    for (std::size_t i = 0; i < from.size(); ++i)
      to[i] = rounded<T>(static_cast<double>(static_cast<Compute<T>>(from[i])) * factor);
  });
  return result;
}

Tensor filled(DataType type, const Shape& shape, double value) {
  Tensor result(type, shape);
  dispatch<FloatTypes>(type, [&]<class T>() { std::ranges::fill(result.mutable_values<T>(), rounded<T>(value)); });
  return result;
}

/// The tensor that an operand is; nothing, and why, where it has not one element a column.
std::optional<Tensor> tensor_of(const Operand& operand, const Regions& regions, const Region& region,
                                const Captures& captures, std::string& refusal) {
  const double factor = evaluate(operand.factor, captures);
  const Tensor* tensor = operand.tensor ? regions.graph().constant(region.tensors[*operand.tensor]) : nullptr;
  if (!operand.is_row) return tensor == nullptr ? filled(region.type, {}, factor) : multiple(*tensor, factor);
  const Fact& x = regions.fact(region.input);
  const std::int64_t columns = x.last.empty() ? -1 : x.last.back();
  if (columns < 1 || (tensor != nullptr && (tensor->elements() != columns || tensor->shape().back() != columns))) {
    refusal = "a constant has not one element for each column";
    return std::nullopt;
  }
  return tensor == nullptr ? filled(region.type, {columns}, factor) : multiple(*tensor, factor).reshaped({columns});
}

Operand parse_operand(std::string_view text) {
  Operand result;
  std::string_view inner = text;
  if (inner.starts_with("row(")) {
    result.is_row = true;
    inner = inner.substr(4, inner.size() - 5);
  }
  const Formula formula = parse_pattern(inner);
  result.factor = formula.coefficient();
  if (formula.is_number()) return result;
  for (std::size_t i = 0; i < std::size(tensor_names); ++i)
    if (formula.skeleton() == Formula::leaf(std::string(tensor_names[i])).skeleton()) result.tensor = i;
  if (!result.tensor) fail(ErrorCode::internal, "'{}' is neither a number nor a multiple of a constant tensor", text);
  return result;
}

/// Whether the region is that very node.
bool is_already(const Graph& graph, const Region& region, const Node& node) {
  const Node& old = graph.nodes[region.nodes.back()];
  const auto definition = [](const Node& of) { return operators::find_operator(of); };
  return region.nodes.size() == 1 && old.op_type == node.op_type && definition(old) == definition(node);
}

}  // namespace

NodeTemplate parse_node(std::string_view text) {
  NodeTemplate result;
  auto [head, arguments] = split(text, "(");
  if (const auto [domain, rest] = split(head, "::"); !rest.empty()) {
    result.node.domain = domain;
    head = rest;
  }
  const auto [name, version] = split(head, "@");
  result.node.op_type = name;
  if (std::from_chars(version.data(), version.data() + version.size(), result.node.version).ec != std::errc())
    fail(ErrorCode::internal, "'{}' names no version", text);
  arguments = arguments.substr(0, arguments.rfind(')'));
  while (!arguments.empty()) {
    const auto [first, others] = split(arguments, ",");
    const auto [attribute, value] = split(first, "=");
    arguments = others;
    if (value.empty()) {
      result.operands.push_back(parse_operand(first));
      continue;
    }
    const bool is_word = value.size() > 1 &&
                         std::all_of(value.begin(), value.end(), [](unsigned char c) { return std::isalpha(c) != 0; });
    if (is_word) {
      result.node.attributes.emplace(attribute, std::string(value));
      continue;
    }
    const Formula formula = parse_pattern(value);
    if (!formula.is_number()) fail(ErrorCode::internal, "'{}': {} is no number", text, value);
    result.numbers.emplace_back(attribute, formula.coefficient());
  }
  return result;
}

Spellings::Spellings(std::span<const Spelling> table) {
  for (const Spelling& spelling : table) {
    const Formula pattern = parse_pattern(spelling.pattern);
    rules_[pattern.skeleton()].push_back({&spelling, pattern, parse_node(spelling.node)});
  }
}

std::optional<graph::Patch> Spellings::patch(const Rule& rule, const Regions& regions, const Region& region,
                                             bool strict_onnx, std::string& refusal) {
  const auto captures = solve(rule.pattern, region.formula, tolerance(region.type), refusal);
  if (!captures) return std::nullopt;
  if (const auto tie = regions.entanglement(region)) {
    refusal = *tie;
    return std::nullopt;
  }
  if (strict_onnx && rule.spelling->at_extremes == AtExtremes::differs) {
    refusal = "strict_onnx keeps what the file gives at NaN, infinities and where steps overflow";
    return std::nullopt;
  }
  const Graph& graph = regions.graph();
  const Node& root = graph.nodes[region.nodes.back()];
  graph::Patch patch;
  const auto add_value = [&](graph::Value value) {
    patch.values.push_back(std::move(value));
    return static_cast<ValueId>(graph.values.size() + patch.values.size() - 1);
  };
  Node node = rule.node.node;
  node.name = root.name;
  node.inputs = {region.input};
  for (const auto& [name, number] : rule.node.numbers) {
    const double value = evaluate(number, *captures);
    const bool in_range = std::abs(value) <= std::numeric_limits<float>::max();
    const float attribute = in_range ? static_cast<float>(value) : 0;
    if (!in_range || (region.type == DataType::float64 && static_cast<double>(attribute) != value)) {
      refusal = fmt::format("{} = {} is not a float, as attributes are", name, value);
      return std::nullopt;
    }
    if (name == "axis") {
      node.attributes.emplace(name, static_cast<std::int64_t>(value));
    } else {
      node.attributes.emplace(name, attribute);
    }
  }
  for (const Operand& operand : rule.node.operands) {
    std::optional<Tensor> tensor = tensor_of(operand, regions, region, *captures, refusal);
    if (!tensor) return std::nullopt;
    const std::string name = operand.tensor ? graph.values[region.tensors[*operand.tensor]].name
                                            : fmt::format("{}/input {}", root.name, node.inputs.size());
    node.inputs.push_back(add_value({.name = name, .type = tensor->type(), .constant = std::move(tensor)}));
  }
  graph::Value made = graph.values[root.outputs[0]];
  made.type = region.type;
  node.outputs = {add_value(std::move(made))};
  patch.replacements = {{root.outputs[0], node.outputs[0]}};
  patch.reason = fmt::format("{} spelled {}: {}", names(graph, region), rule.spelling->node, rule.spelling->pattern);
  patch.nodes = {std::move(node)};
  return patch;
}

Spellings::Found Spellings::find(const Graph& graph, bool strict_onnx) const {
  const Regions regions(graph);
  std::vector<bool> taken(graph.nodes.size(), false);
  std::vector<bool> refused(graph.nodes.size(), false);
  Found found;
  const auto try_root = [&](NodeId root) {
    const Region* refused_region = nullptr;
    std::string why;
    const std::vector<Region> candidates = regions.ending_at(root);
    for (auto region = candidates.rbegin(); region != candidates.rend(); ++region) {
      if (std::any_of(region->nodes.begin(), region->nodes.end(), [&](NodeId n) { return taken[n]; })) continue;
      const auto rules = rules_.find(region->formula.skeleton());
      if (rules == rules_.end()) continue;
      for (const Rule& rule : rules->second) {
        std::string refusal;
        auto made = patch(rule, regions, *region, strict_onnx, refusal);
        if (made && is_already(graph, *region, made->nodes[0])) continue;
        if (made) {
          for (const NodeId n : region->nodes) taken[n] = true;
          found.patches.push_back(std::move(*made));
          return;
        }
        if (refused_region != nullptr || refusal.empty()) continue;
        refused_region = &*region;
        why = fmt::format("{} would be {}: {}; but {}", names(graph, *region), rule.spelling->node,
                          rule.spelling->pattern, refusal);
      }
    }
    // One reason for each node is enough.
    if (refused_region == nullptr || refused[root]) return;
    for (const NodeId n : refused_region->nodes) refused[n] = true;
    found.refusals.push_back(std::move(why));
  };
  for (std::size_t n = graph.nodes.size(); n-- > 0;)
    if (!taken[n]) try_root(static_cast<NodeId>(n));
  return found;
}

}  // namespace ranvier::optimizer
