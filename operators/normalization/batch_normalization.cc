// BatchNormalization: each channel shifted and scaled by its statistics: those that the training left in inputs 3 and 4
// or, in training mode, its own.
// https://onnx.ai/onnx/operators/onnx__BatchNormalization.html
#include "operators/normalization/standardization.h"
#include "runtime/core/convert.h"

namespace ranvier::operators {
namespace {

/// spatial (1, before opset 9): an element of each operand for a whole channel, or for one place of it
bool is_spatial(const Spec& spec) { return spec.node().get<std::int64_t>("spatial", 1) != 0; }

/// Opset 1: training, unless is_test (0) says otherwise.
bool trains_unless_test(const Spec& spec) {
  if (spec.node().get<std::int64_t>("is_test", 0) == 0)
    fail(ErrorCode::unsupported, "attribute 'is_test' is 0: training is supported since opset 14 only");
  return false;
}

/// Opset 7: training, where the node has its outputs.
bool trains_for_outputs(const Spec& spec) {
  for (std::size_t i = 1; i < spec.output_count(); ++i)
    if (spec.wants_output(i))
      fail(ErrorCode::unsupported, "output {} asks for training, which is supported since opset 14 only", i);
  return false;
}

/// Opset 14: as training_mode (0) says.
bool trains_if_told(const Spec& spec) {
  if (!is_spatial(spec)) fail(ErrorCode::invalid_model, "attribute 'spatial' is 0, which ended with opset 8");
  if (spec.node().get<std::int64_t>("training_mode", 0) != 0) return true;
  if (spec.wants_output(1) || spec.wants_output(2))
    fail(ErrorCode::invalid_model, "the node has outputs of training, but attribute 'training_mode' is 0");
  return false;
}

using Trains = bool (*)(const Spec&);

Shape operand_shape(const Spec& spec) {
  const Shape& x = spec.input(0).shape;
  if (x.empty()) fail(ErrorCode::invalid_argument, "input 0 is a scalar, expected a batch");
  return is_spatial(spec) ? channel_shape(x) : Shape(std::span(x.begin() + 1, x.end()));
}

template <Trains trains>
void infer(Spec& spec) {
  const Shape operand = operand_shape(spec);
  const Shape expected = is_spatial(spec) ? Shape{operand[0]} : operand;
  for (std::size_t i = 1; i < 5; ++i) {
    check_real(spec, i);
    if (spec.input(i).shape != expected)
      fail(ErrorCode::invalid_argument, "input {} has shape {}, expected {}", i, to_string(spec.input(i).shape),
           to_string(expected));
  }
  spec.set_output(0, spec.input(0).type, spec.input(0).shape);
  if (!trains(spec)) return;
  spec.set_output(1, spec.input(3).type, expected);
  spec.set_output(2, spec.input(4).type, expected);
}

/// Where a statistic goes on from one batch to the next: running * momentum + current * (1 - momentum).
struct Running {
  std::size_t input;
  std::size_t output;
  DataType type;  ///< Undefined for an output that the node does not have.
  double momentum;

  void update(const Buffers& buffers, const double* current, std::int64_t count) const {
    if (type == DataType::undefined) return;
    const std::size_t size = bits(type) / 8;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::size_t place = static_cast<std::size_t>(i) * size;
      double running = 0;
      convert(type, buffers.input<std::byte>(input) + place, DataType::float64, &running, 1);
      running = running * momentum + current[i] * (1 - momentum);
      convert(DataType::float64, &running, type, buffers.output<std::byte>(output) + place, 1);
    }
  }
};

// epsilon (1e-5), momentum (0.9)
template <Trains trains>
Kernel reference(const Spec& spec) {
  const Shape& x = spec.input(0).shape;
  const Shape operand = operand_shape(spec);
  const Normalizer normalizer(spec, {x, operand, operand, operand});
  const std::int64_t count = operand.elements();
  const double epsilon = spec.node().get<float>("epsilon", 1e-5f);
  const auto normalize = [=](const Buffers& buffers) {
    double* factors = normalizer.factors(buffers);
    for (std::int64_t i = 0; i < count; ++i) factors[i] = reciprocal_deviation(factors[i], epsilon);
    normalizer.run(buffers);
  };
  if (!trains(spec)) {
    const auto run = [=, mean = spec.input(3).type, variance = spec.input(4).type](const Buffers& buffers) {
      convert(mean, buffers.inputs[3], DataType::float64, normalizer.means(buffers), count);
      convert(variance, buffers.inputs[4], DataType::float64, normalizer.factors(buffers), count);
      normalize(buffers);
    };
    return {run, normalizer.scratch_bytes()};
  }
  AxisSet folded = axes_from(0, x.rank());
  folded[1] = false;
  const Moments moments(spec.input(0).type, x, folded);
  const double momentum = spec.node().get<float>("momentum", 0.9f);
  const Running mean{3, 1, spec.output(1).type, momentum}, variance{4, 2, spec.output(2).type, momentum};
  const auto run = [=](const Buffers& buffers) {
    moments.run(buffers.inputs[0], normalizer.means(buffers), normalizer.factors(buffers));
    mean.update(buffers, normalizer.means(buffers), count);
    variance.update(buffers, normalizer.factors(buffers), count);
    normalize(buffers);
  };
  return {run, normalizer.scratch_bytes()};
}

template <Trains trains>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference<trains>}};

template <Trains trains, std::size_t most_outputs>
constexpr Operator definition = {.inputs = {5, 5},
                                 .outputs = {1, most_outputs},
                                 .types = FloatTypes::set,
                                 .infer = infer<trains>,
                                 .implementations = implementations<trains>};

}  // namespace

extern const Operator batch_normalization_unless_test = definition<trains_unless_test, 5>;
extern const Operator batch_normalization_by_outputs = definition<trains_for_outputs, 5>;
extern const Operator batch_normalization = definition<trains_if_told, 3>;

}  // namespace ranvier::operators
