#include "ranvier/model.h"

#include "runtime/core/error.h"
#include "runtime/executor/model_parts.h"
#include "runtime/loader/loader.h"

namespace ranvier {
namespace {

Model make_model(graph::LoadedModel loaded, const ModelOptions& options) {
  if (!loaded.unsupported.empty()) fail(ErrorCode::unsupported, "{}", fmt::join(loaded.unsupported, "\n"));
  auto parts = std::make_shared<Model::Parts>();
  parts->options = options;
  if (options.optimize) {
    optimizer::Result result =
        optimizer::optimize(loaded.graph, {.strict_onnx = options.strict_onnx, .stop_after = options.stop_after});
    parts->graph = std::move(result.graph);
    parts->rewrites = std::move(result.rewrites);
    parts->origins = std::move(result.origins);
  } else {
    parts->graph = loaded.graph;
  }
  for (const graph::ValueId id : parts->graph.inputs) parts->inputs.push_back(port_of(parts->graph.values[id]));
  for (const graph::ValueId id : parts->graph.outputs) parts->outputs.push_back(port_of(parts->graph.values[id]));
  parts->loaded = std::move(loaded);
  return Model(std::move(parts));
}

}  // namespace

Model Model::load(const std::filesystem::path& file, const ModelOptions& options) {
  graph::LoadedModel loaded = loader::load_file(file);  // its errors begin with the file
  try {
    return make_model(std::move(loaded), options);
  } catch (const Error& error) {
    throw error.within(file.string());
  }
}

Model Model::parse(std::span<const std::byte> bytes, const ModelOptions& options) {
  return make_model(loader::load_bytes(bytes, options.external_data_folder), options);
}

}  // namespace ranvier
