// Reshape: the same elements under another shape.
// https://onnx.ai/onnx/operators/onnx__Reshape.html
#include <cstring>

#include "operators/copy.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

/// 0 stands for the input's size along that axis, or for zero itself; -1 (at most once) for what is left over of the
/// sizes that are not taken from the input. `fault`: whose it is where `wanted` is no shape for any input.
Shape resolved(const Shape& from, std::span<const std::int64_t> wanted, bool zero_is_zero, ErrorCode fault) {
  const auto mismatch = [&] {
    fail(ErrorCode::invalid_argument, "an input of shape {} does not fit the shape [{}]", to_string(from),
         fmt::join(wanted, ", "));
  };
  Shape to(wanted);
  Shape given = to;
  Shape left = from;
  std::optional<std::size_t> open;
  for (std::size_t axis = 0; axis < wanted.size(); ++axis) {
    if (wanted[axis] == 0 && !zero_is_zero) {
      if (axis >= from.rank())
        fail(ErrorCode::invalid_argument, "shape [{}] copies dimension {} of an input of shape {}",
             fmt::join(wanted, ", "), axis, to_string(from));
      to[axis] = from[axis];
      given[axis] = left[axis] = 1;
    } else if (wanted[axis] == -1) {
      if (open) fail(fault, "shape [{}] has more than one -1", fmt::join(wanted, ", "));
      open = axis;
      given[axis] = 1;
    } else if (wanted[axis] < 0) {
      fail(fault, "shape [{}] has a negative dimension", fmt::join(wanted, ", "));
    }
  }
  if (open) {
    if (given.elements() == 0)
      fail(ErrorCode::invalid_argument, "shape [{}] has a 0, which leaves -1 open", fmt::join(wanted, ", "));
    if (left.elements() % given.elements() != 0) mismatch();
    to[*open] = left.elements() / given.elements();
  }
  if (to.elements() != from.elements()) mismatch();
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
