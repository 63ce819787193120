// What a Model holds, for the parts of Ranvier that look inside.
#pragma once

#include <filesystem>
#include <vector>

#include "operators/packed_weights.h"
#include "ranvier/model.h"
#include "runtime/graph/graph.h"
#include "runtime/graph/loaded_model.h"
#include "runtime/optimizer/optimizer.h"

namespace ranvier {

struct Model::Parts {
  graph::LoadedModel loaded;  ///< As the file has it, without taps.
  /// Where `loaded` was read from; empty for bytes. Large constants that `graph` has no use for are forgotten then.
  std::filesystem::path file;
  graph::Graph graph;  ///< What is planned: optimized, unless the options say otherwise.
  std::vector<optimizer::Rewrite> rewrites;
  /// By node of `graph`, in terms of the nodes of `loaded.graph`; empty where nothing was optimized.
  std::vector<optimizer::Origin> origins;
  ModelOptions options;
  std::vector<PortInfo> inputs;
  std::vector<PortInfo> outputs;
  std::size_t taps = 0;  ///< How many of the outputs, the last ones, are inner values.
  /// Weights in the layouts that plans have asked for, shared by all of them. Safe for use by many threads.
  mutable operators::PackedWeights packed;
};

/// What a model says of a value that is its input or output.
PortInfo port_of(const graph::Value& value);

}  // namespace ranvier
