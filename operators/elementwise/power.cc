#include "operators/elementwise/power.h"

#include <algorithm>
#include <cmath>

#include "operators/elementwise/arithmetic.h"
#include "runtime/core/convert.h"
#include "runtime/core/number_text.h"

namespace ranvier::operators {
namespace {

/// E: how the exponent is read, double or, for an integer to the power of one, uint64 or int64.
template <class T, class E>
T raised(T base, E exponent) {
  if constexpr (std::is_integral_v<E>) {
    const bool negative = exponent < 0;
    const auto magnitude = static_cast<std::uint64_t>(exponent);
    return integer_power(base, negative ? -magnitude : magnitude, negative);
  } else {
    const double result = std::pow(static_cast<double>(static_cast<Compute<T>>(base)), exponent);
    if constexpr (std::is_integral_v<T>) {
      return static_cast<T>(truncated(result));
    } else {
      return rounded<T>(result);
    }
  }
}

template <class T, class E>
void raise_row(const T* base, const E* exponent, T* out, std::int64_t count, std::int64_t base_step,
               std::int64_t exponent_step) {
  if (exponent_step == 0 && base_step == 1 && *exponent == E{2}) {
    const auto square = [](Compute<T> x) { return multiply(x, x); };
    for (std::int64_t i = 0; i < count; ++i) out[i] = static_cast<T>(square(static_cast<Compute<T>>(base[i])));
  } else {
    for (std::int64_t i = 0; i < count; ++i) out[i] = raised(base[i * base_step], exponent[i * exponent_step]);
  }
}

template <class T, class E>
Kernel power_of(DataType exponent_type, const Broadcast<2>& walk) {
  const auto exponent_size = static_cast<std::int64_t>(bits(exponent_type) / 8);
  return {[=](const Buffers& buffers) {
    const T* base = buffers.input<T>(0);
    const auto* exponents = buffers.input<std::byte>(1);
    T* out = buffers.output<T>(0);
    walk.for_each_row([=](std::int64_t to, const auto& from, std::int64_t count, const auto& step) {
      constexpr std::int64_t block_size = 256;
      E block[block_size];
      for (std::int64_t first = 0; first < count; first += block_size) {
        const std::int64_t part = std::min(block_size, count - first);
        const std::int64_t position = from[1] + first * step[1];
        convert(exponent_type, exponents + position * exponent_size, data_type_of<E>, block, step[1] == 0 ? 1 : part);
        raise_row(base + from[0] + first * step[0], block, out + to + first, part, step[0], step[1]);
      }
    });
  }};
}

}  // namespace

Kernel power(const Spec& spec, const std::array<Shape, 2>& shapes) {
  const Broadcast<2> walk(shapes, spec.output(0).shape);
  const DataType exponent_type = spec.input(1).type;
  if (!NumericTypes::set.contains(exponent_type))
    fail(ErrorCode::invalid_model, "input 1 has type {}, expected a number", name(exponent_type));
  return dispatch<PowerTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    if constexpr (std::is_integral_v<T>) {
      if (SignedTypes::set.contains(exponent_type)) return power_of<T, std::int64_t>(exponent_type, walk);
      if (UnsignedTypes::set.contains(exponent_type)) return power_of<T, std::uint64_t>(exponent_type, walk);
    }
    return power_of<T, double>(exponent_type, walk);
  });
}

}  // namespace ranvier::operators
