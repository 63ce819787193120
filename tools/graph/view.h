// A model at one stage of its way, with all that is known of it there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ranvier/model.h"
#include "runtime/graph/graph.h"
#include "runtime/loader/loader.h"
#include "runtime/planner/plan.h"

namespace ranvier::view {

enum class Stage : std::uint8_t {
  loaded,     ///< As the file has it.
  optimized,  ///< As the optimizer leaves it.
  planned,    ///< As it runs for one set of input shapes.
};

/// "loaded", "optimized", "planned".
std::string_view name(Stage stage);

/// Where a value lies during a run.
struct Place {
  std::string_view kind;   ///< "input", "output", "constant", "arena", "block", "strings".
  std::size_t offset = 0;  ///< In the arena, or in the memory of a block of rows.
  std::size_t bytes = 0;
};

struct Value {
  DataType type = DataType::undefined;  ///< undefined: only a run tells.
  graph::DeclaredShape shape;           ///< No value: only a run tells.
  std::optional<Place> place;           ///< Of what a planned step makes.
};

/// How a node runs.
struct Step {
  std::string implementation;
  std::vector<planner::Refusal> refusals;  ///< Of the implementations before it in the list.
  std::size_t scratch_bytes = 0;
  std::size_t scratch_offset = 0;
  std::optional<planner::Blocks> blocks = {};  ///< Those that it is part of.
};

struct Node {
  std::vector<std::string> made_of;      ///< Nodes of the file; empty at stage loaded.
  std::vector<std::string> folded;       ///< Nodes of the file that computed constants for it.
  std::vector<std::string_view> passes;  ///< That made it, in order; empty where none did.
  std::int64_t parameters = 0;           ///< See tools::Layer.
  std::optional<Step> step;              ///< At stage planned; nothing where it takes no step, see `idle`.
  std::string_view idle;                 ///< Why it takes no step.
};

struct Rewrite {
  std::string_view pass;
  std::string reason;
  std::vector<std::string> nodes;  ///< Of the file.
};

struct View {
  std::string file;
  Stage stage = Stage::loaded;
  graph::Graph graph;         ///< At stage planned without what is computed while planning; its values keep their ids.
  std::vector<Node> nodes;    ///< By node of the graph.
  std::vector<Value> values;  ///< By value of the graph.
  std::vector<Rewrite> rewrites;
  std::vector<std::string> refusals;  ///< What the optimizer left alone, and why.
  // At stage planned:
  std::vector<std::string> planned_away;                    ///< Nodes that are computed while planning.
  std::vector<std::pair<std::string, std::string>> copies;  ///< Outputs that are copied last, and from what.
  std::size_t arena_bytes = 0;
  int threads = 0;
};

/// A node as messages name it: "dense/MatMul", or "MatMul -> y" by what it makes, where it has no name.
std::string node_name(const graph::Graph& graph, const graph::Node& node);

/// Any file that can be read, supported or not.
View loaded(const std::string& file, const loader::LoadedModel& model);

View optimized(const std::string& file, const Model& model);

/// `shapes` are those of the inputs, nothing for one that is left at its default. What depends on elements is not
/// planned. @throws Error as planning does.
View planned(const std::string& file, const Model& model, const std::vector<std::optional<Shape>>& shapes, int threads);

}  // namespace ranvier::view
