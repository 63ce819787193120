// What the loader makes of a file, and the stages after it work with.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::graph {

/// What a model file holds. Any IR version and any operator set is taken; operators that nobody knows stay in the
/// graph.
///
/// Model-local functions are inlined, but for those that runtime/writer makes, which are the operators that they stand
/// for; sparse tensors are dense; a subgraph holds the constants of the graphs around it
/// itself, and captures everything else. An operator set that is not imported is version 1 of ONNX' own before IR
/// version 3, and an error where a node needs it later.
struct LoadedModel {
  Graph graph;
  std::int64_t ir_version = 0;
  std::string producer;
  std::string producer_version;
  std::string domain;
  std::int64_t model_version = 0;
  std::string description;                     ///< Of the model: its doc string.
  std::map<std::string, std::int64_t> opsets;  ///< By domain; "" is ONNX' own.
  std::vector<std::pair<std::string, std::string>> metadata;
  /// One line for each kind of operator, each input or output, and each attribute that Ranvier does not support,
  /// subgraphs included.
  std::vector<std::string> unsupported;
  /// One line for each attribute, of whatever operator, that the graph does not hold: it cannot be written again.
  std::vector<std::string> not_held;
};

}  // namespace ranvier::graph
