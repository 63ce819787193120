// LayerNormalization: each row brought to mean 0 and variance 1, then scaled and shifted.
// https://onnx.ai/onnx/operators/onnx__LayerNormalization.html
#include "operators/normalization/rows.h"
#include "operators/normalization/standardization.h"

namespace ranvier::operators {
namespace {

/// Scale and bias may not add dimensions to the input's. The type of mean and deviation is the attribute stash_type.
void infer(Spec& spec) {
  normalization_epilogue(spec);
  const Shape& shape = spec.input(0).shape;
  for (const std::size_t i : {1, 2}) {
    check_type_of_first(spec, i);
    check_broadcasts_to_first(spec, i);
  }
  const DataType statistics = stash_type(spec.node(), Types<float, BFloat16>::set);
  spec.set_output(0, spec.input(0).type, shape);
  spec.set_output(1, statistics, folded_shape(shape, row_axes(spec)));
  spec.set_output(2, statistics, folded_shape(shape, row_axes(spec)));
}

// axis (-1): the first of the axes that make up a row
// epsilon (1e-5)
Kernel reference(const Spec& spec) {
  return followed_by_activation(standardize(spec, {.x = spec.input(0).shape,
                                                   .folded = row_axes(spec),
                                                   .scale = spec.input(1).shape,
                                                   .bias = spec.input(2).shape,
                                                   .epsilon = spec.node().get<float>("epsilon", 1e-5f)}),
                                spec);
}

Kernel simd(const Spec& spec) { return normalize_rows(spec, &RowNormalizations::layer); }

constexpr Implementation implementations[] = {{.name = "simd", .refusal = rows_refusal, .prepare = simd},
                                              {.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator layer_normalization = {
    .inputs = {2, 3}, .outputs = {1, 3}, .types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
