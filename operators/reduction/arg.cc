// ArgMax and ArgMin: the index along one axis of the greatest or the smallest element. NaN wins, as in numpy.
// https://onnx.ai/onnx/operators/onnx__ArgMax.html
#include <algorithm>
#include <functional>

#include "operators/operator.h"
#include "operators/reduction/lanes.h"

namespace ranvier::operators {
namespace {

std::int64_t axis_of(const Spec& spec) { return spec.node().get<std::int64_t>("axis", 0); }

void infer(Spec& spec) {
  Shape shape = spec.input(0).shape;
  const Lanes lanes(shape, axis_of(spec));
  if (lanes.length == 0)
    fail(ErrorCode::invalid_argument, "an input of shape {} has no elements along axis {}", to_string(shape),
         axis_of(spec));
  shape[lanes.axis] = 1;
  if (spec.node().get<std::int64_t>("keepdims", 1) == 0) shape.erase(lanes.axis);
  spec.set_output(0, DataType::int64, shape);
}

/// Whether `a`, which comes after `b` along the axis, takes its place.
template <class Better, class T>
bool replaces(T a, T b, bool last_of_equals) {
  if (a != a) return last_of_equals || b == b;
  return Better()(a, b) || (last_of_equals && a == b);
}

template <class Better>
Kernel reference(const Spec& spec) {
  const Lanes lanes(spec.input(0).shape, axis_of(spec));
  const bool last = spec.node().get<std::int64_t>("select_last_index", 0) != 0;
  return dispatch<NumericTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const T* in = buffers.input<T>(0);
      auto* best = buffers.output<std::int64_t>(0);
      const auto at = [&](std::int64_t index, std::int64_t i) {
        return static_cast<Compute<T>>(in[index * lanes.inner + i]);
      };
      for (std::int64_t o = 0; o < lanes.outer; ++o, in += lanes.length * lanes.inner, best += lanes.inner) {
        std::fill_n(best, lanes.inner, 0);
        for (std::int64_t index = 1; index < lanes.length; ++index)
          for (std::int64_t i = 0; i < lanes.inner; ++i)
            if (replaces<Better>(at(index, i), at(best[i], i), last)) best[i] = index;
      }
    }};
  });
}

template <class Better>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference<Better>}};

template <class Better>
constexpr Operator arg = {.types = NumericTypes::set, .infer = infer, .implementations = implementations<Better>};

}  // namespace

extern const Operator arg_max = arg<std::greater<>>;
extern const Operator arg_min = arg<std::less<>>;

}  // namespace ranvier::operators
