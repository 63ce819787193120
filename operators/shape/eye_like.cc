// EyeLike: ones on a diagonal of a matrix that is as large as the input, zeros elsewhere.
// https://onnx.ai/onnx/operators/onnx__EyeLike.html
#include <algorithm>

#include "operators/operator.h"
#include "operators/types/type_attribute.h"

namespace ranvier::operators {
namespace {

using EyeTypes = Joined<NumericTypes, BoolType>;

void infer(Spec& spec) {
  const TensorInfo& input = spec.input(0);
  if (input.shape.rank() != 2)
    fail(ErrorCode::invalid_argument, "input 0 has shape {}, expected two dimensions", to_string(input.shape));
  const DataType type = spec.node().has("dtype") ? type_attribute(spec.node(), "dtype") : input.type;
  if (!EyeTypes::set.contains(type))
    fail(ErrorCode::unsupported, "the output has type {}, supported are: {}", name(type), to_string(EyeTypes::set));
  spec.set_output(0, type, input.shape);
}

Kernel reference(const Spec& spec) {
  const std::int64_t rows = spec.output(0).shape[0];
  const std::int64_t columns = spec.output(0).shape[1];
  // Row i has its one in column i + k.
  const auto k = std::clamp(spec.node().get<std::int64_t>("k", 0), -rows, columns);
  return dispatch<EyeTypes>(spec.output(0).type, [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      T* out = buffers.output<T>(0);
      std::fill_n(out, rows * columns, T{});
      const std::int64_t last = std::min(rows, columns - k);
      for (std::int64_t row = std::max<std::int64_t>(0, -k); row < last; ++row)
        out[row * columns + row + k] = static_cast<T>(static_cast<Compute<T>>(1));
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator eye_like = {.infer = infer, .implementations = implementations, .reads_shapes_only = true};

}  // namespace ranvier::operators
