// Reports for tests.
#pragma once

#include <string>
#include <vector>

#include "tools/health/report.h"

namespace ranvier::health::testing {

/// An observation of the kind of that name, of float values of a shape.
inline Observation observed(const std::string& name, std::string_view kind, const Shape& shape,
                            const std::vector<float>& values) {
  Activation activation = {.name = name, .node = name, .op = {}, .function = std::string(kind), .focus = {}};
  for (const Kind& each : kinds())
    if (each.name == kind) activation.kind = &each;
  activation.focus.gate = activation.kind->gate;
  activation.focus.classes = activation.kind->classes;
  Statistics statistics(activation.focus);
  statistics.add(Tensor::of<float>(shape, values));
  return {std::move(activation), std::nullopt, std::move(statistics)};
}

}  // namespace ranvier::health::testing
