#include "runtime/model/weights.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "operators/matmul/dense.h"
#include "runtime/core/error.h"
#include "runtime/core/forgotten.h"
#include "runtime/core/panels.h"

namespace ranvier::model {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

/// Those that the kernel of a node wants, if it wants any. What is wrong with a node, its planning tells.
std::optional<Panels> panels_wanted(const Graph& graph, const Node& node) {
  try {
    return operators::panels_wanted(graph, node);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// By value, the panels that all its readers want; nothing where one wants others, or none.
std::vector<std::optional<Panels>> panels_wanted(const Graph& graph) {
  std::vector<std::optional<Panels>> wanted(graph.values.size());
  std::vector<bool> refused(graph.values.size(), false);
  for (const ValueId id : graph.outputs) refused[id] = true;
  for (const Node& node : graph.nodes) {
    std::vector<ValueId> others = graph::values_read(node);
    if (const std::optional<Panels> panels = panels_wanted(graph, node)) {
      const ValueId weights = node.inputs[1];
      if (!wanted[weights]) wanted[weights] = panels;
      if (wanted[weights] == panels) others.erase(std::ranges::find(others, weights));
    }
    for (const ValueId id : others) refused[id] = true;
  }
  for (ValueId id = 0; id < wanted.size(); ++id)
    if (refused[id]) wanted[id].reset();
  return wanted;
}

/// Adds the addresses of the constants of a graph and its subgraphs.
void add_constants(const Graph& graph, std::set<const void*>& addresses) {
  for (const graph::Value& value : graph.values)
    if (value.constant) addresses.insert(value.constant->data());
  for (const Node& node : graph.nodes)
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* body = std::get_if<graph::Subgraph>(&attribute)) add_constants(*body->graph, addresses);
}

/// The panels that have been cut, and the values of the file, by the elements of the dense tensor. Of those, all that
/// are asked for here exist at once: an address stands for one.
class Packer {
 public:
  Packer(Graph& file, const std::vector<Repacked>& copies) : file_(file) {
    for (const Repacked& each : copies) cut_[each.dense.data()] = each.panels;
    for (ValueId id = 0; id < file.values.size(); ++id)
      if (const auto& constant = file.values[id].constant) in_file_.emplace(constant->data(), id);
  }

  void pack(Tensor& weights, const Panels& wanted) {
    const auto [first, last] = in_file_.equal_range(weights.data());
    Tensor& panels = cut_[weights.data()];
    if (!panels.defined() || panels.shape() != weights.shape() || *panels_of(panels) != wanted)
      panels = in_panels(weights, wanted);
    for (auto same = first; same != last; ++same)
      if (Tensor& constant = *file_.values[same->second].constant; constant.shape() == weights.shape())
        constant = panels;
    weights = panels;
  }

 private:
  Graph& file_;
  std::map<const void*, Tensor> cut_;
  std::multimap<const void*, ValueId> in_file_;
};

}  // namespace

Graph with_dense_constants(Graph graph, std::vector<Repacked>* copies) {
  for (graph::Value& value : graph.values) {
    if (!value.constant || value.constant->dense()) continue;
    const Tensor panels = *value.constant;
    value.constant = panels.copy();
    if (copies != nullptr) copies->push_back({*value.constant, panels});
  }
  return graph;
}

void pack_weights(Graph& graph, Graph& file, const std::vector<Repacked>& copies) {
  const std::vector<std::optional<Panels>> wanted = panels_wanted(graph);
  Packer packer(file, copies);
  for (ValueId id = 0; id < wanted.size(); ++id)
    if (wanted[id]) packer.pack(*graph.values[id].constant, *wanted[id]);
}

void forget_what_changed(Graph& file, const Graph& graph) {
  constexpr std::size_t large = std::size_t{64} << 10;  // bytes
  std::set<const void*> used;
  add_constants(graph, used);
  for (graph::Value& value : file.values) {
    const std::optional<Tensor>& constant = value.constant;
    if (!constant || constant->bytes() < large || !constant->dense() || constant->type() == DataType::string) continue;
    if (!used.contains(constant->data())) value.constant = forgotten(*constant);
  }
}

bool has_forgotten(const Graph& graph) {
  return std::ranges::any_of(graph.values,
                             [](const graph::Value& value) { return value.constant && is_forgotten(*value.constant); });
}

void remember(Graph& graph, const Graph& again, const std::filesystem::path& file) {
  for (ValueId id = 0; id < graph.values.size(); ++id) {
    graph::Value& value = graph.values[id];
    if (!value.constant || !is_forgotten(*value.constant)) continue;
    const Tensor* tensor =
        id < again.values.size() && again.values[id].constant ? &*again.values[id].constant : nullptr;
    if (tensor == nullptr || !is_what_was_forgotten(*tensor, *value.constant))
      fail(ErrorCode::io, "{}: tensor '{}' has changed since the model was loaded", file.string(), value.name);
    value.constant = *tensor;
  }
}

}  // namespace ranvier::model
