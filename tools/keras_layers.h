// The layers of Keras that a model was exported from.
#pragma once

#include <string>
#include <vector>

#include "tools/layers.h"

namespace ranvier::tools {

/// By node: the name of the layer that it was exported from, as Keras has it; empty where the exporter did not leave
/// it. TensorFlow's names are "model/layer/...": exporting calls the model a second time, for which TensorFlow appends
/// a number to the names of the model and of all of its layers; that is taken off again.
std::vector<std::string> layer_names(const graph::Graph& graph);

/// What one layer became.
struct LayerRow {
  Layer layer;                         ///< All of its steps together, with the last one's shape.
  std::vector<std::string> operators;  ///< Of the steps.
};

/// The steps of each layer as one row, where its first step is; a step without a layer is a row of its own unless it
/// lies between two steps of one layer. `names` are those of layer_names().
std::vector<LayerRow> by_layer(const std::vector<Layer>& steps, const std::vector<std::string>& names);

}  // namespace ranvier::tools
