// The part of a graph between one tensor and another that is computed from it alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/graph/graph.h"
#include "runtime/optimizer/facts.h"
#include "runtime/optimizer/formula.h"

namespace ranvier::optimizer {

/// The number that every element of the tensor is; nothing where they differ, are no numbers, or very many.
std::optional<double> uniform_value(const Tensor& tensor);

/// The leaves of constant tensors in formulas, in the order in which the nodes read them.
inline constexpr std::string_view tensor_names[] = {"w", "v"};

/// What formulas call the reductions of which each row, or all axes from one on, become one element; null for any other
/// node.
const char* reduction_name(const graph::Node& node);

/// Nodes that compute the output of the last of them from `input` and constants: elementwise, in the shape of the input
/// or of one half of it, or with reductions of its rows.
struct Region {
  graph::ValueId input = graph::none;
  std::vector<graph::NodeId> nodes;  ///< In the order of the graph; the last is the root.
  Formula formula;                   ///< What they compute.
  DataType type = DataType::undefined;
  std::vector<graph::ValueId> tensors;  ///< The constants that the leaves of these names are.
};

/// A graph with all that looking for regions asks of it.
class Regions {
 public:
  explicit Regions(const graph::Graph& graph);

  const graph::Graph& graph() const { return graph_; }
  const Fact& fact(graph::ValueId id) const { return facts_[id]; }

  /// All regions of real numbers with that root that have a formula, the smallest first; none much larger than what
  /// exporters write for one operator.
  std::vector<Region> ending_at(graph::NodeId root) const;

  /// Why the region cannot be replaced by one node, in words: something in between is needed elsewhere. Nothing where
  /// it can.
  std::optional<std::string> entanglement(const Region& region) const;

 private:
  const graph::Graph& graph_;
  std::vector<graph::NodeId> made_by_;
  std::vector<std::uint32_t> uses_;
  std::vector<Fact> facts_;
};

}  // namespace ranvier::optimizer
