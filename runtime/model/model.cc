#include "ranvier/model.h"

#include <algorithm>

#include "runtime/core/error.h"
#include "runtime/core/names.h"
#include "runtime/executor/model_parts.h"
#include "runtime/loader/loader.h"
#include "runtime/model/self_test.h"
#include "runtime/model/weights.h"

namespace ranvier {
namespace {

/// The graph with the values of these names as further outputs, where they are none yet.
graph::Graph with_outputs(graph::Graph graph, std::span<const std::string> names) {
  for (const std::string& name : names) {
    const auto value = std::find_if(graph.values.begin(), graph.values.end(),
                                    [&](const graph::Value& each) { return each.name == name; });
    if (value == graph.values.end()) {
      std::vector<std::string> all;
      for (const graph::Value& each : graph.values) all.push_back(each.name);
      fail(ErrorCode::invalid_argument, "the model has no value '{}' to tap; {}", name, names_instead(name, all));
    }
    const auto id = static_cast<graph::ValueId>(value - graph.values.begin());
    if (std::count(graph.outputs.begin(), graph.outputs.end(), id) == 0) graph.outputs.push_back(id);
  }
  return graph;
}

/// `file` is empty for a model that was read from bytes.
Model make_model(graph::LoadedModel loaded, const ModelOptions& options, const std::filesystem::path& file) {
  if (!loaded.unsupported.empty()) fail(ErrorCode::unsupported, "{}", fmt::join(loaded.unsupported, "\n"));
  auto parts = std::make_shared<Model::Parts>();
  parts->options = options;
  std::vector<model::Repacked> copies;
  parts->graph = with_outputs(model::with_dense_constants(loaded.graph, &copies), options.taps);
  parts->taps = parts->graph.outputs.size() - loaded.graph.outputs.size();
  if (options.optimize) {
    optimizer::Result result =
        optimizer::optimize(parts->graph, {.strict_onnx = options.strict_onnx, .stop_after = options.stop_after});
    parts->graph = std::move(result.graph);
    parts->rewrites = std::move(result.rewrites);
    parts->origins = std::move(result.origins);
  }
  model::pack_weights(parts->graph, loaded.graph, copies);
  if (!file.empty()) model::forget_what_changed(loaded.graph, parts->graph);
  for (const graph::ValueId id : parts->graph.inputs) parts->inputs.push_back(port_of(parts->graph.values[id]));
  for (const graph::ValueId id : parts->graph.outputs) parts->outputs.push_back(port_of(parts->graph.values[id]));
  parts->loaded = std::move(loaded);
  parts->file = file;
  return Model(std::move(parts));
}

loader::Options loader_options(const ModelOptions& options) {
  return {.operators = operators::CustomOperators(options.operators),
          .node_limit = options.node_limit,
          .memory_limit = options.memory_limit};
}

/// Remembers the weights that are forgotten.
void read_again(graph::Graph& graph, const std::filesystem::path& file, const ModelOptions& options) {
  try {
    model::remember(graph, loader::load_file(file, loader_options(options)).graph, file);
  } catch (const Error& error) {
    throw error.within("taps need weights that are read again");
  }
}

}  // namespace

Model Model::load(const std::filesystem::path& file, const ModelOptions& options) {
  const loader::Options how = loader_options(options);
  graph::LoadedModel loaded = loader::load_file(file, how);  // its errors begin with the file
  try {
    std::error_code error;  // without a current folder nothing can be read again
    Model model = make_model(std::move(loaded), options, std::filesystem::absolute(file, error));
    if (options.self_test) model::self_test(model, file, *options.self_test);
    return model;
  } catch (const Error& error) {
    throw error.within(file.string());
  }
}

Model Model::parse(std::span<const std::byte> bytes, const ModelOptions& options) {
  if (options.self_test)
    fail(ErrorCode::invalid_argument, "self_test asks for test data beside a file: only Model::load has one");
  return make_model(loader::load_bytes(bytes, options.external_data_folder, loader_options(options)), options, {});
}

Model Model::tapped(std::span<const std::string> taps) const {
  ModelOptions options = parts_->options;
  options.taps.insert(options.taps.end(), taps.begin(), taps.end());
  graph::LoadedModel loaded = parts_->loaded;
  if (model::has_forgotten(loaded.graph)) read_again(loaded.graph, parts_->file, options);
  return make_model(std::move(loaded), options, parts_->file);
}

}  // namespace ranvier
