// ReverseSequence: the first elements of each sequence of a batch in reverse, the rest as they are.
// https://onnx.ai/onnx/operators/onnx__ReverseSequence.html
#include <algorithm>

#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"

namespace ranvier::operators {
namespace {

/// Whether time is the first axis and the batch the second, or the other way round.
bool time_first(const Spec& spec) {
  const auto time = spec.node().get<std::int64_t>("time_axis", 0);
  const auto batch = spec.node().get<std::int64_t>("batch_axis", 1);
  if (time + batch != 1 || (time != 0 && time != 1))
    fail(ErrorCode::invalid_model, "attributes 'time_axis' and 'batch_axis' are {} and {}, expected 0 and 1 or 1 and 0",
         time, batch);
  return time == 0;
}

void infer(Spec& spec) {
  const TensorInfo& input = spec.input(0);
  const TensorInfo& lengths = spec.input(1);
  if (input.shape.rank() < 2)
    fail(ErrorCode::invalid_argument, "input 0 has shape {}, expected at least two dimensions", to_string(input.shape));
  if (lengths.type != DataType::int64)
    fail(ErrorCode::invalid_model, "input 1 has type {}, expected int64", name(lengths.type));
  const std::int64_t batch = input.shape[time_first(spec) ? 1 : 0];
  if (lengths.shape != Shape{batch})
    fail(ErrorCode::invalid_argument, "input 1 has shape {}, expected [{}]", to_string(lengths.shape), batch);
  spec.set_output(0, input.type, input.shape);
}

/// Where time step `t` of a sequence comes from.
std::int64_t origin(std::int64_t t, std::int64_t length, std::int64_t steps) {
  if (length < 0 || length > steps)
    fail(ErrorCode::invalid_argument, "a sequence length is {}, expected 0 to {}", length, steps);
  return t < length ? length - 1 - t : t;
}

Kernel reference(const Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  if (shape.elements() == 0) return {[](const Buffers&) {}};
  const bool by_time = time_first(spec);
  const std::int64_t rows = shape[0];
  const std::int64_t columns = shape[1];
  const std::int64_t slice = product(shape, 2, shape.rank());
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const auto* lengths = buffers.input<std::int64_t>(1);
      const T* in = buffers.input<T>(0);
      T* out = buffers.output<T>(0);
      for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t column = 0; column < columns; ++column, out += slice) {
          const std::int64_t from = by_time ? origin(row, lengths[column], rows) * columns + column
                                            : row * columns + origin(column, lengths[row], columns);
          std::copy_n(in + from * slice, slice, out);
        }
      }
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};

}  // namespace

extern const Operator reverse_sequence = {.inputs = {2, 2}, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
