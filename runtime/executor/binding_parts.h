// What a Binding holds, for the parts of Ranvier that look inside.
#pragma once

#include <optional>
#include <vector>

#include "ranvier/session.h"
#include "runtime/executor/execution.h"

namespace ranvier {

struct Binding::Parts {
  // In this order: the execution refers to the plan, which refers to the model's constants.
  Model model;
  std::vector<Tensor> inputs;
  std::vector<Tensor> outputs;
  executor::Execution execution;
  std::optional<Error> error;
};

}  // namespace ranvier
