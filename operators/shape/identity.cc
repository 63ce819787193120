// Identity: the input itself.
// https://onnx.ai/onnx/operators/onnx__Identity.html
#include "operators/copy.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

constexpr Implementation implementations[] = {{.name = "copy", .prepare = copy_first_input}};

}  // namespace

extern const Operator identity = {.infer = infer_as_first_input, .implementations = implementations, .is_view = true};

}  // namespace ranvier::operators
