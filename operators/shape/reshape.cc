// Reshape: the same elements under another shape.
// https://onnx.ai/onnx/operators/onnx__Reshape.html
#include <cstring>

#include "operators/copy.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

/// -1 stands for what is left over (at most once); 0 for the input's size along that axis, or for zero itself.
/// `fault`: whose it is where `wanted` is no shape for any input.
Shape resolved(const Shape& from, std::span<const std::int64_t> wanted, bool zero_is_zero, ErrorCode fault) {
  Shape to;
  std::optional<std::size_t> open;
  for (std::size_t axis = 0; axis < wanted.size(); ++axis) {
    std::int64_t dim = wanted[axis];
    if (dim == 0 && !zero_is_zero) {
      if (axis >= from.rank())
        fail(ErrorCode::invalid_argument, "shape [{}] copies dimension {} of an input of shape {}",
             fmt::join(wanted, ", "), axis, to_string(from));
      dim = from[axis];
    }
    if (dim == -1) {
      if (open) fail(fault, "shape [{}] has more than one -1", fmt::join(wanted, ", "));
      open = axis;
      dim = 1;
    }
    if (dim < 0) fail(fault, "shape [{}] has a negative dimension", fmt::join(wanted, ", "));
    to.push_back(dim);
  }
  const std::int64_t given = to.elements();
  if (open && given != 0 && from.elements() % given == 0) to[*open] = from.elements() / given;
  if (to.elements() != from.elements())
    fail(ErrorCode::invalid_argument, "an input of shape {} does not fit the shape [{}]", to_string(from),
         fmt::join(wanted, ", "));
  return to;
}

void infer_from_attribute(Spec& spec) {
  const auto& wanted = spec.node().required<std::vector<std::int64_t>>("shape");
  spec.set_output(0, spec.input(0).type, resolved(spec.input(0).shape, wanted, false, ErrorCode::invalid_model));
}

void infer(Spec& spec) {
  const bool zero_is_zero = spec.node().get<std::int64_t>("allowzero", 0) != 0;
  spec.set_output(0, spec.input(0).type,
                  resolved(spec.input(0).shape, spec.integers(1), zero_is_zero, spec.fault_of(1)));
}

constexpr Implementation implementations[] = {{.name = "copy", .prepare = copy_first_input}};
constexpr std::size_t values[] = {1};

}  // namespace

extern const Operator reshape_to_attribute = {
    .infer = infer_from_attribute, .implementations = implementations, .is_view = true};

extern const Operator reshape = {
    .inputs = {2, 2}, .infer = infer, .implementations = implementations, .value_inputs = values, .is_view = true};

}  // namespace ranvier::operators
