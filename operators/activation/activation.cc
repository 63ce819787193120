// The operators that are one row of activations.def.
// https://onnx.ai/onnx/operators/onnx__Elu.html and the like
#include "operators/activation/activation.h"

#include "operators/activation/float_only.h"
#include "operators/activation/functions.h"
#include "operators/activation/kernels.h"
#include "operators/by_rows.h"
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

// The kernels of kernels-inl.h.

using Parameters = std::array<float, 3>;

/// The numbers that a kernel wants, from the function object.
template <class Function>
Parameters kernel_parameters(Function function) {
  Parameters result{};
  const auto from = functions::members(function);
  for (std::size_t i = 0; i < from.size(); ++i) result[i] = static_cast<float>(*from[i]);
  return result;
}

std::optional<std::string> simd_refusal(Activation activation, const Spec& spec, const Parameters& parameters) {
  if (auto not_float = refusal_unless_float(spec)) return not_float;
  const char* reason = activation_kernels()[activation].refusal(parameters.data());
  return reason == nullptr ? std::nullopt : std::optional<std::string>(reason);
}

Kernel simd(Activation activation, const Spec& spec, const Parameters& parameters) {
  const auto count = static_cast<std::size_t>(spec.input(0).shape.elements());
  constexpr double nanoseconds_each = 0.3;
  return by_rows(
      spec,
      {.count = count,
       .together = elements_together,
       .apart = elements_together,
       .nanoseconds = nanoseconds_each * static_cast<double>(count)},
      [run = activation_kernels()[activation].run, parameters](const Buffers& buffers, std::size_t some) noexcept {
        run(buffers.input<float>(0), buffers.output<float>(0), some, parameters.data());
      });
}

/// The functions that one Operator's implementations are made of, for one row.
template <class ElementTypes, Activation activation, class Function>
struct Row {
  static Parameters parameters(const Spec& spec) { return kernel_parameters(function_of<Function>(spec.node())); }
  static std::optional<std::string> simd_refusal(const Spec& spec) {
    return operators::simd_refusal(activation, spec, parameters(spec));
  }
  static Kernel simd(const Spec& spec) { return operators::simd(activation, spec, parameters(spec)); }
  static constexpr Implementation implementations[] = {
      {.name = "simd", .refusal = simd_refusal, .prepare = simd},
      {.name = "reference", .prepare = reference<ElementTypes, Function>},
  };
};

template <class ElementTypes, Activation activation, class Function>
constexpr Operator operator_of = {.types = ElementTypes::set,
                                  .infer = infer_as_first_input,
                                  .implementations = Row<ElementTypes, activation, Function>::implementations};

#define ACTIVATION(name, onnx, keras, parameter_list, reference, types, zero, kernel, onednn, ulp) \
  constexpr auto name##_parameters = functions::parameters<functions::name>();
#include "operators/activation/activations.def"
#undef ACTIVATION

constexpr bool yes = true;
constexpr bool no = false;
constexpr std::string_view unless_none(std::string_view name) { return name == "none" ? "" : name; }

constexpr ActivationRow rows[] = {
#define ACTIVATION(name, onnx, keras, parameters, reference, types, zero, kernel, onednn, ulp) \
  {Activation::name, #name, onnx, keras, name##_parameters, zero, unless_none(#onednn), ulp},
#include "operators/activation/activations.def"
#undef ACTIVATION
};

/// Selu with parameters as they were before opset 6.
struct ShortSelu : functions::selu {
  constexpr ShortSelu() : functions::selu{1.6732f, 1.0507f} {}
};

/// Calls `visitor` with the row that the attribute names: its Activation and its function.
template <class Visitor>
auto with_gelu(const Spec& spec, const Visitor& visitor) {
  const auto approximate = spec.node().get<std::string>("approximate", "none");
  if (approximate == "none") return visitor(Activation::gelu, functions::gelu{});
  if (approximate == "tanh") return visitor(Activation::gelu_tanh, functions::gelu_tanh{});
  fail(ErrorCode::invalid_model, "attribute 'approximate' is '{}', expected 'none' or 'tanh'", approximate);
}

constexpr Implementation gelu_implementations[] = {
    {.name = "simd",
     .refusal =
         [](const Spec& spec) {
           return with_gelu(
               spec, [&](Activation row, const auto& f) { return simd_refusal(row, spec, kernel_parameters(f)); });
         },
     .prepare =
         [](const Spec& spec) {
           return with_gelu(spec, [&](Activation row, const auto& f) { return simd(row, spec, kernel_parameters(f)); });
         }},
    {.name = "reference",
     .prepare =
         [](const Spec& spec) {
           return with_gelu(spec, [&](Activation, const auto& f) { return elementwise<FloatTypes>(spec, f); });
         }},
};

constexpr JointActivation joint_rows[] = {
#define ACTIVATION(...)
#define JOINT_ACTIVATION(name, onnx, keras, ulp) {#name, onnx, keras, ulp},
#include "operators/activation/activations.def"
#undef JOINT_ACTIVATION
#undef ACTIVATION
};

}  // namespace

std::span<const ActivationRow> activations() { return rows; }

std::span<const JointActivation> joint_activations() { return joint_rows; }

const ActivationRow& describe(Activation activation) { return rows[static_cast<std::size_t>(activation)]; }

double reference(Activation activation, double x, std::span<const double> parameters) {
  return functions::with_function(activation, parameters, [&](const auto& function) -> double { return function(x); });
}

#define ACTIVATION(name, onnx, keras, parameters, reference, types, zero, kernel, onednn, ulp) \
  extern const Operator activation_##name = operator_of<types, Activation::name, functions::name>;
#include "operators/activation/activations.def"
#undef ACTIVATION

extern const Operator selu_with_short_defaults = operator_of<FloatTypes, Activation::selu, ShortSelu>;

extern const Operator gelu = {
    .types = FloatTypes::set, .infer = infer_as_first_input, .implementations = gelu_implementations};

}  // namespace ranvier::operators
