// Models ready to run, for tests of what a run does besides computing.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ranvier/session.h"

namespace ranvier::allocation {

/// A bound model that has run once already.
struct Example {
  std::string name;
  std::vector<Tensor> inputs;
  std::vector<Tensor> outputs;
  std::unique_ptr<Binding> binding;
  std::set<std::string_view> implementations;  ///< Of the plan's steps.
};

/// One operator each: every one that can be bound to small tensors of one type without attributes.
std::vector<Example> single_operators();

/// Graphs of activations, elementwise and shape operators.
std::vector<Example> small_graphs();

/// The models in a folder of the project, on their own test data; without those that are unsupported or whose outputs
/// cannot be bound.
std::vector<Example> models_in(const std::string& folder);

}  // namespace ranvier::allocation
