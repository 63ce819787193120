// LayerNormalization: each row brought to mean 0 and variance 1, then scaled and shifted.
// https://onnx.ai/onnx/operators/onnx__LayerNormalization.html
#include <cmath>

#include "operators/elementwise/broadcast.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

std::size_t first_normalized(const Spec& spec) {
  return normalized_axis(spec.node().get<std::int64_t>("axis", -1), spec.input(0).shape.rank());
}

/// Scale and bias broadcast to the input, to which they may not add dimensions.
void check_operand(const Spec& spec, std::size_t i) {
  if (!spec.input(i).present()) return;
  if (spec.input(i).type != spec.input(0).type)
    fail(ErrorCode::invalid_model, "inputs 0 and {} have types {} and {}, expected the same", i,
         name(spec.input(0).type), name(spec.input(i).type));
  const Shape shapes[] = {spec.input(0).shape, spec.input(i).shape};
  if (broadcast(shapes) != spec.input(0).shape)
    fail(ErrorCode::invalid_argument, "input {} of shape {} does not broadcast to the input's shape {}", i,
         to_string(spec.input(i).shape), to_string(spec.input(0).shape));
}

void infer(Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  const std::size_t axis = first_normalized(spec);
  check_operand(spec, 1);
  check_operand(spec, 2);
  if (spec.node().get<std::int64_t>("stash_type", 1) != 1)
    fail(ErrorCode::unsupported, "attribute 'stash_type' is {}, supported is 1 (float)",
         spec.node().get<std::int64_t>("stash_type", 1));
  Shape statistics = shape;
  for (std::size_t i = axis; i < shape.rank(); ++i) statistics[i] = 1;
  spec.set_output(0, spec.input(0).type, shape);
  spec.set_output(1, DataType::float32, statistics);
  spec.set_output(2, DataType::float32, statistics);
}

Kernel reference(const Spec& spec) {
  const Shape shape = spec.input(0).shape;
  if (shape.elements() == 0) return {[](const Buffers&) {}};
  const std::size_t axis = first_normalized(spec);
  const std::int64_t rows = product(shape, 0, axis);
  const std::int64_t size = product(shape, axis, shape.rank());
  const double epsilon = spec.node().get<float>("epsilon", 1e-5f);
  const bool with_bias = spec.input(2).present();
  const Broadcast<2> walk({spec.input(1).shape, with_bias ? spec.input(2).shape : Shape()}, shape);
  const bool with_mean = spec.wants_output(1);
  const bool with_deviation = spec.wants_output(2);
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const auto run = [=](const Buffers& buffers) {
      const T* x = buffers.input<T>(0);
      auto* means = reinterpret_cast<double*>(buffers.scratch);
      double* factors = means + rows;
      for (std::int64_t row = 0; row < rows; ++row) {
        const T* from = x + row * size;
        double sum = 0;
        for (std::int64_t i = 0; i < size; ++i) sum += static_cast<Compute<T>>(from[i]);
        const double mean = sum / static_cast<double>(size);
        double squares = 0;
        for (std::int64_t i = 0; i < size; ++i) {
          const double difference = static_cast<Compute<T>>(from[i]) - mean;
          squares += difference * difference;
        }
        means[row] = mean;
        factors[row] = 1 / std::sqrt(squares / static_cast<double>(size) + epsilon);
        if (with_mean) buffers.output<float>(1)[row] = static_cast<float>(mean);
        if (with_deviation) buffers.output<float>(2)[row] = static_cast<float>(factors[row]);
      }
      const T* scale = buffers.input<T>(1);
      const T* bias = with_bias ? buffers.input<T>(2) : nullptr;
      T* y = buffers.output<T>(0);
      walk.for_each_row([&](std::int64_t to, const auto& start, std::int64_t count, const auto& step) {
        for (std::int64_t i = 0; i < count; ++i) {
          const std::int64_t row = (to + i) / size;
          double value = (static_cast<Compute<T>>(x[to + i]) - means[row]) * factors[row];
          value *= static_cast<Compute<T>>(scale[start[0] + i * step[0]]);
          if (bias != nullptr) value += static_cast<Compute<T>>(bias[start[1] + i * step[1]]);
          y[to + i] = static_cast<T>(static_cast<Compute<T>>(value));
        }
      });
    };
    return {run, byte_size(DataType::float64, {2, rows})};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator layer_normalization = {
    .inputs = {2, 3}, .outputs = {1, 3}, .types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
