// RMSNormalization: each row divided by the root of the mean of its squares, then scaled.
// https://onnx.ai/onnx/operators/onnx__RMSNormalization.html
#include "operators/normalization/rows.h"
#include "operators/normalization/standardization.h"

namespace ranvier::operators {
namespace {

/// The output has the scale's type.
void infer(Spec& spec) {
  normalization_epilogue(spec);
  check_real(spec, 1);
  check_broadcasts_to_first(spec, 1);
  row_axes(spec);
  stash_type(spec.node(), FloatTypes::set);
  spec.set_output(0, spec.input(1).type, spec.input(0).shape);
}

// axis (-1): the first of the axes that make up a row
// epsilon (1e-5)
Kernel reference(const Spec& spec) {
  return followed_by_activation(standardize(spec, {.x = spec.input(0).shape,
                                                   .folded = row_axes(spec),
                                                   .scale = spec.input(1).shape,
                                                   .epsilon = spec.node().get<float>("epsilon", 1e-5f),
                                                   .center = Center::zero}),
                                spec);
}

Kernel simd(const Spec& spec) { return normalize_rows(spec, &RowNormalizations::root_mean_square); }

constexpr Implementation implementations[] = {{.name = "simd", .refusal = rows_refusal, .prepare = simd},
                                              {.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator rms_normalization = {
    .inputs = {2, 2}, .types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
