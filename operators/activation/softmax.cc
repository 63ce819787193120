// Softmax, LogSoftmax and Hardmax: each lane of the input (one axis, or several that count as one) normalized.
// https://onnx.ai/onnx/operators/onnx__Softmax.html
// https://onnx.ai/onnx/operators/onnx__LogSoftmax.html
// https://onnx.ai/onnx/operators/onnx__Hardmax.html
#include "operators/activation/softmax.h"

#include <cmath>

#include "operators/activation/float_only.h"
#include "operators/activation/softmax_kernels.h"
#include "operators/by_rows.h"
#include "operators/operator.h"
#include "operators/parallel.h"

namespace ranvier::operators {
namespace {

/// The lanes of a tensor: `outer` blocks of `inner` interleaved lanes of `size` elements.
struct Lanes {
  std::int64_t outer = 1;
  std::int64_t size = 1;
  std::int64_t inner = 1;
};

/// The elements of one lane.
template <class T>
struct Lane {
  T* first;
  std::int64_t size;
  std::int64_t stride;

  T& operator[](std::int64_t i) const { return first[i * stride]; }
};

/// Since opset 13: one axis, the last unless the node says which.
Lanes along_axis(const Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  const std::size_t axis = normalized_axis(spec.node().get<std::int64_t>("axis", -1), shape.rank());
  if (shape.elements() == 0) return {0, 0, 0};
  return {product(shape, 0, axis), shape[axis], product(shape, axis + 1, shape.rank())};
}

/// Before: all axes from `axis` on, the second unless the node says which, count as one.
Lanes from_axis(const Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  const std::size_t axis = normalized_axis(spec.node().get<std::int64_t>("axis", 1), shape.rank());
  if (shape.elements() == 0) return {0, 0, 0};
  return {product(shape, 0, axis), product(shape, axis, shape.rank()), 1};
}

template <class T>
double at(const Lane<const T>& lane, std::int64_t i) {
  return static_cast<double>(static_cast<Compute<T>>(lane[i]));
}

/// The position of the first maximum, that of the first NaN where there is one.
template <class T>
std::int64_t maximum(const Lane<const T>& lane) {
  std::int64_t position = 0;
  double max = at(lane, 0);
  for (std::int64_t i = 1; i < lane.size && !std::isnan(max); ++i) {
    const double value = at(lane, i);
    if (value <= max) continue;
    position = i;
    max = value;
  }
  return position;
}

/// exp(x - max) / sum of exp(x - max), in double. The exponentials may take the place of x.
struct Softmax {
  template <class T>
  static void normalize(const Lane<const T>& x, const Lane<T>& y, double* exponentials) {
    const double max = at(x, maximum(x));
    double sum = 0;
    for (std::int64_t i = 0; i < x.size; ++i) sum += exponentials[i] = std::exp(at(x, i) - max);
    for (std::int64_t i = 0; i < x.size; ++i) y[i] = static_cast<T>(static_cast<Compute<T>>(exponentials[i] / sum));
  }
};

/// x - max - log(sum of exp(x - max)). The maximum's own share of the sum is 1 and left to log1p, so that a result
/// near 0 keeps its digits.
struct LogSoftmax {
  template <class T>
  static void normalize(const Lane<const T>& x, const Lane<T>& y, double*) {
    const std::int64_t position = maximum(x);
    const double max = at(x, position);
    double others = 0;
    for (std::int64_t i = 0; i < x.size; ++i)
      if (i != position) others += std::exp(at(x, i) - max);
    const double own_share = std::exp(max - max);  // 1, or NaN where the maximum is infinite
    const double log_sum = std::log1p(others + (own_share - 1));
    for (std::int64_t i = 0; i < x.size; ++i) y[i] = static_cast<T>(static_cast<Compute<T>>(at(x, i) - max - log_sum));
  }
};

/// 1 for the first maximum, 0 for the others.
struct Hardmax {
  template <class T>
  static void normalize(const Lane<const T>& x, const Lane<T>& y, double*) {
    const std::int64_t position = maximum(x);
    for (std::int64_t i = 0; i < x.size; ++i) y[i] = static_cast<T>(i == position ? 1.0f : 0.0f);
  }
};

template <Lanes (*lanes_of)(const Spec&)>
void infer(Spec& spec) {
  lanes_of(spec);
  infer_as_first_input(spec);
}

template <class Function, Lanes (*lanes_of)(const Spec&)>
Kernel reference(const Spec& spec) {
  const Lanes lanes = lanes_of(spec);
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const auto run = [=](const Buffers& buffers) {
      const T* x = buffers.input<T>(0);
      T* y = buffers.output<T>(0);
      auto* scratch = reinterpret_cast<double*>(buffers.scratch);
      for (std::int64_t outer = 0; outer < lanes.outer; ++outer)
        for (std::int64_t inner = 0; inner < lanes.inner; ++inner) {
          const std::int64_t first = outer * lanes.size * lanes.inner + inner;
          Function::template normalize<T>({x + first, lanes.size, lanes.inner}, {y + first, lanes.size, lanes.inner},
                                          scratch);
        }
    };
    return {run, byte_size(DataType::float64, {lanes.size})};
  });
}

// The kernels take rows. Lanes that are no rows are copied into one, and back.

void normalize_lane(RowKernel kernel, const float* x, float* y, const Lanes& lanes, float* row) {
  for (std::int64_t i = 0; i < lanes.size; ++i) row[i] = x[i * lanes.inner];
  kernel(row, row, static_cast<std::size_t>(lanes.size));
  for (std::int64_t i = 0; i < lanes.size; ++i) y[i * lanes.inner] = row[i];
}

template <RowKernel SoftmaxKernels::*kernel, Lanes (*lanes_of)(const Spec&)>
Kernel simd(const Spec& spec) {
  const Lanes lanes = lanes_of(spec);
  const std::int64_t count = lanes.outer * lanes.inner;
  const double nanoseconds = 0.3 * static_cast<double>(spec.input(0).shape.elements());
  const RowKernel run_row = softmax_kernels().*kernel;
  if (lanes.inner == 1)
    return by_rows(spec, {.count = static_cast<std::size_t>(count), .nanoseconds = nanoseconds},
                   [=, size = static_cast<std::size_t>(lanes.size)](const Buffers& buffers, std::size_t some) noexcept {
                     const float* x = buffers.input<float>(0);
                     float* y = buffers.output<float>(0);
                     for (std::size_t i = 0; i < some; ++i) run_row(x + i * size, y + i * size, size);
                   });
  const Parts parts = parts_for(spec.settings(), nanoseconds);
  const std::size_t row_bytes = byte_size(DataType::float32, {lanes.size});
  const auto run = [=, pool = spec.settings().pool](const Buffers& buffers) {
    parallel_for(pool, parts, [&](std::size_t part) noexcept {
      auto* row = reinterpret_cast<float*>(buffers.scratch + part * row_bytes);
      const auto p = static_cast<std::int64_t>(part), of = static_cast<std::int64_t>(parts.count);
      for (std::int64_t lane = count * p / of; lane < count * (p + 1) / of; ++lane) {
        const std::int64_t first = lane / lanes.inner * lanes.size * lanes.inner + lane % lanes.inner;
        normalize_lane(run_row, buffers.input<float>(0) + first, buffers.output<float>(0) + first, lanes, row);
      }
    });
  };
  return {run, parts.count * row_bytes};
}

template <class Function, RowKernel SoftmaxKernels::*kernel, Lanes (*lanes_of)(const Spec&)>
constexpr Implementation with_simd[] = {
    {.name = "simd", .refusal = refusal_unless_float, .prepare = simd<kernel, lanes_of>},
    {.name = "reference", .prepare = reference<Function, lanes_of>},
};

template <Lanes (*lanes_of)(const Spec&)>
constexpr Operator operator_of(std::span<const Implementation> implementations) {
  return {.types = FloatTypes::set, .infer = infer<lanes_of>, .implementations = implementations};
}

template <Lanes (*lanes_of)(const Spec&)>
constexpr Operator softmax = operator_of<lanes_of>(with_simd<Softmax, &SoftmaxKernels::softmax, lanes_of>);
template <Lanes (*lanes_of)(const Spec&)>
constexpr Operator log_softmax = operator_of<lanes_of>(with_simd<LogSoftmax, &SoftmaxKernels::log_softmax, lanes_of>);
template <Lanes (*lanes_of)(const Spec&)>
constexpr Operator hardmax = operator_of<lanes_of>(with_simd<Hardmax, &SoftmaxKernels::hardmax, lanes_of>);

template <class Function>
void normalize_in_place(std::span<double> row) {
  const auto size = static_cast<std::int64_t>(row.size());
  Function::template normalize<double>({row.data(), size, 1}, {row.data(), size, 1}, row.data());
}

}  // namespace

void reference_softmax(std::span<double> row) { normalize_in_place<Softmax>(row); }
void reference_log_softmax(std::span<double> row) { normalize_in_place<LogSoftmax>(row); }

extern const Operator softmax_from_axis = softmax<from_axis>;
extern const Operator softmax_along_axis = softmax<along_axis>;
extern const Operator log_softmax_from_axis = log_softmax<from_axis>;
extern const Operator log_softmax_along_axis = log_softmax<along_axis>;
extern const Operator hardmax_from_axis = hardmax<from_axis>;
extern const Operator hardmax_along_axis = hardmax<along_axis>;

}  // namespace ranvier::operators
