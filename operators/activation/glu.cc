// Glu: Keras' gated linear unit. The axis is cut into two halves, a and b: a * sigmoid(b).
// https://keras.io/api/layers/activations/#glu-function
#include "operators/activation/float_only.h"
#include "operators/activation/functions.h"
#include "operators/activation/kernels.h"
#include "operators/operator.h"
#include "operators/parallel.h"

namespace ranvier::operators {
namespace {

std::size_t axis_of(const Spec& spec) {
  return normalized_axis(spec.node().get<std::int64_t>("axis", -1), spec.input(0).shape.rank());
}

void infer(Spec& spec) {
  Shape shape = spec.input(0).shape;
  const std::size_t axis = axis_of(spec);
  if (shape[axis] % 2 != 0)
    fail(ErrorCode::invalid_argument, "axis {} of shape {} has size {}, expected an even one", axis, to_string(shape),
         shape[axis]);
  shape[axis] /= 2;
  spec.set_output(0, spec.input(0).type, shape);
}

/// How the input lies in memory: runs of `length` elements of a, each followed by as many of b.
struct Halves {
  std::int64_t count = 0;  ///< Elements of all halves a, which is that of the output.
  std::int64_t length = 1;
};

Halves halves_of(const Spec& spec) {
  const Shape& shape = spec.output(0).shape;
  const std::int64_t count = shape.elements();
  if (count == 0) return {};
  return {count, product(shape, axis_of(spec), shape.rank())};
}

/// Puts right what the kernel cannot: where b is so far below zero that its sigmoid is no ordinary float.
void gate_far(const float* a, const float* b, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i)
    if (b[i] < least_exact_gate) y[i] = static_cast<float>(functions::gated_linear(double{a[i]}, double{b[i]}));
}

Kernel simd(const Spec& spec) {
  const Halves halves = halves_of(spec);
  constexpr double nanoseconds_each = 0.4;
  constexpr std::int64_t at_once = 2048;  // elements: the kernel goes over its output twice, from the nearest cache
  const Parts parts = parts_for(spec.settings(), nanoseconds_each * static_cast<double>(halves.count));
  return {[=, glu = activation_kernels().glu, pool = spec.settings().pool](const Buffers& buffers) {
    const float* x = buffers.input<float>(0);
    float* y = buffers.output<float>(0);
    parallel_for_pieces(pool, parts, halves.count, [&](std::int64_t first, std::int64_t last) noexcept {
      while (first < last) {
        const std::int64_t within = first % halves.length;
        const std::int64_t count = std::min({last - first, halves.length - within, at_once});
        const float* a = x + 2 * (first - within) + within;
        const float* b = a + halves.length;
        if (!glu(a, b, y + first, static_cast<std::size_t>(count))) gate_far(a, b, y + first, count);
        first += count;
      }
    });
  }};
}

Kernel reference(const Spec& spec) {
  const Halves halves = halves_of(spec);
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const T* x = buffers.input<T>(0);
      T* y = buffers.output<T>(0);
      const auto number = [&](std::int64_t i) { return static_cast<double>(static_cast<Compute<T>>(x[i])); };
      for (std::int64_t i = 0; i < halves.count; ++i) {
        const std::int64_t a = i + i / halves.length * halves.length;
        y[i] = static_cast<T>(static_cast<Compute<T>>(functions::gated_linear(number(a), number(a + halves.length))));
      }
    }};
  });
}

constexpr Implementation implementations[] = {
    {.name = "simd", .refusal = refusal_unless_float, .prepare = simd},
    {.name = "reference", .prepare = reference},
};

}  // namespace

extern const Operator glu = {.types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
