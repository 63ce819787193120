// What a graph computes by the references of its operators, and how far from it another order of the same operations
// may end up.
#pragma once

#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::random_graphs {

/// For one output.
struct Expected {
  Tensor tensor;
  std::vector<double> leeway;  ///< By element; infinite where roundings decide which of two things comes out.
};

struct Expectation {
  std::vector<Expected> outputs;
  bool meant = true;   ///< The graph does what whoever wrote it meant.
  bool finite = true;  ///< So are all numbers on the way.
};

/// A rewrite may round elsewhere than the file does, and take a constant for another one that differs from it by a few
/// roundings. So every result on the way, and every number that goes into a sum, is moved by about as much, at random
/// and with both signs; the leeway of an element is how far it moves then. It is small where the graph is well
/// conditioned, whatever its depth, and infinite beside a threshold.
/// @throws Error where the graph does not run on these inputs.
Expectation expectation_of(const graph::Graph& graph, const std::vector<Tensor>& inputs);

/// Nothing where the tensor is as expected, else what differs first and most.
std::optional<std::string> difference(const Tensor& got, const Expected& expected);

}  // namespace ranvier::random_graphs
