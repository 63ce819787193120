// TensorScatter: writes new entries into a cache, each sample of a batch from a position of its own on.
// https://onnx.ai/onnx/operators/onnx__TensorScatter.html
#include <algorithm>

#include "operators/copy.h"
#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"

namespace ranvier::operators {
namespace {

std::size_t sequence_axis(const Spec& spec) {
  const std::size_t axis = normalized_axis(spec.node().get<std::int64_t>("axis", -2), spec.input(0).shape.rank());
  if (axis == 0) fail(ErrorCode::invalid_model, "attribute 'axis' is the batch dimension, 0");
  return axis;
}

bool is_circular(const Spec& spec) {
  const auto mode = spec.node().get<std::string>("mode", "linear");
  if (mode != "linear" && mode != "circular")
    fail(ErrorCode::invalid_model, "attribute 'mode' is '{}', expected linear or circular", mode);
  return mode == "circular";
}

void infer(Spec& spec) {
  const TensorInfo& cache = spec.input(0);
  const TensorInfo& update = spec.input(1);
  const TensorInfo& positions = spec.input(2);
  const std::size_t axis = sequence_axis(spec);
  if (update.type != cache.type)
    fail(ErrorCode::invalid_model, "inputs 0 and 1 have types {} and {}, expected the same", name(cache.type),
         name(update.type));
  Shape expected = cache.shape;
  if (update.shape.rank() == expected.rank()) expected[axis] = std::min(expected[axis], update.shape[axis]);
  if (update.shape != expected)
    fail(ErrorCode::invalid_argument, "input 1 of shape {} does not fit into a cache of shape {} along axis {}",
         to_string(update.shape), to_string(cache.shape), axis);
  if (positions.present() && positions.type != DataType::int64)
    fail(ErrorCode::invalid_model, "input 2 has type {}, expected int64", name(positions.type));
  if (positions.present() && positions.shape != Shape{cache.shape[0]})
    fail(ErrorCode::invalid_argument, "input 2 has shape {}, expected [{}]", to_string(positions.shape),
         cache.shape[0]);
  spec.set_output(0, cache.type, cache.shape);
}

/// The first place to write to: in range, and in linear mode with room for the `length` entries.
std::int64_t checked_position(std::int64_t position, std::int64_t length, std::int64_t size, bool circular) {
  if (circular) return (position % size + size) % size;
  if (position < 0 || position > size - length)
    fail(ErrorCode::invalid_argument, "{} entries cannot be written from position {} of {}", length, position, size);
  return position;
}

Kernel reference(const Spec& spec) {
  const Kernel copy = copy_first_input(spec);
  const Shape& update = spec.input(1).shape;
  if (update.elements() == 0) return copy;
  const std::size_t axis = sequence_axis(spec);
  const bool circular = is_circular(spec);
  const bool has_positions = spec.input(2).present();
  const std::int64_t batch = update[0];
  const std::int64_t prefixes = product(update, 1, axis);
  const std::int64_t length = update[axis];
  const std::int64_t size = spec.input(0).shape[axis];
  const std::int64_t slice = product(update, axis + 1, update.rank());
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      copy.run(buffers);
      const T* in = buffers.input<T>(1);
      T* out = buffers.output<T>(0);
      for (std::int64_t sample = 0; sample < batch; ++sample) {
        const std::int64_t asked = has_positions ? buffers.input<std::int64_t>(2)[sample] : 0;
        const std::int64_t position = checked_position(asked, length, size, circular);
        const std::int64_t before_end = std::min(length, size - position);
        for (std::int64_t prefix = 0; prefix < prefixes; ++prefix, in += length * slice, out += size * slice) {
          std::copy_n(in, before_end * slice, out + position * slice);
          std::copy_n(in + before_end * slice, (length - before_end) * slice, out);
        }
      }
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};

}  // namespace

extern const Operator tensor_scatter = {.inputs = {2, 3}, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
