// Seeing inside of a model.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ranvier/model.h"
#include "runtime/graph/graph.h"

namespace ranvier::health {

/// A model that gives inner values too.
struct TappedModel {
  Model model;                      ///< Its first outputs are those of the model it was made of.
  std::vector<std::size_t> places;  ///< For each value that was asked for, its position among the outputs.
};

/// `model` with those values of its graph (parts().graph) among its outputs.
TappedModel tapped(const Model& model, std::span<const graph::ValueId> values);

}  // namespace ranvier::health
