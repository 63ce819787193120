// Weights in the layout of the kernels that read them.
#pragma once

#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::model {

/// One tensor, twice.
struct Repacked {
  Tensor dense;
  Tensor panels;
};

/// The graph with dense copies of its constants that are in panels, as the optimizer wants it. Adds those to `copies`,
/// where that is given.
graph::Graph with_dense_constants(graph::Graph graph, std::vector<Repacked>* copies = nullptr);

/// Cuts the weights that nothing but kernels of ranvier.Dense reads into the panels that these want, and puts them in
/// the place of the dense ones in both graphs, `graph` being made of `file`. Nothing else holds those, as a rule: their
/// memory is given back one by one, and weights are in memory once. Nothing is cut that `copies` has in panels. Outputs
/// and values that callers may give stay as they are.
void pack_weights(graph::Graph& graph, graph::Graph& file, const std::vector<Repacked>& copies);

}  // namespace ranvier::model
