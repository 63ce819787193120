// Max, Min, Sum and Mean: any number of inputs, element by element.
// https://onnx.ai/onnx/operators/onnx__Max.html and its like
#include <algorithm>
#include <vector>

#include "operators/elementwise/arithmetic.h"
#include "operators/elementwise/broadcast.h"
#include "operators/operator.h"
#include "runtime/core/small_float.h"

namespace ranvier::operators {
namespace {

void require_one_type(const Spec& spec) {
  for (std::size_t i = 1; i < spec.input_count(); ++i)
    if (spec.input(i).type != spec.input(0).type)
      fail(ErrorCode::invalid_model, "inputs 0 and {} have types {} and {}, expected the same", i,
           name(spec.input(0).type), spec.input(i).present() ? name(spec.input(i).type) : "none");
}

void infer(Spec& spec) {
  require_one_type(spec);
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < spec.input_count(); ++i) shapes.push_back(spec.input(i).shape);
  spec.set_output(0, spec.input(0).type, broadcast(shapes));
}

/// Before opset 8 all shapes are the same.
void infer_without_broadcasting(Spec& spec) {
  require_one_type(spec);
  for (std::size_t i = 1; i < spec.input_count(); ++i)
    if (spec.input(i).shape != spec.input(0).shape)
      fail(ErrorCode::invalid_argument, "inputs 0 and {} have shapes {} and {}, expected the same before opset 8", i,
           to_string(spec.input(0).shape), to_string(spec.input(i).shape));
  spec.set_output(0, spec.input(0).type, spec.input(0).shape);
}

/// How each input is walked in the order of the output's elements.
std::vector<Broadcast<1>> walks(const Spec& spec) {
  std::vector<Broadcast<1>> result;
  for (std::size_t i = 0; i < spec.input_count(); ++i)
    result.push_back(Broadcast<1>({spec.input(i).shape}, spec.output(0).shape));
  return result;
}

/// result[i] = function(result[i], element i of `input` as it is broadcast).
template <class Function, class T, class R>
void combine(const Function& function, const Broadcast<1>& walk, const T* input, R* result) {
  walk.for_each_row([=](std::int64_t to, const auto& from, std::int64_t count, const auto& step) {
    const T* row = input + from[0];
    R* out = result + to;
    if (step[0] == 1) {
      for (std::int64_t i = 0; i < count; ++i) out[i] = function(out[i], row[i]);
    } else {
      for (std::int64_t i = 0; i < count; ++i) out[i] = function(out[i], *row);
    }
  });
}

/// maximum or minimum: each of the inputs in turn, in the output itself.
template <auto function>
Kernel extreme(const Spec& spec) {
  return dispatch<NumericTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    return {[inputs = walks(spec)](const Buffers& buffers) {
      T* out = buffers.output<T>(0);
      const auto first = [](T, T x) { return x; };
      const auto better = [](T a, T b) {
        return static_cast<T>(function(static_cast<Compute<T>>(a), static_cast<Compute<T>>(b)));
      };
      combine(first, inputs[0], buffers.input<T>(0), out);
      for (std::size_t i = 1; i < inputs.size(); ++i) combine(better, inputs[i], buffers.input<T>(i), out);
    }};
  });
}

/// The sum in double, divided by `divisor` and rounded once.
Kernel sum_over(const Spec& spec, double divisor) {
  const std::int64_t count = spec.output(0).shape.elements();
  const std::size_t scratch_bytes = byte_size(DataType::float64, spec.output(0).shape);
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const auto run = [inputs = walks(spec), count, divisor](const Buffers& buffers) {
      auto* sums = reinterpret_cast<double*>(buffers.scratch);
      std::fill(sums, sums + count, -0.0);  // to which -0 can be added and remain
      const auto plus = [](double sum, T x) { return sum + static_cast<double>(static_cast<Compute<T>>(x)); };
      for (std::size_t i = 0; i < inputs.size(); ++i) combine(plus, inputs[i], buffers.input<T>(i), sums);
      T* out = buffers.output<T>(0);
      for (std::int64_t i = 0; i < count; ++i) out[i] = rounded<T>(sums[i] / divisor);
    };
    return {run, scratch_bytes};
  });
}

Kernel sum(const Spec& spec) { return sum_over(spec, 1); }
Kernel mean(const Spec& spec) { return sum_over(spec, static_cast<double>(spec.input_count())); }

template <Kernel (*prepare)(const Spec&)>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = prepare}};

template <Kernel (*prepare)(const Spec&)>
constexpr Operator variadic(TypeSet types, void (*infer_output)(Spec&)) {
  return {
      .inputs = {1, any_number}, .types = types, .infer = infer_output, .implementations = implementations<prepare>};
}

constexpr TypeSet numbers = NumericTypes::set;
constexpr TypeSet reals = FloatTypes::set;

}  // namespace

// clang-format off
extern const Operator variadic_max            = variadic<extreme<maximum>>(numbers, infer);
extern const Operator variadic_max_same_shape = variadic<extreme<maximum>>(numbers, infer_without_broadcasting);
extern const Operator variadic_min            = variadic<extreme<minimum>>(numbers, infer);
extern const Operator variadic_min_same_shape = variadic<extreme<minimum>>(numbers, infer_without_broadcasting);
extern const Operator variadic_sum            = variadic<sum>(reals, infer);
extern const Operator variadic_sum_same_shape = variadic<sum>(reals, infer_without_broadcasting);
extern const Operator variadic_mean            = variadic<mean>(reals, infer);
extern const Operator variadic_mean_same_shape = variadic<mean>(reals, infer_without_broadcasting);
// clang-format on

}  // namespace ranvier::operators
