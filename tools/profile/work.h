// What the steps of a plan do, whatever time they take.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ranvier/session.h"
#include "ranvier/tensor.h"

namespace ranvier::profile {

/// An input or output of a step that is there.
struct Operand {
  DataType type = DataType::undefined;
  Shape shape;
};

struct Work {
  std::string name;  ///< That of the node, or of its first output.
  std::string op;    ///< See tools::operator_text; "copy" where an output is only copied.
  std::string implementation;
  std::vector<Operand> inputs;
  std::vector<Operand> outputs;
  std::int64_t flops = 0;  ///< See tools::Layer.
  /// Those of its operands, each read or written once. An operator that picks elements reads as many as it writes.
  std::int64_t bytes = 0;
};

struct PlanWork {
  std::vector<Work> steps;     ///< Those that run together by blocks of rows count as one.
  std::int64_t footprint = 0;  ///< How many bytes of memory a run works on: inputs, outputs, weights and the arena.
};

PlanWork work_of(const Binding& binding);

/// "float [1, 64], float [64, 32]".
std::string operands_text(const std::vector<Operand>& operands);

}  // namespace ranvier::profile
