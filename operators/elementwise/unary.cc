// Operators of one input, element by element: the functions of mathematics, signs, rounding, logic and bits.
// https://onnx.ai/onnx/operators/onnx__Abs.html and its like
#include <array>
#include <cmath>

#include "operators/elementwise/arithmetic.h"
#include "operators/operator.h"
#include "runtime/core/small_float.h"

namespace ranvier::operators {
namespace {

void infer_like_input(Spec& spec) { spec.set_output(0, spec.input(0).type, spec.input(0).shape); }
void infer_bool(Spec& spec) { spec.set_output(0, DataType::boolean, spec.input(0).shape); }

template <class In, class Out, class Function>
Kernel each(const Spec& spec, const Function& function) {
  const std::int64_t count = spec.input(0).shape.elements();
  return {[=](const Buffers& buffers) {
    const In* in = buffers.input<In>(0);
    Out* out = buffers.output<Out>(0);
    for (std::int64_t i = 0; i < count; ++i) out[i] = function(in[i]);
  }};
}

/// A real function in double, rounded once.
template <auto function>
Kernel in_double(const Spec& spec) {
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() {
    return each<T, T>(spec, [](T x) { return rounded<T>(function(static_cast<double>(static_cast<Compute<T>>(x)))); });
  });
}

/// What is exact, or rounded right, in the type that elements are computed in.
template <auto function, class List>
Kernel in_own_type(const Spec& spec) {
  return dispatch<List>(spec.input(0).type, [&]<class T>() {
    return each<T, T>(spec, [](T x) { return static_cast<T>(function(static_cast<Compute<T>>(x))); });
  });
}

/// A question to real numbers; float8 codes have their answers in a table.
template <class Question>
Kernel asked(const Spec& spec, const Question& question) {
  const DataType type = spec.input(0).type;
  if (FloatTypes::set.contains(type))
    return dispatch<FloatTypes>(type, [&]<class T>() {
      return each<T, bool>(spec, [question](T x) { return question(static_cast<Compute<T>>(x)); });
    });
  std::array<bool, 256> answers;
  for (std::uint16_t code = 0; code < 256; ++code) answers[code] = question(decode(*float_format(type), code));
  return each<std::uint8_t, bool>(spec, [answers](std::uint8_t code) { return answers[code]; });
}

Kernel is_nan(const Spec& spec) {
  return asked(spec, [](auto x) { return x != x; });
}

// detect_positive (1), detect_negative (1): which infinities count
Kernel is_infinite(const Spec& spec) {
  const bool positive = spec.node().get<std::int64_t>("detect_positive", 1) != 0;
  const bool negative = spec.node().get<std::int64_t>("detect_negative", 1) != 0;
  return asked(spec, [=](auto x) { return std::isinf(x) && (x > 0 ? positive : negative); });
}

Kernel logical_not(const Spec& spec) {
  return each<bool, bool>(spec, [](bool x) { return !x; });
}

constexpr auto absolute = []<class T>(T x) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::abs(x);
  } else {
    return x < 0 ? subtract(T{0}, x) : x;
  }
};
constexpr auto negated = []<class T>(T x) {
  if constexpr (std::is_floating_point_v<T>) {
    return -x;
  } else {
    return subtract(T{0}, x);
  }
};
constexpr auto sign = []<class T>(T x) {
  if (x != x) return x;  // NaN
  return static_cast<T>((x > 0) - (x < 0));
};
constexpr auto inverted = []<class T>(T x) { return static_cast<T>(~x); };
constexpr auto reciprocal = []<class T>(T x) { return T{1} / x; };

using Prepare = Kernel (*)(const Spec&);

template <Prepare prepare>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = prepare}};

template <Prepare prepare>
constexpr Operator unary(TypeSet types) {
  return {.types = types, .infer = infer_like_input, .implementations = implementations<prepare>};
}

template <Prepare prepare>
constexpr Operator question(TypeSet types) {
  return {.types = types, .infer = infer_bool, .implementations = implementations<prepare>};
}

template <auto function, class List = FloatTypes>
constexpr Operator exact = unary<in_own_type<function, List>>(List::set);

template <auto function>
constexpr Operator real = unary<in_double<function>>(FloatTypes::set);

constexpr TypeSet float8 =
    TypeSet::of(DataType::float8e4m3fn, DataType::float8e4m3fnuz, DataType::float8e5m2, DataType::float8e5m2fnuz);

}  // namespace

// clang-format off
extern const Operator unary_abs         = exact<absolute, NumericTypes>;
extern const Operator unary_neg         = exact<negated, Joined<FloatTypes, SignedTypes>>;
extern const Operator unary_sign        = exact<sign, NumericTypes>;
extern const Operator unary_bitwise_not = exact<inverted, IntegerTypes>;

extern const Operator unary_ceil        = exact<[](auto x) { return std::ceil(x); }>;
extern const Operator unary_floor       = exact<[](auto x) { return std::floor(x); }>;
extern const Operator unary_round       = exact<[](auto x) { return std::nearbyint(x); }>;  // half to even
extern const Operator unary_reciprocal  = exact<reciprocal>;
extern const Operator unary_sqrt        = exact<[](auto x) { return std::sqrt(x); }>;

extern const Operator unary_acos        = real<[](double x) { return std::acos(x); }>;
extern const Operator unary_acosh       = real<[](double x) { return std::acosh(x); }>;
extern const Operator unary_asin        = real<[](double x) { return std::asin(x); }>;
extern const Operator unary_asinh       = real<[](double x) { return std::asinh(x); }>;
extern const Operator unary_atan        = real<[](double x) { return std::atan(x); }>;
extern const Operator unary_atanh       = real<[](double x) { return std::atanh(x); }>;
extern const Operator unary_cos         = real<[](double x) { return std::cos(x); }>;
extern const Operator unary_cosh        = real<[](double x) { return std::cosh(x); }>;
extern const Operator unary_log         = real<[](double x) { return std::log(x); }>;
extern const Operator unary_sin         = real<[](double x) { return std::sin(x); }>;
extern const Operator unary_sinh        = real<[](double x) { return std::sinh(x); }>;
extern const Operator unary_tan         = real<[](double x) { return std::tan(x); }>;
// Not in ONNX, but in what Keras exports: tf2onnx leaves them in gelu and celu under TensorFlow's names.
extern const Operator unary_erfc        = real<[](double x) { return std::erfc(x); }>;
extern const Operator unary_expm1       = real<[](double x) { return std::expm1(x); }>;

extern const Operator unary_not         = question<logical_not>(BoolType::set);
extern const Operator unary_is_nan      = question<is_nan>(FloatTypes::set | float8);
extern const Operator unary_is_inf      = question<is_infinite>(FloatTypes::set | float8);
// clang-format on

}  // namespace ranvier::operators
