// CumSum and CumProd: along one axis, each element is the sum or the product of those up to it.
// https://onnx.ai/onnx/operators/onnx__CumSum.html
#include <algorithm>
#include <array>

#include "operators/operator.h"
#include "operators/reduction/lanes.h"
#include "operators/reduction/members.h"

namespace ranvier::operators {
namespace {

Lanes selected_lanes(const Spec& spec) {
  const std::vector<std::int64_t> axis = spec.integers(1);
  if (axis.size() != 1) fail(ErrorCode::invalid_argument, "input 1 has {} elements, expected one axis", axis.size());
  return Lanes(spec.input(0).shape, axis[0]);
}

void infer(Spec& spec) {
  selected_lanes(spec);
  spec.set_output(0, spec.input(0).type, spec.input(0).shape);
}

/// Walks neighbouring lanes side by side; `step` is the distance of elements along them, negative to walk backwards.
template <class T, class Member>
void accumulate(const T* in, T* out, std::int64_t length, std::int64_t step, std::int64_t count, bool exclusive) {
  std::array<typename Member::State, 64> states;
  std::fill_n(states.begin(), count, Member::identity());
  for (std::int64_t index = 0; index < length; ++index) {
    const std::int64_t at = index * step;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto next = Member::fold(states[i], Member::map(static_cast<Compute<T>>(in[at + i]), 0));
      out[at + i] = Member::finish(exclusive ? states[i] : next, 1);
      states[i] = next;
    }
  }
}

using Numbers = Joined<FloatTypes, Types<std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>>;

template <template <class> class Member>
Kernel reference(const Spec& spec) {
  const Lanes lanes = selected_lanes(spec);
  const bool exclusive = spec.node().get<std::int64_t>("exclusive", 0) != 0;
  const bool reverse = spec.node().get<std::int64_t>("reverse", 0) != 0;
  return dispatch<Numbers>(spec.input(0).type, [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      constexpr std::int64_t block = 64;
      for (std::int64_t o = 0; o < lanes.outer; ++o) {
        for (std::int64_t i = 0; i < lanes.inner; i += block) {
          const std::int64_t last = reverse ? lanes.length - 1 : 0;
          const std::int64_t start = (o * lanes.length + last) * lanes.inner + i;
          accumulate<T, Member<T>>(buffers.input<T>(0) + start, buffers.output<T>(0) + start, lanes.length,
                                   reverse ? -lanes.inner : lanes.inner, std::min(block, lanes.inner - i), exclusive);
        }
      }
    }};
  });
}

template <template <class> class Member>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference<Member>}};
constexpr std::size_t axis_input[] = {1};

template <template <class> class Member>
constexpr Operator cumulative = {.inputs = {2, 2},
                                 .types = Numbers::set,
                                 .infer = infer,
                                 .implementations = implementations<Member>,
                                 .value_inputs = axis_input};

}  // namespace

extern const Operator cumulative_product = cumulative<reduction::Prod>;
extern const Operator cumulative_sum = cumulative<reduction::Sum>;

}  // namespace ranvier::operators
