// TopK: the k greatest or smallest elements along one axis, with their indices. Of equals the one with the lower index
// comes first; NaN is greater than everything, as numpy sorts it.
// https://onnx.ai/onnx/operators/onnx__TopK.html
#include <algorithm>
#include <numeric>

#include "operators/operator.h"
#include "operators/reduction/lanes.h"

namespace ranvier::operators {
namespace {

Lanes selected_lanes(const Spec& spec) { return Lanes(spec.input(0).shape, spec.node().get<std::int64_t>("axis", -1)); }

void set_outputs(Spec& spec, std::int64_t k) {
  Shape shape = spec.input(0).shape;
  const Lanes lanes = selected_lanes(spec);
  if (k < 0 || k > lanes.length)
    fail(ErrorCode::invalid_argument, "k is {}, expected 0 to {}, the input's size along axis {}", k, lanes.length,
         lanes.axis);
  shape[lanes.axis] = k;
  spec.set_output(0, spec.input(0).type, shape);
  spec.set_output(1, DataType::int64, shape);
}

void infer_from_attribute(Spec& spec) { set_outputs(spec, spec.node().required<std::int64_t>("k")); }

void infer(Spec& spec) {
  const std::vector<std::int64_t> k = spec.integers(1);
  if (k.size() != 1) fail(ErrorCode::invalid_argument, "input 1 has {} elements, expected one, k", k.size());
  set_outputs(spec, k[0]);
}

template <class T>
bool greater(T a, T b) {
  return a > b || (a != a && b == b);
}

/// Puts the indices of the k first elements of a lane, in order, to the front of `order`.
template <class T>
void select(const T* lane, std::int64_t step, std::int64_t length, std::int64_t k, bool largest, std::int64_t* order) {
  const auto before = [=](std::int64_t a, std::int64_t b) {
    const auto x = static_cast<Compute<T>>(lane[a * step]);
    const auto y = static_cast<Compute<T>>(lane[b * step]);
    if (largest ? greater(x, y) : greater(y, x)) return true;
    return !(largest ? greater(y, x) : greater(x, y)) && a < b;
  };
  std::iota(order, order + length, 0);
  if (k < length) std::nth_element(order, order + k, order + length, before);
  std::sort(order, order + k, before);
}

Kernel reference(const Spec& spec) {
  const Lanes lanes = selected_lanes(spec);
  const bool largest = spec.node().get<std::int64_t>("largest", 1) != 0;
  const TensorInfo& out = spec.output(0).present() ? spec.output(0) : spec.output(1);
  const std::int64_t k = out.present() ? out.shape[lanes.axis] : 0;
  return dispatch<NumericTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const auto run = [=](const Buffers& buffers) {
      auto* order = reinterpret_cast<std::int64_t*>(buffers.scratch);
      T* values = buffers.output<T>(0);
      auto* indices = buffers.output<std::int64_t>(1);
      for (std::int64_t o = 0; o < lanes.outer; ++o) {
        for (std::int64_t i = 0; i < lanes.inner; ++i) {
          const T* lane = buffers.input<T>(0) + o * lanes.length * lanes.inner + i;
          select(lane, lanes.inner, lanes.length, k, largest, order);
          for (std::int64_t rank = 0; rank < k; ++rank) {
            const std::int64_t to = (o * k + rank) * lanes.inner + i;
            if (values != nullptr) values[to] = lane[order[rank] * lanes.inner];
            if (indices != nullptr) indices[to] = order[rank];
          }
        }
      }
    };
    return {run, lanes.outer == 0 ? 0 : static_cast<std::size_t>(lanes.length) * sizeof(std::int64_t)};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};
constexpr std::size_t k_input[] = {1};

}  // namespace

extern const Operator top_k_by_attribute = {
    .outputs = {1, 2}, .types = NumericTypes::set, .infer = infer_from_attribute, .implementations = implementations};

extern const Operator top_k = {.inputs = {2, 2},
                               .outputs = {1, 2},
                               .types = NumericTypes::set,
                               .infer = infer,
                               .implementations = implementations,
                               .value_inputs = k_input};

}  // namespace ranvier::operators
