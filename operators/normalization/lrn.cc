// LRN: each element divided by a power of the squares around it in neighbouring channels.
// https://onnx.ai/onnx/operators/onnx__LRN.html
#include <algorithm>
#include <cmath>

#include "operators/operator.h"
#include "runtime/core/small_float.h"

namespace ranvier::operators {
namespace {

// size: how many channels
std::int64_t size_of(const Spec& spec) {
  const auto size = spec.node().required<std::int64_t>("size");
  if (size < 1) fail(ErrorCode::invalid_model, "attribute 'size' is {}, expected at least 1", size);
  return size;
}

void infer(Spec& spec) {
  if (spec.input(0).shape.rank() < 2)
    fail(ErrorCode::invalid_argument, "input 0 has shape {}, expected a batch and channels",
         to_string(spec.input(0).shape));
  size_of(spec);
  infer_as_first_input(spec);
}

/// y = x / (bias + alpha / size * (the sum of the squares)) ^ beta
// alpha (0.0001), beta (0.75), bias (1)
Kernel reference(const Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  if (shape.elements() == 0) return {[](const Buffers&) {}};
  const std::int64_t channels = shape[1];
  const std::int64_t places = product(shape, 2, shape.rank());
  const std::int64_t size = size_of(spec);
  const std::int64_t before = std::min((size - 1) / 2, channels);
  const std::int64_t after = std::min(size / 2, channels);
  const double factor = static_cast<double>(spec.node().get<float>("alpha", 0.0001f)) / static_cast<double>(size);
  const double beta = spec.node().get<float>("beta", 0.75f);
  const double bias = spec.node().get<float>("bias", 1.0f);
  return dispatch<FloatTypes>(spec.input(0).type, [&, samples = shape[0]]<class T>() -> Kernel {
    const auto run = [=](const Buffers& buffers) {
      auto* squares = reinterpret_cast<double*>(buffers.scratch);
      const T* sample = buffers.input<T>(0);
      T* y = buffers.output<T>(0);
      const auto at = [&](std::int64_t channel, std::int64_t place) {
        return static_cast<double>(static_cast<Compute<T>>(sample[channel * places + place]));
      };
      for (std::int64_t n = 0; n < samples; ++n, sample += channels * places) {
        for (std::int64_t channel = 0; channel < channels; ++channel, y += places) {
          std::fill_n(squares, places, 0.0);
          const std::int64_t last = std::min(channels - 1, channel + after);
          for (std::int64_t each = std::max<std::int64_t>(0, channel - before); each <= last; ++each)
            for (std::int64_t place = 0; place < places; ++place) squares[place] += at(each, place) * at(each, place);
          for (std::int64_t place = 0; place < places; ++place)
            y[place] = rounded<T>(at(channel, place) / std::pow(bias + factor * squares[place], beta));
        }
      }
    };
    return {run, byte_size(DataType::float64, {places})};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator lrn = {.types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
