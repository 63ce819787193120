// Transpose: the axes in another order.
// https://onnx.ai/onnx/operators/onnx__Transpose.html
#include <numeric>

#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"
#include "operators/strided_copy.h"
#include "operators/whole_numbers.h"

namespace ranvier::operators {
namespace {

/// For each output axis the input's; without the attribute, in reverse.
std::vector<std::size_t> permutation(const Spec& spec) {
  const std::size_t rank = spec.input(0).shape.rank();
  const auto* given = spec.node().find<std::vector<std::int64_t>>("perm");
  if (given == nullptr) {
    std::vector<std::size_t> reversed(rank);
    std::iota(reversed.rbegin(), reversed.rend(), std::size_t{0});
    return reversed;
  }
  if (given->size() != rank)
    fail(ErrorCode::invalid_model, "attribute 'perm' has {} entries, the input {} dimensions", given->size(), rank);
  return distinct_axes(*given, rank);
}

void infer(Spec& spec) {
  Shape shape;
  for (const std::size_t axis : permutation(spec)) shape.push_back(spec.input(0).shape[axis]);
  spec.set_output(0, spec.input(0).type, shape);
}

Kernel reference(const Spec& spec) {
  const Shape strides = row_major_strides(spec.input(0).shape);
  Shape from;
  for (const std::size_t axis : permutation(spec)) from.push_back(strides[axis]);
  const Shape& shape = spec.output(0).shape;
  const StridedCopy copy(shape, from, row_major_strides(shape));
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) { copy.run(buffers.input<T>(0), buffers.output<T>(0)); }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};

}  // namespace

extern const Operator transpose = {.infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
