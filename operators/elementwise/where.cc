// Where: elements of one or the other input, as a condition says.
// https://onnx.ai/onnx/operators/onnx__Where.html
#include "operators/elementwise/broadcast.h"
#include "operators/operator.h"
#include "operators/storage.h"

namespace ranvier::operators {
namespace {

void infer(Spec& spec) {
  if (spec.input(1).type != spec.input(2).type)
    fail(ErrorCode::invalid_model, "inputs 1 and 2 have types {} and {}, expected the same", name(spec.input(1).type),
         name(spec.input(2).type));
  const Shape shapes[] = {spec.input(0).shape, spec.input(1).shape, spec.input(2).shape};
  spec.set_output(0, spec.input(1).type, broadcast(shapes));
}

Kernel reference(const Spec& spec) {
  const Broadcast<3> walk({spec.input(0).shape, spec.input(1).shape, spec.input(2).shape}, spec.output(0).shape);
  return dispatch<StorageTypes>(storage_type(spec.output(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const auto* condition = buffers.input<bool>(0);
      const T* yes = buffers.input<T>(1);
      const T* no = buffers.input<T>(2);
      T* out = buffers.output<T>(0);
      walk.for_each_row([&](std::int64_t to, const auto& from, std::int64_t count, const auto& step) {
        for (std::int64_t i = 0; i < count; ++i)
          out[to + i] = condition[from[0] + i * step[0]] ? yes[from[1] + i * step[1]] : no[from[2] + i * step[2]];
      });
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator where = {
    .inputs = {3, 3}, .types = BoolType::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
