// From an ONNX file to a Graph.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "operators/custom.h"
#include "runtime/graph/loaded_model.h"

namespace ranvier::loader {

/// What is refused, and what is known beside the table of operators.
struct Options {
  operators::CustomOperators operators = {};
  std::size_t node_limit = 1'000'000;  ///< Of all nodes, those of functions (at each call) and subgraphs included.
  std::size_t memory_limit = 0;        ///< The most bytes of the file, and of all constants; 0: no limit.
};

using graph::LoadedModel;

/// Reads a file; external data has to lie in its folder or below.
/// @throws Error io, invalid_model, unsupported, out_of_memory; the message begins with the file.
LoadedModel load_file(const std::filesystem::path& file, const Options& options = {});

/// Reads a model from memory, which is not needed afterwards. An empty folder refuses external data.
/// @throws Error as load_file does, without a file before the message.
LoadedModel load_bytes(std::span<const std::byte> bytes, const std::filesystem::path& external_data_folder = {},
                       const Options& options = {});

}  // namespace ranvier::loader
