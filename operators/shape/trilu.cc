// Trilu: the upper or the lower triangle of matrices, zeros in place of the rest.
// https://onnx.ai/onnx/operators/onnx__Trilu.html
#include <algorithm>

#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"

namespace ranvier::operators {
namespace {

void infer(Spec& spec) {
  const TensorInfo& input = spec.input(0);
  if (input.shape.rank() < 2)
    fail(ErrorCode::invalid_argument, "input 0 has shape {}, expected at least two dimensions", to_string(input.shape));
  const TensorInfo& k = spec.input(1);
  if (k.present() && (k.type != DataType::int64 || k.shape.elements() != 1))
    fail(ErrorCode::invalid_model, "input 1 is {}{}, expected one element of type int64", name(k.type),
         to_string(k.shape));
  spec.set_output(0, input.type, input.shape);
}

Kernel reference(const Spec& spec) {
  const Shape& shape = spec.output(0).shape;
  if (shape.elements() == 0) return {[](const Buffers&) {}};
  const std::int64_t matrices = product(shape, 0, shape.rank() - 2);
  const std::int64_t rows = shape[shape.rank() - 2];
  const std::int64_t columns = shape.back();
  const bool upper = spec.node().get<std::int64_t>("upper", 1) != 0;
  const bool has_k = spec.input(1).present();
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const std::int64_t k = has_k ? std::clamp(*buffers.input<std::int64_t>(1), -rows, columns) : 0;
      const T* in = buffers.input<T>(0);
      T* out = buffers.output<T>(0);
      for (std::int64_t i = 0; i < matrices * rows; ++i, in += columns, out += columns) {
        // The diagonal is at row + k: the upper triangle starts there, the lower one ends with it.
        const std::int64_t diagonal = i % rows + k;
        const std::int64_t begin = upper ? std::clamp<std::int64_t>(diagonal, 0, columns) : 0;
        const std::int64_t end = upper ? columns : std::clamp<std::int64_t>(diagonal + 1, 0, columns);
        std::fill(out, out + begin, T{});
        std::copy(in + begin, in + end, out + begin);
        std::fill(out + end, out + columns, T{});
      }
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference>}};

}  // namespace

extern const Operator trilu = {.inputs = {1, 2}, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
