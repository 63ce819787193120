// A graph specialised for one set of input shapes.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/planner/analysis.h"
#include "runtime/planner/blocks.h"

namespace ranvier::planner {

/// Where the elements of an operand lie during a run.
struct Absent {};
struct Constant {
  const void* data = nullptr;
};
struct PlanInput {
  std::size_t index = 0;  ///< In Plan::inputs.
};
struct PlanOutput {
  std::size_t index = 0;  ///< In Plan::outputs.
};
struct ArenaOffset {
  std::size_t bytes = 0;
};
struct BlockOffset {
  std::size_t bytes = 0;  ///< In the memory of the part that runs the step's Blocks.
};
struct StringBuffer {
  std::size_t index = 0;  ///< In Plan::string_buffers.
};
using Location = std::variant<Absent, Constant, PlanInput, PlanOutput, ArenaOffset, BlockOffset, StringBuffer>;

/// An implementation that was passed over, and why.
struct Refusal {
  std::string_view implementation;
  std::string reason;
};

/// A ready kernel and its operands.
struct Step {
  operators::Kernel kernel;
  std::vector<Location> inputs;
  std::vector<Location> outputs;
  /// Of a step of Blocks: from one row of an operand to the next in bytes, 0 where that is no other.
  std::vector<std::size_t> input_strides = {};
  std::vector<std::size_t> output_strides = {};
  std::size_t scratch_offset = 0;  ///< In the arena; of a step of Blocks in the memory of the part.
  /// `none` for a copy to an output that is an input, a constant or another output already.
  graph::NodeId node = graph::none;
  std::string description;  ///< Of the node, for messages; empty for a copy.
  std::string_view implementation;
  std::vector<Refusal> refusals;
};

/// A value that a plan takes or makes.
struct Port {
  graph::ValueId id = graph::none;
  DataType type = DataType::undefined;
  Shape shape;
};

/// The steps of a run for one set of input shapes, and the memory they need. Immutable; refers to the graph's
/// constants. A plan whose `deferred` is not empty is only the first stage: its outputs are then what the graph's
/// outputs and the deferred nodes need of it.
struct Plan {
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::vector<Step> steps;
  std::vector<Blocks> blocks;  ///< In the order of their steps; those of no Blocks run by themselves.
  std::size_t arena_bytes = 0;
  std::vector<std::size_t> string_buffers;  ///< Their numbers of elements.
  std::deque<Tensor> constants;             ///< Folded while planning.
  std::vector<bool> deferred;               ///< By node; empty where nothing is.
  std::vector<graph::ValueId> awaited;      ///< The outputs whose contents the next stage may rely on.
};

/// Plans the nodes for which `wanted` is true (all, where it is empty), up to what depends on elements.
/// @throws Error that names the node; out_of_memory beyond the settings' limit.
Plan make_plan(const graph::Graph& graph, std::span<const Given> given, const std::vector<bool>& wanted,
               const operators::Settings& settings);

}  // namespace ranvier::planner
