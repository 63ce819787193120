// The first half of planning: what is known of each value once the input shapes are.
#pragma once

#include <deque>
#include <span>
#include <vector>

#include "operators/operator.h"
#include "runtime/graph/graph.h"

namespace ranvier::planner {

/// What becomes of a node.
enum class Fate : std::uint8_t {
  skipped,   ///< Not asked for, or done in an earlier stage.
  folded,    ///< Its outputs are constants.
  planned,   ///< Its kernel runs.
  deferred,  ///< It, or something before it, needs elements that only a run makes.
};

/// A value that planning starts from: a graph input, or what an earlier stage of the run has made.
struct Given {
  graph::ValueId id = graph::none;
  operators::TensorInfo info;  ///< With `value` set where the contents may be relied on.
};

/// Types, shapes and, where they do not depend on a run, contents of all values.
struct Analysis {
  std::vector<operators::TensorInfo> values;            ///< By value; an absent one is not known yet.
  std::vector<Fate> nodes;                              ///< By node.
  std::vector<const operators::Operator*> definitions;  ///< By node; null where it is skipped.
  std::deque<Tensor> folded;                            ///< What the `value` of folded values points to.
  /// The values whose contents the first deferred nodes wait for.
  std::vector<graph::ValueId> awaited;
};

/// Follows types and shapes through the nodes for which `wanted` is true (all, where it is empty), and computes what
/// depends on constants and shapes alone.
/// @throws Error that begins with the node: unsupported, invalid_model, invalid_argument, out_of_memory.
Analysis analyse(const graph::Graph& graph, std::span<const Given> given, const std::vector<bool>& wanted,
                 const operators::Settings& settings);

}  // namespace ranvier::planner
