// MeanVarianceNormalization: the elements along some axes brought to mean 0 and variance 1.
// https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html
#include <cmath>

#include "operators/normalization/standardization.h"

namespace ranvier::operators {
namespace {

// axes ([0, 2, 3], which leaves the channels)
AxisSet axes(const Spec& spec) {
  return axis_set(spec.node().get<std::vector<std::int64_t>>("axes", {0, 2, 3}), spec.input(0).shape.rank());
}

void infer(Spec& spec) {
  axes(spec);
  infer_as_first_input(spec);
}

double factor(double variance, double epsilon) { return 1 / (std::sqrt(variance) + epsilon); }

/// ONNX' definition as a function has this epsilon.
Kernel reference(const Spec& spec) {
  return standardize(spec, {.x = spec.input(0).shape, .folded = axes(spec), .epsilon = 1e-9f, .factor = factor});
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator mean_variance_normalization = {
    .types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
