#include "tools/health/tapped_model.h"

#include <algorithm>

#include "runtime/executor/model_parts.h"

namespace ranvier::health {

TappedModel tapped(const Model& model, std::span<const graph::ValueId> values) {
  const Model::Parts& from = model.parts();
  auto parts = std::make_shared<Model::Parts>();
  parts->loaded = from.loaded;
  parts->graph = from.graph;
  parts->rewrites = from.rewrites;
  parts->options = from.options;
  parts->inputs = from.inputs;
  parts->outputs = from.outputs;
  std::vector<graph::ValueId>& outputs = parts->graph.outputs;
  std::vector<std::size_t> places;
  for (const graph::ValueId id : values) {
    const auto place = std::find(outputs.begin(), outputs.end(), id);
    places.push_back(static_cast<std::size_t>(place - outputs.begin()));
    if (place != outputs.end()) continue;
    outputs.push_back(id);
    parts->outputs.push_back(port_of(parts->graph.values[id]));
  }
  return {Model(std::move(parts)), std::move(places)};
}

}  // namespace ranvier::health
