#include "runtime/writer/standard.h"

#include <algorithm>
#include <optional>

#include "operators/table.h"
#include "runtime/core/convert.h"
#include "runtime/graph/patch.h"
#include "runtime/optimizer/facts.h"
#include "runtime/writer/own_operators.h"
#include "runtime/writer/rewriting.h"

namespace ranvier::writer {
namespace {

using graph::Graph;
using graph::Node;
using graph::Subgraph;
using graph::ValueId;
using optimizer::Fact;

/// How a node is written.
enum class Form {
  itself,   ///< As it is.
  bounded,  ///< Clip, with its bounds as inputs.
  call,     ///< Of a function.
};

/// A node with what its graph says of it.
struct Site {
  const Node& node;
  DataType type = DataType::undefined;    ///< Of its first input, or else of its output.
  std::optional<std::int64_t> rank = {};  ///< Of its first input.
};

Site site_of(const Node& node, const std::vector<Fact>& facts) {
  Site site{node};
  if (!node.inputs.empty() && node.inputs[0] != graph::none) {
    const Fact& x = facts[node.inputs[0]];
    site.type = x.type;
    if (x.whole) site.rank = static_cast<std::int64_t>(x.last.size());
  }
  if (site.type == DataType::undefined && !node.outputs.empty() && node.outputs[0] != graph::none)
    site.type = facts[node.outputs[0]].type;
  return site;
}

/// A graph's facts, in which a subgraph knows what the graph around it knows of its captures.
std::vector<Fact> facts_of(const Subgraph& subgraph, const std::vector<Fact>& outer) {
  Graph graph = *subgraph.graph;
  for (const auto& [from, inner] : subgraph.captures)
    if (graph.values[inner].type == DataType::undefined) graph.values[inner].type = outer[from].type;
  return optimizer::facts_of(graph);
}

/// Operators without a domain that others do not have: Erfc and Expm1 are in exports of Keras and in no opset, and for
/// Swish ONNX Runtime 1.32 has no implementation. ONNX' Celu is for floats only.
bool is_ours_alone(const Site& site) {
  const std::string& op = site.node.op_type;
  if (op == "Celu") return site.type != DataType::float32 && site.type != DataType::undefined;
  return op == "Erfc" || op == "Expm1" || op == "Swish";
}

/// Before opset 13 these take all axes from attribute `axis` on together, then that one alone.
bool is_of_joint_axes(const Node& node) {
  return node.op_type == "Softmax" || node.op_type == "LogSoftmax" || node.op_type == "Hardmax";
}

/// The axes from attribute `axis` to the last, counted from the end; none where the node's rank would have to be known.
std::vector<std::int64_t> axes_of(const Site& site) {
  std::int64_t axis =
      site.node.get<std::int64_t>("axis", is_of_joint_axes(site.node) && site.node.version < 13 ? 1 : -1);
  if (axis >= 0 && !site.rank) return {};
  if (axis >= 0) axis -= *site.rank;
  std::vector<std::int64_t> axes;
  for (; axis < 0; ++axis) axes.push_back(axis);
  return axes;
}

/// Whether the node means the same in an opset of ONNX as in its own version.
bool has_meaning_in(const Site& site, std::int64_t opset) {
  const Node& node = site.node;
  if (node.version == opset) return true;
  const auto* definition = operators::find_operator("", node.op_type, node.version);
  if (definition != nullptr && definition == operators::find_operator("", node.op_type, opset)) return true;
  // The third operand need not be there since 11.
  if (node.op_type == "Gemm") return std::min(node.version, opset) >= 7 && node.inputs.size() == 3;
  return is_of_joint_axes(node) && opset >= 11 && axes_of(site) == std::vector<std::int64_t>{-1};
}

/// The function that spells out the node, without its type; nothing where there is none.
std::optional<Function> function_of(const Site& site, std::int64_t opset) {
  const Node& node = site.node;
  if (std::ranges::count_if(node.outputs, [](ValueId id) { return id != graph::none; }) != 1) return std::nullopt;
  Function function{.name = node.op_type, .axes = {}};
  const auto* approximate = node.find<std::string>("approximate");
  if (node.op_type == "Gelu" && approximate != nullptr && *approximate != "none") function.name += "_" + *approximate;
  if (node.op_type == "Swish" && node.get<float>("alpha", 1) < 0) function.name += "_falling";
  function.definition = find_definition(function.name, node.inputs.size(), opset);
  if (function.definition == nullptr) return std::nullopt;
  if (node.op_type == "Softmax" && node.version >= 13) return std::nullopt;
  if (node.op_type.ends_with("Normalization") || node.op_type == "Softmax") {
    function.axes = axes_of(site);
    if (function.axes.empty()) return std::nullopt;
    if (function.axes.size() > 1) function.name += fmt::format("_axes_{}", function.axes.size());
    if (node.op_type == "LayerNormalization" && node.inputs.size() == 2) function.name += "_without_bias";
  }
  return function;
}

/// How the node is written in an opset; nothing where it cannot be.
std::optional<Form> form_in(const Site& site, std::int64_t opset, std::int64_t of_file) {
  const Node& node = site.node;
  if (!node.domain.empty() && node.domain != "ranvier") return Form::itself;
  if (node.domain.empty() && !is_ours_alone(site)) {
    if (!operators::known("", node.op_type)) return opset == of_file ? std::optional(Form::itself) : std::nullopt;
    if (has_meaning_in(site, opset)) return Form::itself;
    if (node.op_type == "Clip" && node.version < 11 && opset >= 11) return Form::bounded;
  }
  if (function_of(site, opset)) return Form::call;
  return std::nullopt;
}

/// Calls `visit` with each node of the graph and its subgraphs.
template <class Visit>
void for_each_site(const Graph& graph, const std::vector<Fact>& facts, const Visit& visit) {
  for (const Node& node : graph.nodes) {
    visit(graph, site_of(node, facts));
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* subgraph = std::get_if<Subgraph>(&attribute))
        for_each_site(*subgraph->graph, facts_of(*subgraph, facts), visit);
  }
}

/// The least opset from that of the file on in which all nodes can be written.
std::int64_t common_opset(const Graph& graph, const std::vector<Fact>& facts, std::int64_t of_file) {
  std::int64_t newest = of_file;  // after which no operator changes
  for (const operators::Row& row : operators::table()) newest = std::max(newest, row.since);
  std::string first, last;
  for (std::int64_t opset = of_file; opset <= newest; ++opset) {
    last.clear();
    for_each_site(graph, facts, [&](const Graph& around, const Site& site) {
      try {
        if (last.empty() && !form_in(site, opset, of_file))
          last = fmt::format("{} cannot be written in opset {}", site.node.describe(around), opset);
      } catch (const Error& error) {
        throw error.within(site.node.describe(around));
      }
    });
    if (last.empty()) return opset;
    if (first.empty()) first = last;
  }
  fail(ErrorCode::unsupported, "{}{}", first, last == first ? "" : "; " + last);
}

class Standardizer {
 public:
  Standardizer(std::int64_t opset, std::int64_t of_file) : opset_(opset), of_file_(of_file) {}

  Graph rewritten(const Graph& graph, const std::vector<Fact>& facts) {
    Rewriting result(graph);
    for (const Node& node : graph.nodes) {
      const Site site = site_of(node, facts);
      Node made = node;
      if (node.domain.empty()) made.version = opset_;
      switch (*form_in(site, opset_, of_file_)) {
        case Form::itself: keep_axis(site, made); break;
        case Form::bounded: give_bounds(site, made, result); break;
        case Form::call: call(site, made); break;
      }
      rewrite_subgraphs(made, [&](const Subgraph& body) { return rewritten(*body.graph, facts_of(body, facts)); });
      result.add(std::move(made));
    }
    return std::move(result).finish();
  }

  std::vector<Function> functions() && { return std::move(functions_); }

 private:
  /// The type that numbers beside the node's tensors have. Where nothing says, a wrong guess is refused by whoever
  /// reads the file, as types have to agree.
  static DataType type_of(const Site& site) { return site.type == DataType::undefined ? DataType::float32 : site.type; }

  /// Attribute `axis` has another default since opset 13.
  void keep_axis(const Site& site, Node& node) const {
    if (is_of_joint_axes(node) && (site.node.version < 13) != (opset_ < 13)) node.attributes["axis"] = std::int64_t{-1};
  }

  static void give_bounds(const Site& site, Node& clip, Rewriting& result) {
    for (const char* bound : {"min", "max"}) {
      clip.inputs.push_back(graph::none);
      const float* number = site.node.find<float>(bound);
      if (number == nullptr) continue;
      Tensor tensor(type_of(site), {});
      convert(DataType::float32, number, tensor.type(), tensor.mutable_data(), 1);
      clip.inputs.back() = result.constant(fmt::format("{}/{}", clip.name, bound), tensor);
      clip.attributes.erase(bound);
    }
  }

  void call(const Site& site, Node& node) {
    Function function = *function_of(site, opset_);
    function.type = type_of(site);
    // The plain name is of the first type that the function is needed for.
    const auto known = [&] { return std::ranges::find(functions_, function.name, &Function::name); };
    if (known() != functions_.end() && known()->type != function.type)
      function.name += fmt::format("_{}", name(function.type));
    if (known() == functions_.end()) functions_.push_back(function);
    // A function of IR version 8 has no defaults.
    std::map<std::string, graph::Attribute, std::less<>> attributes;
    for (const auto& [name, otherwise] : parse_signature(function.definition->signature).attributes) {
      const auto given = node.attributes.find(name);
      attributes.emplace(name, given != node.attributes.end() ? given->second : otherwise);
    }
    node.domain = "ranvier";
    node.op_type = function.name;
    node.version = 1;
    node.attributes = std::move(attributes);
  }

  const std::int64_t opset_;
  const std::int64_t of_file_;
  std::vector<Function> functions_;
};

}  // namespace

Standard standardize(const Graph& graph, std::int64_t opset) {
  const Graph plain = without_own_operators(graph);
  const std::vector<Fact> facts = optimizer::facts_of(plain);
  Standard standard;
  standard.opset = common_opset(plain, facts, opset);
  Standardizer standardizer(standard.opset, opset);
  standard.graph = graph::sweep(standardizer.rewritten(plain, facts));
  standard.functions = std::move(standardizer).functions();
  return standard;
}

}  // namespace ranvier::writer
