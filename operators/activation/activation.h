// The table of activations, for everybody who has to know one from another.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace ranvier::operators {

/// The rows of activations.def.
enum class Activation : std::uint8_t {
#define ACTIVATION(name, onnx, keras, parameters, reference, types, zero, kernel, onednn, ulp) name,
#include "operators/activation/activations.def"
#undef ACTIVATION
};

/// A number that an activation depends on.
struct Parameter {
  std::string_view name;  ///< Of ONNX' attribute.
  double otherwise = 0;   ///< Its default.
};

/// What a row says, apart from the function itself.
struct ActivationRow {
  Activation activation = {};
  std::string_view name;   ///< "hard_swish".
  std::string_view onnx;   ///< "HardSwish"; with "ranvier." before an operator of our own.
  std::string_view keras;  ///< "hard_silu"; empty where Keras has no such activation.
  std::span<const Parameter> parameters;
  bool zero_at_zero = false;  ///< f(0) = 0, whatever the parameters.
  std::string_view onednn;    ///< The algorithm of oneDNN that computes it; empty where it has none.
  double ulp = 0;             ///< The largest error of the float kernel, in units of the true value's last place.
};

/// All rows, in the order of the enumeration.
std::span<const ActivationRow> activations();

/// The row of one activation.
const ActivationRow& describe(Activation activation);

/// A row of an activation of more than one element.
struct JointActivation {
  std::string_view name;
  std::string_view onnx;   ///< As in ActivationRow.
  std::string_view keras;  ///< Empty where Keras has no such activation.
  double ulp = 0;          ///< The largest error of the float kernel, in units of the true value's last place.
};

/// All of them, by name.
std::span<const JointActivation> joint_activations();

/// The value at x. `parameters` are in the order of the row; those missing at the end have their defaults. For loops
/// see functions.h. @throws Error internal for too many parameters.
double reference(Activation activation, double x, std::span<const double> parameters = {});

}  // namespace ranvier::operators
