// Range: numbers from a start to a limit, which is left out, at equal distances.
// https://onnx.ai/onnx/operators/onnx__Range.html
#include <cmath>

#include "operators/operator.h"

namespace ranvier::operators {
namespace {

using RangeTypes = Joined<FloatTypes, IntegerTypes>;

template <class T>
T one_number(const Spec& spec, std::size_t i) {
  const Tensor* value = spec.input(i).value;
  if (value == nullptr) fail(ErrorCode::internal, "the contents of input {} are needed, but not known", i);
  if (value->type() != data_type_of<T>)
    fail(ErrorCode::invalid_model, "inputs 0 and {} have types {} and {}, expected the same", i, name(data_type_of<T>),
         name(value->type()));
  if (value->elements() != 1)
    fail(ErrorCode::invalid_argument, "input {} has {} elements, expected one", i, value->elements());
  return value->values<T>()[0];
}

/// How many multiples of `step` are below `distance`; both positive.
std::int64_t count_of(std::uint64_t distance, std::uint64_t step) {
  const std::uint64_t count = distance / step + (distance % step != 0 ? 1 : 0);
  if (count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    fail(ErrorCode::out_of_memory, "the range has more elements than memory can hold");
  return static_cast<std::int64_t>(count);
}

/// ceil((limit - start) / delta), or 0 where that is negative.
template <class T>
std::int64_t element_count(T start, T limit, T delta) {
  if constexpr (std::is_integral_v<T>) {
    const auto bits = [](T value) { return static_cast<std::uint64_t>(value); };
    if (delta > 0) return start < limit ? count_of(bits(limit) - bits(start), bits(delta)) : 0;
    return start > limit ? count_of(bits(start) - bits(limit), 0 - bits(delta)) : 0;
  } else {
    const T count = std::ceil((limit - start) / delta);
    if (std::isnan(count))
      fail(ErrorCode::invalid_argument, "a range of {} to {} by {} has no size", start, limit, delta);
    if (count >= static_cast<T>(0x1p62))
      fail(ErrorCode::out_of_memory, "the range has more elements than memory can hold");
    return count > 0 ? static_cast<std::int64_t>(count) : 0;
  }
}

void infer(Spec& spec) {
  if (spec.node().get<std::int64_t>("stash_type", 1) != 1)
    fail(ErrorCode::unsupported, "attribute 'stash_type' is {}, only 1 (float) is supported",
         spec.node().get<std::int64_t>("stash_type", 1));
  const DataType type = spec.input(0).type;
  const std::int64_t count = dispatch<RangeTypes>(type, [&]<class T>() {
    const auto number = [&](std::size_t i) { return static_cast<Compute<T>>(one_number<T>(spec, i)); };
    if (number(2) == 0) fail(ErrorCode::invalid_argument, "input 2, the distance, is 0");
    return element_count<Compute<T>>(number(0), number(1), number(2));
  });
  spec.set_output(0, type, {count});
}

Kernel reference(const Spec& spec) {
  const std::int64_t count = spec.output(0).shape[0];
  return dispatch<RangeTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    // Integers wrap around; the others are computed in double and rounded once.
    using Number = std::conditional_t<std::is_integral_v<T>, std::uint64_t, double>;
    const auto start = static_cast<Number>(static_cast<Compute<T>>(one_number<T>(spec, 0)));
    const auto delta = static_cast<Number>(static_cast<Compute<T>>(one_number<T>(spec, 2)));
    return {[=](const Buffers& buffers) {
      T* out = buffers.output<T>(0);
      for (std::int64_t i = 0; i < count; ++i)
        out[i] = static_cast<T>(static_cast<Compute<T>>(start + static_cast<Number>(i) * delta));
    }};
  });
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};
constexpr std::size_t values[] = {0, 1, 2};

}  // namespace

extern const Operator range = {.inputs = {3, 3},
                               .types = RangeTypes::set,
                               .infer = infer,
                               .implementations = implementations,
                               .value_inputs = values};

}  // namespace ranvier::operators
