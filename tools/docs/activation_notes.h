// What docs/activations.md says of each activation beyond its row: what nobody can compute.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ranvier::docs {

struct ActivationNote {
  std::string_view name;      ///< Of the row in activations.def, or of an activation of more than one element.
  std::string_view formula;   ///< As a person would write it.
  std::string_view range;     ///< Of the values, for the default parameters.
  std::string_view use;       ///< Where in a network it belongs.
  std::string_view training;  ///< The initializer of the weights, by Keras' name, and the kind of dropout.
  std::string_view advice;    ///< Saturation, dead units, what to choose it for and what not.
  double from = -4;           ///< Where its plot begins and ends.
  double to = 4;
  std::vector<double> parameters = {};  ///< Those that its plot has, where the defaults show too little.
};

/// One for each activation, in the order of their names.
std::span<const ActivationNote> activation_notes();

}  // namespace ranvier::docs
