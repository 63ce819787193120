// The layers of a model in numbers.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/graph/graph.h"
#include "runtime/optimizer/provenance.h"
#include "runtime/planner/symbolic_shapes.h"

namespace ranvier::tools {

/// One node as a summary shows it.
struct Layer {
  std::string name;  ///< That of the node, or of its first output.
  std::string op;    ///< See operator_text.
  DataType type = DataType::undefined;
  graph::DeclaredShape shape;   ///< Of the first output.
  std::int64_t parameters = 0;  ///< Elements of the weights it is the first to use, subgraphs included.
  std::int64_t bytes = 0;       ///< Theirs.
  std::int64_t flops = 0;       ///< Additions and multiplications, an unknown size counted as 1; 0 for data movement.
};

/// The attribute in which a fused node keeps, as a string, the activation that it computes last.
inline constexpr std::string_view fused_attribute = "activation";

/// With its domain where that is not ONNX' own, and what is fused into it: "ranvier.Relu", "Dense + gelu".
std::string operator_text(const graph::Node& node);

/// What an optimized graph was made of.
struct Sources {
  const graph::Graph& file;
  std::span<const optimizer::Origin> origins;  ///< By node of the optimized graph.
};

/// The layers of a graph, in order. Weights are constants with at least one dimension, but for int64, bool and
/// strings, and for all that is no floating-point number where elements only move: those are shapes, axes, indices.
/// Shapes are `shapes` by value where those are known, else as the file
/// declares. With `sources`, a layer's parameters are those that the file has for what it was made of: a normalization
/// whose numbers went into the weights before it still counts, as Keras counts it.
std::vector<Layer> layers(const graph::Graph& graph, const std::vector<graph::DeclaredShape>& shapes,
                          const std::optional<Sources>& sources = {});

/// Whether an operator moves or reinterprets elements and computes nothing.
bool moves_only(std::string_view op_type);

/// planner::symbolic_shapes; nothing where they depend on what only a run knows, or the graph is wrong.
std::vector<planner::SymbolicValue> symbolic_values(const graph::Graph& graph);

/// A list of numbers and, for unknown sizes, names or null; null for an unknown rank.
nlohmann::ordered_json shape_json(const graph::DeclaredShape& shape);

/// 1234567 as "1,234,567".
std::string grouped(std::int64_t number);

}  // namespace ranvier::tools
