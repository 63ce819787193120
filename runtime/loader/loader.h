// From an ONNX file to a Graph.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "runtime/graph/loaded_model.h"

namespace ranvier::loader {

using graph::LoadedModel;

/// Reads a file; external data has to lie in its folder or below.
/// @throws Error io, invalid_model, unsupported, out_of_memory; the message begins with the file.
LoadedModel load_file(const std::filesystem::path& file);

/// Reads a model from memory, which is not needed afterwards. An empty folder refuses external data.
/// @throws Error as load_file does, without a file before the message.
LoadedModel load_bytes(std::span<const std::byte> bytes, const std::filesystem::path& external_data_folder = {});

}  // namespace ranvier::loader
