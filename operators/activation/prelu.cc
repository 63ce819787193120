// PRelu: elements below zero times a slope that is a tensor.
// https://onnx.ai/onnx/operators/onnx__PRelu.html
#include <array>
#include <type_traits>

#include "operators/activation/float_only.h"
#include "operators/activation/kernels.h"
#include "operators/by_rows.h"
#include "operators/elementwise/broadcast.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

using ElementTypes = Joined<FloatTypes, Types<std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>>;

void check_slope_type(const Spec& spec) {
  if (spec.input(1).type != spec.input(0).type)
    fail(ErrorCode::invalid_model, "input 1 (slope) has type {}, expected {} as the first input",
         name(spec.input(1).type), name(spec.input(0).type));
}

/// Before opset 7: the slope as it broadcasts, along axis 1 where there is one for each channel.
Shape shape_by_channel(const Spec& spec) {
  const Shape& x = spec.input(0).shape;
  const std::int64_t slopes = spec.input(1).shape.elements();
  if (slopes == 1) return {};
  const std::int64_t channels = x.rank() < 2 ? 1 : x[1];
  if (slopes != channels)
    fail(ErrorCode::invalid_argument, "input 1 (slope) has {} elements, expected 1 or the {} channels of shape {}",
         slopes, channels, to_string(x));
  Shape shape = Shape::filled(x.rank() - 1, 1);
  shape[0] = channels;
  return shape;
}

/// Since opset 7.
Shape own_shape(const Spec& spec) { return spec.input(1).shape; }

void infer_by_channel(Spec& spec) {
  check_slope_type(spec);
  shape_by_channel(spec);
  infer_as_first_input(spec);
}

void infer(Spec& spec) {
  check_slope_type(spec);
  const Shape& x = spec.input(0).shape;
  const Shape& slope = spec.input(1).shape;
  const Shape shapes[] = {x, slope};
  if (slope.rank() > x.rank() || broadcast(shapes) != x)
    fail(ErrorCode::invalid_argument, "input 1 (slope) of shape {} does not broadcast to the first input's shape {}",
         to_string(slope), to_string(x));
  infer_as_first_input(spec);
}

/// slope * x below zero; integers wrap around.
template <class T>
T sloped(T x, T slope) {
  if constexpr (is_floating<T>) {
    const auto number = static_cast<Compute<T>>(x);
    return number < 0 ? static_cast<T>(static_cast<Compute<T>>(slope) * number) : x;
  } else if constexpr (std::is_signed_v<T>) {
    using Unsigned = std::make_unsigned_t<T>;
    return x < 0 ? static_cast<T>(static_cast<Unsigned>(slope) * static_cast<Unsigned>(x)) : x;
  } else {
    return x;
  }
}

Kernel reference(const Spec& spec, const Shape& slope_shape) {
  const Broadcast<2> walk({spec.input(0).shape, slope_shape}, spec.input(0).shape);
  return dispatch<ElementTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const T* x = buffers.input<T>(0);
      const T* slope = buffers.input<T>(1);
      T* y = buffers.output<T>(0);
      walk.for_each_row([&](std::int64_t to, const auto& from, std::int64_t count, const auto& step) {
        for (std::int64_t i = 0; i < count; ++i) y[to + i] = sloped(x[to + i], slope[from[1] + i * step[1]]);
      });
    }};
  });
}

// The kernel of pairs-inl.h.

Kernel simd(const Spec& spec, const Shape& slope_shape) {
  const std::array<Shape, 2> shapes = {spec.input(0).shape, slope_shape};
  const Broadcast<2> walk(shapes, shapes[0]);
  const Rows rows = rows_of(shapes, shapes[0], 0.2);
  return by_rows(spec, rows,
                 [walk, size = row_size(rows, shapes[0]), prelu = activation_kernels().prelu](
                     const Buffers& buffers, std::size_t count) noexcept {
                   const float* x = buffers.input<float>(0);
                   const float* slope = buffers.input<float>(1);
                   float* y = buffers.output<float>(0);
                   walk.for_each_row(0, static_cast<std::int64_t>(count) * size,
                                     [&](std::int64_t to, const auto& from, std::int64_t some, const auto& step) {
                                       prelu(x + to, slope + from[1], static_cast<std::size_t>(step[1]), y + to,
                                             static_cast<std::size_t>(some));
                                     });
                 });
}

/// The implementations, for the shape as which the slope broadcasts.
template <Shape (*slope_shape)(const Spec&)>
constexpr Implementation implementations[] = {
    {.name = "simd",
     .refusal = refusal_unless_float,
     .prepare = [](const Spec& spec) { return simd(spec, slope_shape(spec)); }},
    {.name = "reference", .prepare = [](const Spec& spec) { return reference(spec, slope_shape(spec)); }},
};

}  // namespace

extern const Operator prelu_by_channel = {.inputs = {2, 2},
                                          .types = ElementTypes::set,
                                          .infer = infer_by_channel,
                                          .implementations = implementations<shape_by_channel>};

extern const Operator prelu = {
    .inputs = {2, 2}, .types = ElementTypes::set, .infer = infer, .implementations = implementations<own_shape>};

}  // namespace ranvier::operators
