// Models from graphs, in tests.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "runtime/executor/model_parts.h"

namespace ranvier::testing {

/// A model of a graph as it is, without passing the loader and the optimizer.
inline Model model_of(const graph::Graph& graph) {
  auto parts = std::make_shared<Model::Parts>();
  parts->graph = graph;
  const auto ports = [&](const std::vector<graph::ValueId>& ids) {
    std::vector<PortInfo> result;
    for (const graph::ValueId id : ids) result.push_back(port_of(graph.values[id]));
    return result;
  };
  parts->inputs = ports(graph.inputs);
  parts->outputs = ports(graph.outputs);
  return Model(std::move(parts));
}

}  // namespace ranvier::testing
