// OneHot: a new axis on which one element is "on", the one that the index says, and all others are "off".
// https://onnx.ai/onnx/operators/onnx__OneHot.html
#include <algorithm>

#include "operators/operator.h"
#include "operators/storage.h"
#include "operators/whole_numbers.h"

namespace ranvier::operators {
namespace {

std::size_t new_axis(const Spec& spec) {
  return normalized_axis(spec.node().get<std::int64_t>("axis", -1), spec.input(0).shape.rank() + 1);
}

void infer(Spec& spec) {
  const std::int64_t depth = one_whole_number(spec, 1);
  if (depth < 0) fail(ErrorCode::invalid_argument, "input 1, the depth, is {}", depth);
  if (spec.input(2).shape != Shape{2})
    fail(ErrorCode::invalid_argument, "input 2 has shape {}, expected [2]: off, on", to_string(spec.input(2).shape));
  Shape shape = spec.input(0).shape;
  shape.insert(new_axis(spec), depth);
  spec.set_output(0, spec.input(2).type, shape);
}

/// The place on the axis that `value` means, or -1 where there is none.
template <bool negative_from_end, class T>
std::int64_t place(T value, std::int64_t depth) {
  const std::int64_t index = whole_number(value).value_or(depth);
  if (index >= 0) return index < depth ? index : -1;
  return negative_from_end && index >= -depth ? index + depth : -1;
}

template <bool negative_from_end>
Kernel reference(const Spec& spec) {
  const Shape& shape = spec.output(0).shape;
  if (shape.elements() == 0) return {[](const Buffers&) {}};
  const std::size_t axis = new_axis(spec);
  const std::int64_t outer = product(shape, 0, axis);
  const std::int64_t depth = shape[axis];
  const std::int64_t inner = product(shape, axis + 1, shape.rank());
  const DataType index_type = spec.input(0).type;
  return dispatch<StorageTypes>(storage_type(spec.input(2).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const T* values = buffers.input<T>(2);
      T* out = buffers.output<T>(0);
      std::fill_n(out, outer * depth * inner, values[0]);
      dispatch<NumericTypes>(index_type, [&]<class Index>() {
        const Index* indices = buffers.input<Index>(0);
        for (std::int64_t i = 0; i < outer * inner; ++i) {
          const std::int64_t on = place<negative_from_end>(indices[i], depth);
          if (on >= 0) out[(i / inner * depth + on) * inner + i % inner] = values[1];
        }
      });
    }};
  });
}

template <bool negative_from_end>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference<negative_from_end>}};

constexpr std::size_t values[] = {1};

template <bool negative_from_end>
constexpr Operator definition = {.inputs = {3, 3},
                                 .types = NumericTypes::set,
                                 .infer = infer,
                                 .implementations = implementations<negative_from_end>,
                                 .value_inputs = values};

}  // namespace

extern const Operator one_hot_non_negative = definition<false>;
extern const Operator one_hot = definition<true>;

}  // namespace ranvier::operators
