// What graphs are made of: layers as exporters write them, and things that look like parts of them.
#pragma once

#include <span>
#include <string_view>

#include "tests/random_graphs/growth.h"

namespace ranvier::random_graphs {

/// A layer of one tensor: a function that adds its nodes, or a formula (speller.h).
struct Layer {
  std::string_view name;
  int weight = 1;  ///< How often it is taken, compared with the others.
  ValueId (*add)(Growth& growth, ValueId x) = nullptr;
  std::string_view formula = {};
};

std::span<const Layer> layers();

/// Adds the layer. @throws Error where it does not fit x.
ValueId add_layer(Growth& growth, const Layer& layer, ValueId x);

/// x times constant weights, with or without a bias, and with whatever exporters write around it.
ValueId dense(Growth& growth, ValueId x);
/// The mean of each row, which keeps the dimension.
ValueId mean(Growth& growth, ValueId x);

// shape_layers.cc: what moves elements and changes few or none.
ValueId reshaped_and_back(Growth& growth, ValueId x);
ValueId transposed_and_back(Growth& growth, ValueId x);
ValueId squeezed_and_back(Growth& growth, ValueId x);
ValueId split_and_joined(Growth& growth, ValueId x);
ValueId flattened(Growth& growth, ValueId x);
ValueId sliced(Growth& growth, ValueId x);
ValueId expanded(Growth& growth, ValueId x);
ValueId pooled(Growth& growth, ValueId x);
ValueId cast_and_back(Growth& growth, ValueId x);

}  // namespace ranvier::random_graphs
