// Clip: every element raised to `min`, then lowered to `max`. Before opset 11, when the bounds were attributes, it is a
// row of activations.def.
// https://onnx.ai/onnx/operators/onnx__Clip.html
#include "operators/activation/functions.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

constexpr std::string_view bounds[] = {"", "min", "max"};

void infer(Spec& spec) {
  for (std::size_t i = 1; i <= 2; ++i) {
    const TensorInfo& bound = spec.input(i);
    if (!bound.present()) continue;
    if (bound.type != spec.input(0).type)
      fail(ErrorCode::invalid_model, "input {} ({}) has type {}, expected {} as the first input", i, bounds[i],
           name(bound.type), name(spec.input(0).type));
    if (bound.shape.elements() != 1)
      fail(ErrorCode::invalid_argument, "input {} ({}) has shape {}, expected a scalar", i, bounds[i],
           to_string(bound.shape));
  }
  infer_as_first_input(spec);
}

/// A bound that is absent does not limit: infinities pass.
Kernel reference(const Spec& spec) {
  const std::int64_t count = spec.input(0).shape.elements();
  const bool has_min = spec.input(1).present();
  const bool has_max = spec.input(2).present();
  return dispatch<NumericTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      using Number = Compute<T>;
      using Limits = std::numeric_limits<Number>;
      const T* x = buffers.input<T>(0);
      T* y = buffers.output<T>(0);
      const Number lowest = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
      const Number highest = Limits::has_infinity ? Limits::infinity() : Limits::max();
      const Number min = has_min ? static_cast<Number>(*buffers.input<T>(1)) : lowest;
      const Number max = has_max ? static_cast<Number>(*buffers.input<T>(2)) : highest;
      for (std::int64_t i = 0; i < count; ++i)
        y[i] = static_cast<T>(functions::clamped(static_cast<Number>(x[i]), min, max));
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator clip = {
    .inputs = {1, 3}, .types = NumericTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
