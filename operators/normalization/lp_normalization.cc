// LpNormalization: the elements along an axis divided by their norm, where that is not 0.
// https://onnx.ai/onnx/operators/onnx__LpNormalization.html
#include <algorithm>
#include <cmath>

#include "operators/operator.h"
#include "operators/reduction/lanes.h"
#include "runtime/core/small_float.h"

namespace ranvier::operators {
namespace {

// axis (-1)
Lanes lanes_of(const Spec& spec) { return Lanes(spec.input(0).shape, spec.node().get<std::int64_t>("axis", -1)); }

// p (2): the sum of the absolute values, or the root of the sum of the squares
std::int64_t order(const Spec& spec) {
  const auto p = spec.node().get<std::int64_t>("p", 2);
  if (p != 1 && p != 2) fail(ErrorCode::invalid_model, "attribute 'p' is {}, expected 1 or 2", p);
  return p;
}

void infer(Spec& spec) {
  lanes_of(spec);
  order(spec);
  infer_as_first_input(spec);
}

Kernel reference(const Spec& spec) {
  const Lanes lanes = lanes_of(spec);
  const bool squared = order(spec) == 2;
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const auto run = [=](const Buffers& buffers) {
      auto* norms = reinterpret_cast<double*>(buffers.scratch);
      const T* in = buffers.input<T>(0);
      T* out = buffers.output<T>(0);
      const auto at = [&](std::int64_t i) { return static_cast<double>(static_cast<Compute<T>>(in[i])); };
      for (std::int64_t o = 0; o < lanes.outer; ++o) {
        std::fill_n(norms, lanes.inner, 0.0);
        for (std::int64_t k = 0; k < lanes.length; ++k, in += lanes.inner)
          for (std::int64_t i = 0; i < lanes.inner; ++i) norms[i] += squared ? at(i) * at(i) : std::abs(at(i));
        if (squared) std::transform(norms, norms + lanes.inner, norms, [](double sum) { return std::sqrt(sum); });
        in -= lanes.length * lanes.inner;
        for (std::int64_t k = 0; k < lanes.length; ++k, in += lanes.inner, out += lanes.inner)
          for (std::int64_t i = 0; i < lanes.inner; ++i) out[i] = rounded<T>(norms[i] == 0 ? 0 : at(i) / norms[i]);
      }
    };
    return {run, byte_size(DataType::float64, {lanes.inner})};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator lp_normalization = {.types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
