// What becomes of the weights of a model once it is optimized: they are in memory once, as their kernels read them.
#pragma once

#include <filesystem>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::model {

/// One tensor, twice.
struct Repacked {
  Tensor dense;
  Tensor panels;
};

/// The graph, of which nothing is forgotten, with dense copies of its constants that are in panels: as the optimizer
/// wants it. Adds those to `copies`, where that is given.
graph::Graph with_dense_constants(graph::Graph graph, std::vector<Repacked>* copies = nullptr);

/// Cuts the weights that nothing but kernels of ranvier.Dense reads into the panels that these want, and puts them in
/// the place of the dense ones in both graphs, `graph` being made of `file`. Nothing else holds those, as a rule: their
/// memory is given back one by one, and weights are in memory once. Nothing is cut that `copies` has in panels. Outputs
/// and values that callers may give stay as they are.
void pack_weights(graph::Graph& graph, graph::Graph& file, const std::vector<Repacked>& copies);

/// Forgets the large constants of `file` that `graph` has no use for: weights that the optimizer has changed.
void forget_what_changed(graph::Graph& file, const graph::Graph& graph);

/// Whether constants of the graph are forgotten.
bool has_forgotten(const graph::Graph& graph);

/// Puts the constants of `file`, read once more, in the place of those that are forgotten. @throws Error io where they
/// are others; it begins with the file.
void remember(graph::Graph& graph, const graph::Graph& again, const std::filesystem::path& file);

}  // namespace ranvier::model
