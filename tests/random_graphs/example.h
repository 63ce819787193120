// A graph with inputs to run it on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::random_graphs {

struct Inputs {
  std::vector<Tensor> tensors;  ///< In the order of the graph's inputs; an undefined one is left at its default.
  bool extreme = false;         ///< There are NaN, infinities or huge numbers among them.
};

struct Example {
  graph::Graph graph;
  std::int64_t opset = 17;  ///< That the model imports; nodes of another are functions of their own.
  std::vector<Inputs> inputs;
};

/// The graph of that seed, which looks like what exporters write, or nearly so, with inputs that it runs on.
Example example_of(std::uint64_t seed);

/// The model as a file would have it.
std::string model_bytes(const Example& example);

/// The graph in the language of optimizer/testing.h, one node a line, with "@7" behind what is of another opset.
std::string to_text(const Example& example);

}  // namespace ranvier::random_graphs
