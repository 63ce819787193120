// GroupNormalization and InstanceNormalization: each sample's groups of channels, or each channel by itself, brought to
// mean 0 and variance 1, then scaled and shifted.
// https://onnx.ai/onnx/operators/onnx__GroupNormalization.html
// https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html
#include "operators/normalization/standardization.h"

namespace ranvier::operators {
namespace {

// num_groups
std::int64_t groups_of_attribute(const Spec& spec) {
  const auto groups = spec.node().required<std::int64_t>("num_groups");
  const std::int64_t channels = spec.input(0).shape[1];
  if (groups < 1 || channels % groups != 0)
    fail(ErrorCode::invalid_model, "attribute 'num_groups' is {}, which does not divide the {} channels", groups,
         channels);
  stash_type(spec.node(), FloatTypes::set);
  return groups;
}

std::int64_t channel_by_channel(const Spec& spec) { return spec.input(0).shape[1]; }

using GroupsOf = std::int64_t (*)(const Spec&);

/// What scale and bias have an element for.
enum class Per { channel, group };

template <GroupsOf groups_of, Per per>
void infer(Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  if (shape.rank() < 2)
    fail(ErrorCode::invalid_argument, "input 0 has shape {}, expected a batch and channels", to_string(shape));
  const std::int64_t groups = groups_of(spec);
  const Shape expected = {per == Per::group ? groups : shape[1]};
  for (const std::size_t i : {1, 2}) {
    check_type_of_first(spec, i);
    if (spec.input(i).shape != expected)
      fail(ErrorCode::invalid_argument, "input {} has shape {}, expected {}", i, to_string(spec.input(i).shape),
           to_string(expected));
  }
  spec.set_output(0, spec.input(0).type, shape);
}

/// The input seen as [sample, group, channel of the group, place].
// epsilon (1e-5)
template <GroupsOf groups_of, Per per>
Kernel reference(const Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  if (shape.elements() == 0) return {[](const Buffers&) {}};
  const std::int64_t groups = groups_of(spec);
  const std::int64_t channels = shape[1] / groups;
  const Shape operand = {groups, per == Per::group ? 1 : channels, 1};
  return standardize(spec, {.x = {shape[0], groups, channels, product(shape, 2, shape.rank())},
                            .folded = axes_from(2, 4),
                            .scale = operand,
                            .bias = operand,
                            .epsilon = spec.node().get<float>("epsilon", 1e-5f)});
}

template <GroupsOf groups_of, Per per>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference<groups_of, per>}};

template <GroupsOf groups_of, Per per>
constexpr Operator definition = {.inputs = {3, 3},
                                 .types = FloatTypes::set,
                                 .infer = infer<groups_of, per>,
                                 .implementations = implementations<groups_of, per>};

}  // namespace

extern const Operator group_normalization_by_group = definition<groups_of_attribute, Per::group>;
extern const Operator group_normalization = definition<groups_of_attribute, Per::channel>;
extern const Operator instance_normalization = definition<channel_by_channel, Per::channel>;

}  // namespace ranvier::operators
