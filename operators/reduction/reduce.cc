// The reduce family: the elements along some axes folded into one, ten ways.
// https://onnx.ai/onnx/operators/onnx__ReduceSum.html and its neighbours
#include "operators/reduction/reduce.h"

namespace ranvier::operators {
namespace {

/// The axes to fold: those of the attribute in the older versions, of the optional input 1 in the newer ones. None
/// given means all, or none at all with noop_with_empty_axes; then what a member does to single elements still holds.
AxisSet selected_axes(const Spec& spec) {
  const std::size_t rank = spec.input(0).shape.rank();
  std::vector<std::int64_t> axes = spec.node().get("axes", std::vector<std::int64_t>());
  if (spec.input(1).present()) axes = spec.integers(1);
  if (axes.empty() && spec.node().get<std::int64_t>("noop_with_empty_axes", 0) == 0) return axes_from(0, rank);
  return axis_set(axes, rank);
}

void infer(Spec& spec) {
  const bool keep = spec.node().get<std::int64_t>("keepdims", 1) != 0;
  spec.set_output(0, spec.input(0).type, folded_shape(spec.input(0).shape, selected_axes(spec), keep));
}

using Numbers = Joined<FloatTypes, Types<std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>>;
using Ordered = Joined<Numbers, Types<std::int8_t, std::uint8_t, bool>>;

template <template <class> class Member, class List>
Kernel reference(const Spec& spec) {
  return fold_kernel<Member, List>(spec, selected_axes(spec));
}

template <template <class> class Member, class List>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference<Member, List>}};

template <template <class> class Member, class List = Numbers>
constexpr Operator by_attribute = {
    .types = List::set, .infer = infer, .implementations = implementations<Member, List>};

constexpr std::size_t axes_input[] = {1};

template <template <class> class Member, class List = Numbers>
constexpr Operator by_input = {.inputs = {1, 2},
                               .types = List::set,
                               .infer = infer,
                               .implementations = implementations<Member, List>,
                               .value_inputs = axes_input};

}  // namespace

namespace m = reduction;

extern const Operator reduce_l1 = by_input<m::L1>;
extern const Operator reduce_l1_by_attribute = by_attribute<m::L1>;
extern const Operator reduce_l2 = by_input<m::L2>;
extern const Operator reduce_l2_by_attribute = by_attribute<m::L2>;
extern const Operator reduce_log_sum = by_input<m::LogSum>;
extern const Operator reduce_log_sum_by_attribute = by_attribute<m::LogSum>;
extern const Operator reduce_log_sum_exp = by_input<m::LogSumExp>;
extern const Operator reduce_log_sum_exp_by_attribute = by_attribute<m::LogSumExp>;
extern const Operator reduce_max = by_input<m::Max, Ordered>;
extern const Operator reduce_max_by_attribute = by_attribute<m::Max, Ordered>;
extern const Operator reduce_mean = by_input<m::Mean>;
extern const Operator reduce_mean_by_attribute = by_attribute<m::Mean>;
extern const Operator reduce_min = by_input<m::Min, Ordered>;
extern const Operator reduce_min_by_attribute = by_attribute<m::Min, Ordered>;
extern const Operator reduce_prod = by_input<m::Prod>;
extern const Operator reduce_prod_by_attribute = by_attribute<m::Prod>;
extern const Operator reduce_sum = by_input<m::Sum>;
extern const Operator reduce_sum_by_attribute = by_attribute<m::Sum>;
extern const Operator reduce_sum_square = by_input<m::SumSquare>;
extern const Operator reduce_sum_square_by_attribute = by_attribute<m::SumSquare>;

}  // namespace ranvier::operators
