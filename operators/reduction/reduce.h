// The kernel of a member of the reduce family.
#pragma once

#include "operators/operator.h"
#include "operators/reduction/fold.h"
#include "operators/reduction/members.h"

namespace ranvier::operators {

/// Folds the elements of input 0, whose type is one of List, along the axes. `make.operator()<T>()` returns the member
/// for elements of T.
template <class List, class Make>
Kernel fold_kernel(const Spec& spec, const AxisSet& axes, const Make& make) {
  const FoldLayout layout(spec.input(0).shape, axes);
  return dispatch<List>(spec.input(0).type, [&]<class T>() -> Kernel {
    return {[=, member = make.template operator()<T>()](const Buffers& buffers) {
      T* out = buffers.output<T>(0);
      const std::int64_t count = layout.count();
      fold(layout, buffers.input<T>(0), member,
           [&](std::int64_t group, const auto& state) { out[group] = member.finish(state, count); });
    }};
  });
}

/// The same for a member that has no parameters.
template <template <class> class Member, class List>
Kernel fold_kernel(const Spec& spec, const AxisSet& axes) {
  return fold_kernel<List>(spec, axes, []<class T>() { return Member<T>(); });
}

}  // namespace ranvier::operators
