// What others need to know of ranvier.Dense.
#pragma once

#include <optional>

#include "runtime/core/panels.h"
#include "runtime/graph/graph.h"

namespace ranvier::operators {

/// How the weights of a ranvier.Dense should lie for the kernel that computes it, however many rows it will get.
/// Nothing where the node is another operator, its weights are not constant, or another kernel will serve it.
/// @throws Error where the node contradicts itself.
std::optional<Panels> panels_wanted(const graph::Graph& graph, const graph::Node& node);

}  // namespace ranvier::operators
