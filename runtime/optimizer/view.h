// What passes that look for single nodes share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/graph/patch.h"
#include "runtime/optimizer/facts.h"

namespace ranvier::optimizer {

/// A graph and what follows from it.
class View {
 public:
  explicit View(const graph::Graph& graph)
      : graph_(graph), made_by_(graph::producers(graph)), uses_(graph::use_counts(graph)), facts_(facts_of(graph)) {}
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  const graph::Graph& graph() const { return graph_; }
  const std::vector<Fact>& facts() const { return facts_; }
  const Fact& fact(graph::ValueId id) const { return facts_[id]; }
  const Tensor* constant(graph::ValueId id) const { return graph_.constant(id); }

  static bool is(const graph::Node& node, std::string_view domain, std::string_view op_type) {
    return node.domain == domain && node.op_type == op_type && node.outputs.size() == 1;
  }

  /// The node that makes the value; null where none does.
  const graph::Node* maker(graph::ValueId id) const {
    return id == graph::none || made_by_[id] == graph::none ? nullptr : &graph_.nodes[made_by_[id]];
  }
  /// The same, where it is of that operator.
  const graph::Node* maker(graph::ValueId id, std::string_view domain, std::string_view op_type) const {
    const graph::Node* node = maker(id);
    return node != nullptr && is(*node, domain, op_type) ? node : nullptr;
  }
  /// The same, where nobody else reads the value.
  const graph::Node* only_for_one(graph::ValueId id, std::string_view domain, std::string_view op_type) const {
    return id != graph::none && is_for_one(id) ? maker(id, domain, op_type) : nullptr;
  }
  /// Whether one node reads the value, and it is no graph output.
  bool is_for_one(graph::ValueId id) const { return uses_[id] == 1; }
  /// The refusal where it is not so.
  std::string needed_elsewhere(graph::ValueId id) const {
    return fmt::format("'{}' in between is needed elsewhere, too", graph_.values[id].name);
  }

 private:
  const graph::Graph& graph_;
  const std::vector<graph::NodeId> made_by_;
  const std::vector<std::uint32_t> uses_;
  const std::vector<Fact> facts_;
};

/// Makes the patch in which one node takes the place of another, which is the last of those it is made of.
class Replacement {
 public:
  explicit Replacement(const graph::Graph& graph) : graph_(graph) {}

  /// A new constant, for the new node to read.
  graph::ValueId constant(std::string name, Tensor tensor) {
    const DataType type = tensor.type();
    return add({.name = std::move(name), .type = type, .constant = std::move(tensor)});
  }

  graph::Patch finish(const graph::Node& old, graph::Node made, std::string reason) {
    made.outputs = {add(graph_.values[old.outputs[0]])};
    patch_.replacements = {{old.outputs[0], made.outputs[0]}};
    patch_.nodes = {std::move(made)};
    patch_.reason = std::move(reason);
    return std::move(patch_);
  }

 private:
  graph::ValueId add(graph::Value value) {
    patch_.values.push_back(std::move(value));
    return static_cast<graph::ValueId>(graph_.values.size() + patch_.values.size() - 1);
  }

  const graph::Graph& graph_;
  graph::Patch patch_;
};

/// How many columns the weights of a ranvier.Dense have, which are constant.
inline std::int64_t columns_of(const graph::Graph& graph, const graph::Node& dense) {
  const Shape& weights = graph.constant(dense.inputs[1])->shape();
  return dense.get<std::int64_t>("transB", 0) != 0 ? weights[0] : weights[1];
}

/// How many rows they have: the elements of a row of its input.
inline std::int64_t inner_of(const graph::Graph& graph, const graph::Node& dense) {
  const Shape& weights = graph.constant(dense.inputs[1])->shape();
  return dense.get<std::int64_t>("transB", 0) != 0 ? weights[1] : weights[0];
}

/// The patches that `find` has for single nodes.
template <class Find>
std::vector<graph::Patch> each_node(const graph::Graph& graph, const Find& find) {
  std::vector<graph::Patch> patches;
  for (const graph::Node& node : graph.nodes)
    if (std::optional<graph::Patch> patch = find(node)) patches.push_back(std::move(*patch));
  return patches;
}

/// What `tell` makes of the empty text for single nodes, where it makes anything of it.
template <class Tell>
std::vector<std::string> each_refusal(const graph::Graph& graph, const Tell& tell) {
  std::vector<std::string> refusals;
  for (const graph::Node& node : graph.nodes) {
    std::string refusal;
    tell(node, refusal);
    if (!refusal.empty()) refusals.push_back(std::move(refusal));
  }
  return refusals;
}

}  // namespace ranvier::optimizer
