// Tile: a tensor repeated along its axes.
// https://onnx.ai/onnx/operators/onnx__Tile.html
#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"
#include "operators/strided_copy.h"
#include "operators/whole_numbers.h"

namespace ranvier::operators {
namespace {

using Repeats = std::vector<std::int64_t>;

/// Opset 1: a number of copies, and the one axis to repeat, both numbers of the first input's type.
Repeats along_one_axis(const Spec& spec) {
  Repeats repeats(spec.input(0).shape.rank(), 1);
  repeats[normalized_axis(one_whole_number(spec, 2), repeats.size())] = one_whole_number(spec, 1);
  return repeats;
}

Repeats along_all_axes(const Spec& spec) {
  Repeats repeats = spec.integers(1);
  if (repeats.size() != spec.input(0).shape.rank())
    fail(ErrorCode::invalid_argument, "input 1 has {} repeats, input 0 {} dimensions", repeats.size(),
         spec.input(0).shape.rank());
  return repeats;
}

using RepeatsOf = Repeats (*)(const Spec&);

template <RepeatsOf repeats_of>
void infer(Spec& spec) {
  const Repeats repeats = repeats_of(spec);
  Shape shape = spec.input(0).shape;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (repeats[axis] < 0) fail(spec.fault_of(1), "repeats [{}] have a negative number", fmt::join(repeats, ", "));
    if (__builtin_mul_overflow(shape[axis], repeats[axis], &shape[axis]))
      fail(ErrorCode::out_of_memory, "{} repeats of a tensor of shape {} along axis {} do not fit in memory",
           repeats[axis], to_string(spec.input(0).shape), axis);
  }
  spec.set_output(0, spec.input(0).type, shape);
}

/// The output seen with two axes for each of the input's: the copies, and the elements of each.
template <RepeatsOf repeats_of>
Kernel reference(const Spec& spec) {
  if (spec.output(0).shape.elements() == 0) return {[](const Buffers&) {}};
  const Repeats repeats = repeats_of(spec);
  const Shape& shape = spec.input(0).shape;
  const Shape from = row_major_strides(shape);
  const Shape to = row_major_strides(spec.output(0).shape);
  std::vector<CopyAxis> axes;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    axes.push_back({repeats[axis], 0, shape[axis] * to[axis]});
    axes.push_back({shape[axis], from[axis], to[axis]});
  }
  const StridedCopy copy(axes);
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) { copy.run(buffers.input<T>(0), buffers.output<T>(0)); }};
  });
}

template <RepeatsOf repeats_of>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference<repeats_of>>}};

constexpr std::size_t values[] = {1, 2};

template <RepeatsOf repeats_of, std::size_t input_count>
constexpr Operator definition = {.inputs = {input_count, input_count},
                                 .infer = infer<repeats_of>,
                                 .implementations = implementations<repeats_of>,
                                 .value_inputs = values};

}  // namespace

extern const Operator tile_along_one_axis = definition<along_one_axis, 3>;
extern const Operator tile = definition<along_all_axes, 2>;

}  // namespace ranvier::operators
