// The activations of a model.
#pragma once

#include <string>
#include <vector>

#include "runtime/graph/graph.h"
#include "tools/health/statistics.h"

namespace ranvier::health {

/// One node whose operator is an activation.
struct Activation {
  std::string name;      ///< Keras' layer where the node's name has one that no other activation has; else the node's.
  std::string node;      ///< The node's, or its output's where it has none.
  std::string op;        ///< With its domain where that is not ONNX' own.
  std::string function;  ///< Keras' name where it has one.
  const Kind* kind = nullptr;
  graph::ValueId value = graph::none;
  Focus focus;
  bool channels_first = false;  ///< The units are on axis 1, as a convolution leaves them.
};

struct FoundActivations {
  std::vector<Activation> seen;     ///< In the order in which they are computed.
  std::vector<std::string> unseen;  ///< The names of those inside of subgraphs.
};

/// @throws Error invalid_model for an attribute of the wrong kind.
FoundActivations find_activations(const graph::Graph& graph);

}  // namespace ranvier::health
