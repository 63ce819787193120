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
  /// For each input where a run gathers it, undefined for the dense ones; empty where all are dense.
  std::vector<Tensor> gathered;
  std::vector<Tensor> outputs;
  executor::Execution execution;
  std::optional<Error> error;

  /// Binding::run, with or without a std::stop_token.
  template <class... Stop>
  bool run(const Stop&... stop) noexcept;
  /// Copies what the strided inputs hold now.
  void gather_inputs();
};

}  // namespace ranvier
