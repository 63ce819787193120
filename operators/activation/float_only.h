// What the implementations for floats refuse.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>

#include "operators/operator.h"

namespace ranvier::operators {

/// Implementation::refusal where the first input has to be float.
inline std::optional<std::string> refusal_unless_float(const Spec& spec) {
  if (spec.input(0).type == DataType::float32) return std::nullopt;
  return fmt::format("it takes float, not {}", name(spec.input(0).type));
}

}  // namespace ranvier::operators
