// From an ONNX file to a Graph.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "operators/custom.h"
#include "runtime/graph/graph.h"

namespace ranvier::loader {

/// What is refused, and what is known beside the table of operators.
struct Options {
  operators::CustomOperators operators = {};
  std::size_t node_limit = 1'000'000;  ///< Of all nodes, those of functions (at each call) and subgraphs included.
  std::size_t memory_limit = 0;        ///< The most bytes of the file, and of all constants; 0: no limit.
};

/// What a model file holds. Any IR version and any operator set is taken; operators that nobody knows stay in the
/// graph.
///
/// Model-local functions are inlined, but for those that runtime/writer makes, which are the operators that they stand
/// for; sparse tensors are dense; a subgraph holds the constants of the graphs around it
/// itself, and captures everything else. An operator set that is not imported is version 1 of ONNX' own before IR
/// version 3, and an error where a node needs it later.
struct LoadedModel {
  graph::Graph graph;
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

/// Reads a file; external data has to lie in its folder or below.
/// @throws Error io, invalid_model, unsupported, out_of_memory; the message begins with the file.
LoadedModel load_file(const std::filesystem::path& file, const Options& options = {});

/// Reads a model from memory, which is not needed afterwards. An empty folder refuses external data.
/// @throws Error as load_file does, without a file before the message.
LoadedModel load_bytes(std::span<const std::byte> bytes, const std::filesystem::path& external_data_folder = {},
                       const Options& options = {});

}  // namespace ranvier::loader
