// Concat: tensors one after the other along an axis.
// https://onnx.ai/onnx/operators/onnx__Concat.html
#include <algorithm>
#include <vector>

#include "operators/by_rows.h"
#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"
#include "operators/strided_copy.h"

namespace ranvier::operators {
namespace {

/// Before opset 4 the axis is 1 where the node does not say.
std::int64_t axis_or_one(const graph::Node& node) { return node.get<std::int64_t>("axis", 1); }

std::int64_t required_axis(const graph::Node& node) { return node.required<std::int64_t>("axis"); }

using AxisOf = std::int64_t (*)(const graph::Node&);

template <AxisOf axis_of>
void infer(Spec& spec) {
  const std::size_t axis = normalized_axis(axis_of(spec.node()), spec.input(0).shape.rank());
  const TensorInfo& first = spec.input(0);
  Shape shape = first.shape;
  for (std::size_t i = 1; i < spec.input_count(); ++i) {
    const TensorInfo& input = spec.input(i);
    if (input.type != first.type)
      fail(ErrorCode::invalid_model, "inputs 0 and {} have types {} and {}, expected the same", i, name(first.type),
           name(input.type));
    Shape expected = first.shape;
    if (input.shape.rank() == expected.rank()) expected[axis] = input.shape[axis];
    if (input.shape != expected)
      fail(ErrorCode::invalid_argument, "inputs 0 and {} have shapes {} and {}, expected the same but along axis {}", i,
           to_string(first.shape), to_string(input.shape), axis);
    if (__builtin_add_overflow(shape[axis], input.shape[axis], &shape[axis]))
      fail(ErrorCode::out_of_memory, "the sum of the sizes along axis {} does not fit", axis);
  }
  spec.set_output(0, first.type, shape);
}

/// An input's elements, and where they start in the output.
struct Part {
  StridedCopy copy;
  std::int64_t offset = 0;
};

template <AxisOf axis_of>
Kernel reference(const Spec& spec) {
  const Shape& whole = spec.output(0).shape;
  const std::size_t axis = normalized_axis(axis_of(spec.node()), whole.rank());
  const Shape to = row_major_strides(whole);
  std::vector<Part> parts;
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < spec.input_count(); ++i) {
    const Shape& shape = spec.input(i).shape;
    parts.push_back({StridedCopy(shape, row_major_strides(shape), to), offset});
    if (whole.elements() != 0) offset += shape[axis] * to[axis];
  }
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i].copy.run(buffers.input<T>(i), buffers.output<T>(0) + parts[i].offset);
    }};
  });
}

std::optional<std::string> bytes_refusal(const Spec& spec) {
  const DataType type = spec.input(0).type;
  if (type == DataType::string || bits(type) < 8)
    return fmt::format("elements of type {}, which are no bytes", name(type));
  return std::nullopt;
}

/// Row after row of what is before the axis, as bytes.
template <AxisOf axis_of>
Kernel bytes(const Spec& spec) {
  const Shape& whole = spec.output(0).shape;
  const std::size_t axis = normalized_axis(axis_of(spec.node()), whole.rank());
  const std::size_t rows = whole.elements() == 0 ? 0 : static_cast<std::size_t>(product(whole, 0, axis));
  std::vector<std::size_t> sizes;  // of each input's rows
  for (std::size_t i = 0; rows > 0 && i < spec.input_count(); ++i)
    sizes.push_back(byte_size(spec.input(i).type, spec.input(i).shape) / rows);
  const double nanoseconds = 0.1 * static_cast<double>(byte_size(spec.input(0).type, whole));
  return by_rows(spec, {.count = rows, .inputs = ~0u, .nanoseconds = nanoseconds},
                 [sizes](const Buffers& buffers, std::size_t count) noexcept {
                   std::byte* to = buffers.output<std::byte>(0);
                   for (std::size_t row = 0; row < count; ++row)
                     for (std::size_t i = 0; i < sizes.size(); ++i)
                       to = std::copy_n(buffers.input<std::byte>(i) + row * sizes[i], sizes[i], to);
                 });
}

template <AxisOf axis_of>
constexpr Implementation implementations[] = {{.name = "bytes", .refusal = bytes_refusal, .prepare = bytes<axis_of>},
                                              {.name = "reference", .prepare = moving<reference<axis_of>>}};

template <AxisOf axis_of>
constexpr Operator definition = {
    .inputs = {1, any_number}, .infer = infer<axis_of>, .implementations = implementations<axis_of>};

}  // namespace

extern const Operator concat_along_one = definition<axis_or_one>;
extern const Operator concat = definition<required_axis>;

}  // namespace ranvier::operators
