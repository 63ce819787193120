// Sparsemax as Keras computes it: max(x - tau, 0), where tau depends on the whole axis.
// https://keras.io/api/layers/activations/#sparsemax-function
//
// With z the elements of the axis in descending order and s[j] = z[1] + ... + z[j], the support is the elements for
// which z[j] > (s[j] - 1) / j, k of them. Martins and Astudillo (2016) project onto the simplex with
// tau = (s[k] - 1) / k. Keras has tau = (s[1] + ... + s[k] - 1) / k, and Keras' numbers are what is wanted here: they
// are the same where the support is one element, but with more of them the results do not add up to 1.
//
// At infinities it is what this tends to: the support are the elements equal to the largest. One element that is
// infinitely larger than all others gives 1; several give 0 where they are infinite, and infinity where all elements
// are -infinity. Where there is a NaN, all of the axis is NaN.
#include <algorithm>
#include <cmath>
#include <functional>

#include "operators/activation/float_only.h"
#include "operators/operator.h"
#include "operators/parallel.h"

namespace ranvier::operators {
namespace {

/// The axis in memory: `outer` blocks of `inner` interleaved rows of `size` elements.
struct Lanes {
  std::int64_t outer = 0;
  std::int64_t size = 0;
  std::int64_t inner = 0;
};

std::size_t axis_of(const Spec& spec) {
  return normalized_axis(spec.node().get<std::int64_t>("axis", -1), spec.input(0).shape.rank());
}

Lanes lanes_of(const Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  const std::size_t axis = axis_of(spec);
  if (shape.elements() == 0) return {};
  return {product(shape, 0, axis), shape[axis], product(shape, axis + 1, shape.rank())};
}

void infer(Spec& spec) {
  axis_of(spec);
  infer_as_first_input(spec);
}

template <class T>
double number(T x) {
  return static_cast<double>(static_cast<Compute<T>>(x));
}

/// x - largest, 0 where they are the same infinity.
double below(double largest, double x) { return x == largest ? 0 : x - largest; }

/// largest - tau, for the elements minus the largest, in descending order. Those that are not above -1 may be left out:
/// they are outside the support, as z[j] > (s[j] - 1) / j needs z[j] > z[1] - 1.
double largest_minus_tau(const double* sorted, std::int64_t size, double largest) {
  double sum = 0;
  double sum_of_sums = 0;
  std::int64_t k = 0;
  for (; k < size; ++k) {
    const double next = sum + sorted[k];
    if (!(sorted[k] * static_cast<double>(k + 1) > next - 1)) break;
    sum = next;
    sum_of_sums += sum;
  }
  // Each of the k sums has `largest` once for every element: (1 + ... + k) largest / k = largest (k + 1) / 2.
  const auto count = static_cast<double>(k);
  const double shift = k == 1 ? 0 : largest * (count - 1) / 2;
  return (1 - sum_of_sums) / count - shift;
}

template <class T>
T result(double x, double largest, double shift) {
  const double y = below(largest, x) + shift;
  return static_cast<T>(static_cast<Compute<T>>(y < 0 ? 0 : y));
}

/// Calls row(offset) for the rows [first, last), with where in memory each begins.
template <class Row>
void for_each_row(const Lanes& rows, std::int64_t first, std::int64_t last, const Row& row) {
  for (std::int64_t i = first; i < last; ++i) row(i / rows.inner * rows.size * rows.inner + i % rows.inner);
}

/// Of the elements only those are sorted that may be in the support.
Kernel filtered(const Spec& spec) {
  const Lanes rows = lanes_of(spec);
  const std::int64_t count = rows.outer * rows.inner;
  constexpr double nanoseconds_each = 2;  // of one element
  const double nanoseconds = nanoseconds_each * static_cast<double>(count) * static_cast<double>(rows.size);
  const Parts parts =
      parts_for(spec.settings(), nanoseconds).at_most(static_cast<std::size_t>(std::max<std::int64_t>(count, 1)));
  const std::int64_t step = count / static_cast<std::int64_t>(parts.count) + 1;
  const auto run = [=, pool = spec.settings().pool](const Buffers& buffers) {
    const auto part_of = [&](std::size_t part) noexcept {
      double* near = reinterpret_cast<double*>(buffers.scratch) + static_cast<std::int64_t>(part) * rows.size;
      const std::int64_t first = std::min(count, static_cast<std::int64_t>(part) * step);
      for_each_row(rows, first, std::min(count, first + step), [&](std::int64_t offset) {
        const float* x = buffers.input<float>(0) + offset;
        float* y = buffers.output<float>(0) + offset;
        const std::int64_t end = rows.size * rows.inner;
        float max = x[0];
        bool has_nan = false;
        for (std::int64_t i = 0; i < end; i += rows.inner) {
          has_nan |= x[i] != x[i];
          max = x[i] > max ? x[i] : max;
        }
        const double largest = has_nan ? std::nan("") : max;
        std::int64_t kept = 0;
        for (std::int64_t i = 0; i < end; i += rows.inner) {
          near[kept] = below(largest, x[i]);
          kept += near[kept] > -1 ? 1 : 0;
        }
        std::sort(near, near + kept, std::greater<>());
        const double shift = largest_minus_tau(near, kept, largest);
        for (std::int64_t i = 0; i < end; i += rows.inner) y[i] = result<float>(x[i], largest, shift);
      });
    };
    parallel_for(pool, parts, part_of);
  };
  return {run, parts.count * byte_size(DataType::float64, {rows.size})};
}

Kernel reference(const Spec& spec) {
  const Lanes rows = lanes_of(spec);
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const auto run = [=](const Buffers& buffers) {
      auto* sorted = reinterpret_cast<double*>(buffers.scratch);
      for_each_row(rows, 0, rows.outer * rows.inner, [&](std::int64_t offset) {
        const T* x = buffers.input<T>(0) + offset;
        T* y = buffers.output<T>(0) + offset;
        double largest = number(x[0]);
        for (std::int64_t i = 0; i < rows.size; ++i) {
          const double value = number(x[i * rows.inner]);
          if (!(value <= largest)) largest = value;
          if (std::isnan(largest)) break;
        }
        for (std::int64_t i = 0; i < rows.size; ++i) sorted[i] = below(largest, number(x[i * rows.inner]));
        if (!std::isnan(largest)) std::sort(sorted, sorted + rows.size, std::greater<>());
        const double shift = largest_minus_tau(sorted, rows.size, largest);
        for (std::int64_t i = 0; i < rows.size; ++i)
          y[i * rows.inner] = result<T>(number(x[i * rows.inner]), largest, shift);
      });
    };
    return {run, byte_size(DataType::float64, {rows.size})};
  });
}

constexpr Implementation implementations[] = {
    {.name = "filtered", .refusal = refusal_unless_float, .prepare = filtered},
    {.name = "reference", .prepare = reference},
};

}  // namespace

extern const Operator sparsemax = {.types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
