// Replacing the nodes of a graph one by one.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "runtime/graph/graph.h"

namespace ranvier::writer {

/// A graph in the making: the values of another, and nodes that take the place of its nodes, in its order.
class Rewriting {
 public:
  explicit Rewriting(const graph::Graph& of) : graph_(of) { graph_.nodes.clear(); }

  void add(graph::Node node) { graph_.nodes.push_back(std::move(node)); }

  graph::ValueId constant(std::string name, Tensor tensor) {
    const DataType type = tensor.type();
    return graph_.add_value({.name = std::move(name), .type = type, .constant = std::move(tensor)});
  }
  graph::ValueId value(std::string name) { return graph_.add_value({.name = std::move(name)}); }

  graph::Graph finish() && { return std::move(graph_); }

 private:
  graph::Graph graph_;
};

/// Replaces each subgraph of the node by what `rewrite(graph)` returns.
template <class Rewrite>
void rewrite_subgraphs(graph::Node& node, const Rewrite& rewrite) {
  for (auto& [name, attribute] : node.attributes)
    if (auto* subgraph = std::get_if<graph::Subgraph>(&attribute))
      subgraph->graph = std::make_shared<const graph::Graph>(rewrite(*subgraph));
}

}  // namespace ranvier::writer
