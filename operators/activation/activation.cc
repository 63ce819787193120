// The operators that are one row of activations.def.
// https://onnx.ai/onnx/operators/onnx__Elu.html and the like
#include "operators/activation/activation.h"

#include "operators/activation/functions.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

using SignedNumbers = Joined<FloatTypes, SignedTypes>;

/// The function with the node's attributes, and its own defaults for those the node does not have.
template <class Function>
Function function_of(const graph::Node& node) {
  Function function;
  constexpr auto parameters = functions::parameters<Function>();
  const auto members = functions::members(function);
  for (std::size_t i = 0; i < members.size(); ++i)
    if (const float* given = node.find<float>(parameters[i].name)) *members[i] = *given;
  return function;
}

/// The integer nearest to zero from `x`, or the nearest that T has; 0 for NaN.
template <class T>
T truncated(double x) {
  if (std::isnan(x)) return 0;
  if (x >= std::ldexp(1.0, std::numeric_limits<T>::digits)) return std::numeric_limits<T>::max();
  if (x <= static_cast<double>(std::numeric_limits<T>::lowest())) return std::numeric_limits<T>::lowest();
  return static_cast<T>(x);
}

template <class T, class Function>
T applied(const Function& function, T x) {
  if constexpr (is_floating<T>) {
    const auto argument = static_cast<double>(static_cast<Compute<T>>(x));
    return static_cast<T>(static_cast<Compute<T>>(function(argument)));
  } else if constexpr (std::is_integral_v<decltype(function(x))>) {
    return static_cast<T>(function(x));
  } else {
    return truncated<T>(function(x));
  }
}

template <class ElementTypes, class Function>
Kernel elementwise(const Spec& spec, const Function& function) {
  const std::int64_t count = spec.input(0).shape.elements();
  return dispatch<ElementTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const T* x = buffers.input<T>(0);
      T* y = buffers.output<T>(0);
      for (std::int64_t i = 0; i < count; ++i) y[i] = applied(function, x[i]);
    }};
  });
}

template <class ElementTypes, class Function>
Kernel reference(const Spec& spec) {
  return elementwise<ElementTypes>(spec, function_of<Function>(spec.node()));
}

template <class ElementTypes, class Function>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference<ElementTypes, Function>}};

template <class ElementTypes, class Function>
constexpr Operator operator_of = {.types = ElementTypes::set,
                                  .infer = infer_as_first_input,
                                  .implementations = implementations<ElementTypes, Function>};

#define ACTIVATION(name, onnx, keras, parameter_list, reference, types, zero, kernel, onednn) \
  constexpr auto name##_parameters = functions::parameters<functions::name>();
#include "operators/activation/activations.def"
#undef ACTIVATION

constexpr bool yes = true;
constexpr bool no = false;

constexpr ActivationRow rows[] = {
#define ACTIVATION(name, onnx, keras, parameters, reference, types, zero, kernel, onednn) \
  {Activation::name, #name, onnx, keras, name##_parameters, zero},
#include "operators/activation/activations.def"
#undef ACTIVATION
};

/// Selu with parameters as they were before opset 6.
struct ShortSelu : functions::selu {
  constexpr ShortSelu() : functions::selu{1.6732f, 1.0507f} {}
};

/// One of two rows, as the attribute says.
Kernel gelu_reference(const Spec& spec) {
  const auto approximate = spec.node().get<std::string>("approximate", "none");
  if (approximate == "none") return elementwise<FloatTypes>(spec, functions::gelu{});
  if (approximate == "tanh") return elementwise<FloatTypes>(spec, functions::gelu_tanh{});
  fail(ErrorCode::invalid_model, "attribute 'approximate' is '{}', expected 'none' or 'tanh'", approximate);
}

constexpr Implementation gelu_implementations[] = {{.name = "reference", .prepare = gelu_reference}};

}  // namespace

std::span<const ActivationRow> activations() { return rows; }

const ActivationRow& describe(Activation activation) { return rows[static_cast<std::size_t>(activation)]; }

double reference(Activation activation, double x, std::span<const double> parameters) {
  return functions::with_function(activation, parameters, [&](const auto& function) -> double { return function(x); });
}

#define ACTIVATION(name, onnx, keras, parameters, reference, types, zero, kernel, onednn) \
  extern const Operator activation_##name = operator_of<types, functions::name>;
#include "operators/activation/activations.def"
#undef ACTIVATION

extern const Operator selu_with_short_defaults = operator_of<FloatTypes, ShortSelu>;

extern const Operator gelu = {
    .types = FloatTypes::set, .infer = infer_as_first_input, .implementations = gelu_implementations};

}  // namespace ranvier::operators
