// What is looked for in the values of each kind of activation.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "runtime/graph/graph.h"

namespace ranvier::health {

/// When a unit is on.
enum class Gate {
  none,      ///< It makes no such difference.
  positive,  ///< Above 0.
  nonzero,   ///< Other than 0.
};

/// What the elements of a lane are.
enum class Classes { none, probabilities, logarithms };

/// The values between which an activation has a slope worth the name; it is flat at `low` and below, at `high` and
/// above.
struct Steep {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// A row of the table of kinds.
struct Kind {
  std::string_view name;  ///< That of the row in activations.def, or of an activation of more than one element.
  Gate gate = Gate::none;
  Classes classes = Classes::none;
  Steep (*steep)(std::span<const double> parameters) = nullptr;  ///< Null: nowhere flat.
  std::string_view flat = {};                                    ///< The flat part in words.
};

/// The rows, those of activations.def in their order first.
std::span<const Kind> kinds();

/// An activation as a node of a graph applies it.
struct Application {
  const Kind* kind = nullptr;
  std::string function;  ///< Keras' name where it has one.
  Steep steep;
};

/// What a node applies; no kind where its operator is no activation. @throws Error invalid_model for an attribute of
/// the wrong kind.
Application application(const graph::Graph& graph, const graph::Node& node);

}  // namespace ranvier::health
