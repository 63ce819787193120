#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/graph/escape.h"
#include "tools/graph/kind.h"
#include "tools/graph/labels.h"
#include "tools/graph/writers.h"
#include "tools/layers.h"

namespace ranvier::view {
namespace {

using graph::ValueId;

/// Light enough that black text is easy to read on them, also where they are printed as greys.
std::string_view fill(Kind kind) {
  switch (kind) {
    case Kind::weights: return "#a9c9ea";
    case Kind::activation: return "#f8d9a0";
    case Kind::normalization: return "#c4e3bb";
    case Kind::reduction: return "#e0cdea";
    case Kind::movement: return "#ffffff";
    case Kind::other: break;
  }
  return "#ececec";
}

constexpr const char* head =
    "  rankdir=TB; nodesep=0.3; ranksep=0.35; fontname=\"Helvetica,Arial,sans-serif\"; fontsize=10;\n"
    "  node [shape=box, style=filled, fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, margin=\"0.12,0.06\"];\n"
    "  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=9, color=\"#555555\", arrowsize=0.6];\n";

/// Of names, the end tells more than the beginning.
constexpr std::size_t longest_name = 44;
/// What one box or frame lists before it says "and 7 more".
constexpr std::size_t longest_list = 12;

class Drawing {
 public:
  Drawing(const View& view, bool explain) : view_(view), explain_(explain), made_by_(graph::producers(view.graph)) {}

  std::string text() {
    text_ = "digraph model {\n";
    text_ += head;
    for (const ValueId id : view_.graph.inputs) port("in", id);
    for (std::size_t n = 0; n < view_.nodes.size(); ++n) node(n);
    for (std::size_t i = 0; i < view_.graph.outputs.size(); ++i) {
      port(fmt::format("out{}_", i), view_.graph.outputs[i]);
      edge(view_.graph.outputs[i], fmt::format("out{}_{}", i, view_.graph.outputs[i]));
    }
    return text_ + "}\n";
  }

 private:
  static std::string small(const std::string& text) {
    return text.empty() ? "" : "<br/><font point-size=\"9\">" + text + "</font>";
  }

  /// Type and shape of a value; empty where nothing is known of them.
  std::string known_type(ValueId id) const {
    const Value& value = view_.values[id];
    return value.type == DataType::undefined && !value.shape ? "" : escaped(type_text(value));
  }

  /// The constant that a value is, also where a node Constant makes it; null where it is none.
  const Tensor* constant(ValueId id) const {
    if (id == graph::none) return nullptr;
    if (const Tensor* tensor = view_.graph.constant(id); tensor != nullptr || !is_constant(made_by_[id])) return tensor;
    const auto& attributes = view_.graph.nodes[made_by_[id]].attributes;
    const auto value = attributes.find("value");
    return value == attributes.end() ? nullptr : std::get_if<Tensor>(&value->second);
  }

  /// Nodes that are constants get no box; what reads them shows them.
  bool is_constant(graph::NodeId n) const {
    if (n == graph::none) return false;
    const graph::Node& node = view_.graph.nodes[n];
    return node.domain.empty() && node.op_type == "Constant" && node.outputs.size() == 1 &&
           std::ranges::count(view_.graph.outputs, node.outputs[0]) == 0;
  }

  /// An input or output of the model.
  void port(const std::string& prefix, ValueId id) {
    text_ +=
        fmt::format("  \"{}{}\" [style=\"rounded,filled\", fillcolor=\"#ffffff\", penwidth=2, label=<{}{}>];\n", prefix,
                    id, escaped(shortened(view_.graph.values[id].name, longest_name)), small(known_type(id)));
  }

  /// "64 -> 32, 2,048 parameters", "0.5".
  std::string constants(const graph::Node& node, std::int64_t parameters) const {
    std::vector<std::string> words;
    const Tensor* weights = node.inputs.size() > 1 ? constant(node.inputs[1]) : nullptr;
    if (kind(node) == Kind::weights && weights != nullptr && weights->shape().rank() == 2) {
      const bool transposed = node.op_type == "Gemm" && node.get<std::int64_t>("transB", 0) != 0;
      words.push_back(
          fmt::format("{} -> {}", weights->shape()[transposed ? 1 : 0], weights->shape()[transposed ? 0 : 1]));
    }
    if (parameters > 0) words.push_back(counted(static_cast<std::size_t>(parameters), "parameter"));
    for (const ValueId id : node.inputs)
      if (const Tensor* tensor = constant(id); tensor != nullptr && tensor->elements() == 1)
        words.push_back(element_text(*tensor));
    return joined(words, ", ", longest_list);
  }

  void box(std::size_t n) {
    const graph::Node& node = view_.graph.nodes[n];
    const Node& known = view_.nodes[n];
    const std::string name = node_name(view_.graph, node);
    std::string label = "<b>" + escaped(tools::operator_text(node)) + "</b>";
    label += small(escaped(shortened(name, longest_name)));
    label += small(escaped(shortened(attributes_text(node), 2 * longest_name)));
    label += small(escaped(constants(node, known.parameters)));
    if (known.step) label += small(escaped("by " + known.step->implementation));
    label += small(escaped(std::string(known.idle)));
    text_ += fmt::format("  n{} [fillcolor=\"{}\", label=<{}>, tooltip=\"{}\"];\n", n, fill(kind(node)), label,
                         escaped(name));
  }

  /// The nodes of the file beside the box: what stands above it would be crossed by its edges.
  void origin(std::size_t n) {
    std::string label;
    const std::vector<std::string>& names = view_.nodes[n].made_of;
    for (std::size_t i = 0; i < std::min(longest_list, names.size()); ++i)
      label += escaped(shortened(names[i], longest_name)) + "<br align=\"left\"/>";
    if (names.size() > longest_list)
      label += fmt::format("and {} more<br align=\"left\"/>", names.size() - longest_list);
    text_ += fmt::format("  of{0} [shape=plaintext, style=\"\", fontsize=9, label=<{1}>];\n", n, label);
    text_ += fmt::format("  {{ rank=same; n{0}; of{0}; n{0} -> of{0} [style=invis, minlen=0]; }}\n", n);
  }

  void node(std::size_t n) {
    if (is_constant(static_cast<graph::NodeId>(n))) return;
    const Node& known = view_.nodes[n];
    const bool framed = is_made(known) && known.made_of.size() > 1;
    if (framed)
      text_ += fmt::format(
          "  subgraph cluster_{} {{ style=\"rounded,dashed\"; color=\"#666666\"; fontsize=9; labelloc=b; labeljust=r; "
          "label=\"{} nodes, by {}\";\n",
          n, known.made_of.size(), fmt::join(known.passes, ", "));
    box(n);
    if (framed && explain_) origin(n);
    if (framed) text_ += "  }\n";
    for (const ValueId id : graph::values_read(view_.graph.nodes[n])) edge(id, fmt::format("n{}", n));
  }

  /// Constants are in the boxes of what reads them.
  void edge(ValueId id, const std::string& to) {
    const bool is_input = std::ranges::count(view_.graph.inputs, id) > 0;
    if (!is_input && (made_by_[id] == graph::none || is_constant(made_by_[id]))) return;
    const std::string from = is_input ? fmt::format("in{}", id) : fmt::format("n{}", made_by_[id]);
    text_ += fmt::format("  {} -> {} [label=\"  {}\"];\n", from, to, known_type(id));
  }

  const View& view_;
  const bool explain_;
  const std::vector<graph::NodeId> made_by_;
  std::string text_;
};

}  // namespace

std::string to_dot(const View& view, bool explain) { return Drawing(view, explain).text(); }

}  // namespace ranvier::view
