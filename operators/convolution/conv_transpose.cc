// ConvTranspose: what Conv does, the other way round. Each element of the input, times the weights, is added to the
// elements of the output under its window.
// https://onnx.ai/onnx/operators/onnx__ConvTranspose.html
#include <algorithm>

#include "operators/convolution/windows.h"
#include "operators/matmul/product.h"
#include "operators/parallel.h"
#include "runtime/core/shape.h"

namespace ranvier::operators {
namespace {

/// The windows lie over the output: there is one for each place of the input.
struct Sizes {
  std::int64_t images = 0, groups = 1, channels = 0, outputs = 0;  ///< Channels and outputs of one group.
  Windows windows;
};

/// Divides what there is too much among the two ends: an odd one goes to the end for SAME_UPPER, else to the beginning.
void pad_to(const Shape& wanted, const Shape& most, bool odd_one_last, Windows& windows) {
  for (std::size_t d = 0; d < wanted.rank(); ++d) {
    const std::int64_t pads = std::max<std::int64_t>(0, most[d] - wanted[d]);
    windows.before[d] = odd_one_last ? pads / 2 : pads - pads / 2;
    windows.after[d] = pads - windows.before[d];
  }
  windows.size = wanted;
}

Windows windows_over_output(const Spec& spec, const Shape& kernel) {
  const Shape& x = spec.input(0).shape;
  const std::size_t rank = x.rank() - 2;
  Windows windows;
  windows.output = Shape(std::span(x.begin() + 2, rank));
  windows.kernel = kernel;
  windows.strides = numbers_in(spec, "strides", rank, 1, 1);
  windows.dilations = numbers_in(spec, "dilations", rank, 1, 1);
  const Shape pads = numbers_in(spec, "pads", 2 * rank, 0, 0);
  windows.before = Shape(std::span(pads.begin(), rank));
  windows.after = Shape(std::span(pads.begin() + rank, rank));
  const Shape output_padding = numbers_in(spec, "output_padding", rank, 0, 0);
  Shape most = windows.output;  // without pads
  for (std::size_t d = 0; d < rank; ++d) {
    if (kernel[d] < 1) fail(ErrorCode::invalid_argument, "windows of {}, expected 1 at least", to_string(kernel));
    std::int64_t steps = 0, reach = 0;
    if (__builtin_mul_overflow(windows.output[d], windows.strides[d], &steps) ||
        __builtin_mul_overflow(kernel[d] - 1, windows.dilations[d], &reach) ||
        __builtin_add_overflow(steps - windows.strides[d], reach, &most[d]) ||
        __builtin_add_overflow(most[d], 1 + output_padding[d], &most[d]))
      fail(ErrorCode::out_of_memory, "dimension {} of the output does not fit in memory", d + 2);
    if (windows.output[d] == 0) most[d] = 0;
  }
  const auto how = spec.node().get<std::string>("auto_pad", "NOTSET");
  const bool same = how == "SAME_UPPER" || how == "SAME_LOWER";
  if (!same && how != "NOTSET" && how != "VALID")
    fail(ErrorCode::invalid_model, "attribute 'auto_pad' is '{}', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER",
         how);
  if (how == "VALID") windows.before = windows.after = Shape(std::vector<std::int64_t>(rank, 0));
  if (spec.node().has("output_shape")) {
    pad_to(numbers_in(spec, "output_shape", rank, 0, 0), most, how == "SAME_UPPER", windows);
    return windows;
  }
  windows.size = most;
  for (std::size_t d = 0; d < rank; ++d) {
    windows.size[d] = same ? windows.output[d] * windows.strides[d]
                           : std::max<std::int64_t>(-1, most[d] - windows.before[d] - windows.after[d]);
    if (windows.size[d] < 0)
      fail(ErrorCode::invalid_argument, "dimension {} of the output would be {}, less {} and {} for pads", d + 2,
           most[d], windows.before[d], windows.after[d]);
  }
  if (same) pad_to(windows.size, most, how == "SAME_UPPER", windows);
  return windows;
}

Sizes sizes_of(const Spec& spec) {
  const Shape& x = spec.input(0).shape;
  const Shape& weights = spec.input(1).shape;
  check_ranks(x, weights);
  const auto groups = spec.node().get<std::int64_t>("group", 1);
  if (groups < 1 || x[1] % groups != 0)
    fail(ErrorCode::invalid_model, "attribute 'group' is {}, expected a divisor of the {} channels", groups, x[1]);
  if (weights[0] != x[1])
    fail(ErrorCode::invalid_argument, "shapes {} and {} do not fit: {} channels meet weights for {}", to_string(x),
         to_string(weights), x[1], weights[0]);
  const Shape kernel = kernel_of(spec, weights);
  std::int64_t outputs = 0;
  if (__builtin_mul_overflow(weights[1], groups, &outputs))
    fail(ErrorCode::out_of_memory, "{} groups of {} output channels do not fit in memory", groups, weights[1]);
  if (spec.input(2).present() && spec.input(2).shape != Shape{outputs})
    fail(ErrorCode::invalid_argument, "input 2 has shape {}, expected {}", to_string(spec.input(2).shape),
         to_string(Shape{outputs}));
  return {x[0], groups, x[1] / groups, weights[1], windows_over_output(spec, kernel)};
}

void infer(Spec& spec) {
  const DataType type = type_of_all(spec);
  const Sizes sizes = sizes_of(spec);
  Shape output = {sizes.images, sizes.groups * sizes.outputs};
  for (const std::int64_t size : sizes.windows.size) output.push_back(size);
  spec.set_output(0, type, output);
}

std::optional<std::string> rows_refusal(const Spec& spec) {
  if (spec.input(0).type != DataType::float32)
    return fmt::format("elements of type {}; rows are added for float", name(spec.input(0).type));
  if (spec.input(0).shape.elements() == 0) return "an input without elements";
  return std::nullopt;
}

/// Adds a row of the input, times a row of weights, to a row of the output.
void add_row(const Windows& windows, const float* x, const float* weights, float* y) {
  const std::size_t d = windows.size.rank() - 1;
  const std::int64_t stride = windows.strides[d];
  for (std::int64_t k = 0; k < windows.kernel[d]; ++k) {
    const std::int64_t shift = k * windows.dilations[d] - windows.before[d];
    const std::int64_t first = std::max<std::int64_t>(0, rounded_up(-shift, stride));
    const std::int64_t last = std::min(windows.output[d], rounded_up(windows.size[d] - shift, stride));
    if (stride == 1) {
      for (std::int64_t i = first; i < last; ++i) y[i + shift] += weights[k] * x[i];
    } else {
      for (std::int64_t i = first; i < last; ++i) y[i * stride + shift] += weights[k] * x[i];
    }
  }
}

/// Every output channel of every image by itself, in one order: it does not depend on the others.
Kernel rows(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  const Windows& windows = sizes.windows;
  const std::size_t last = windows.size.rank() - 1;
  const std::int64_t from_size = windows.output.elements(), to_size = windows.size.elements();
  const std::int64_t kernel_size = windows.kernel.elements(), x_rows = product(windows.output, 0, last);
  const std::int64_t all = sizes.groups * sizes.outputs, count = sizes.images * all;
  const double products = static_cast<double>(count * sizes.channels) * static_cast<double>(from_size * kernel_size);
  const Parts parts = parts_for(spec.settings(), 0.3 * products).at_most(static_cast<std::size_t>(count));
  return {[=, has_bias = spec.input(2).present(), pool = spec.settings().pool](const Buffers& buffers) {
    const auto run = [&](std::int64_t channel) {
      const std::int64_t m = channel % all, first = channel / all * sizes.groups * sizes.channels;
      float* y = buffers.output<float>(0) + channel * to_size;
      std::fill_n(y, to_size, has_bias ? buffers.input<float>(2)[m] : 0);
      const std::int64_t group = m / sizes.outputs;
      for (std::int64_t c = group * sizes.channels; c < (group + 1) * sizes.channels; ++c) {
        const float* x = buffers.input<float>(0) + (first + c) * from_size;
        const float* weights = buffers.input<float>(1) + (c * sizes.outputs + m % sizes.outputs) * kernel_size;
        for (std::int64_t row = 0; row < x_rows; ++row)
          for_each_tap(windows, last, row, [&](const Tap& tap) {
            add_row(windows, x + row * windows.output[last], weights + tap.kernel * windows.kernel[last],
                    y + tap.input * windows.size[last]);
          });
      }
    };
    parallel_for(pool, parts, [&](std::size_t part) noexcept {
      const auto n = static_cast<std::int64_t>(part), of = static_cast<std::int64_t>(parts.count);
      for (std::int64_t channel = count * n / of; channel < count * (n + 1) / of; ++channel) run(channel);
    });
  }};
}

// auto_pad (NOTSET), dilations (1 each), group (1), kernel_shape (that of the weights), output_padding (0 each),
// output_shape, pads (0 each), strides (1 each)
Kernel reference(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  const std::int64_t all = sizes.groups * sizes.outputs;
  if (spec.output(0).shape.elements() == 0) return {[](const Buffers&) {}};
  const std::size_t sums_bytes = byte_size(DataType::float64, {all, sizes.windows.size.elements()});
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const std::int64_t from_size = sizes.windows.output.elements(), to_size = sizes.windows.size.elements();
    const std::int64_t kernel_size = sizes.windows.kernel.elements();
    const auto run = [=, has_bias = spec.input(2).present()](const Buffers& buffers) {
      auto* sums = reinterpret_cast<double*>(buffers.scratch);  // of one image
      auto* memory = reinterpret_cast<Tap*>(buffers.scratch + sums_bytes);
      for (std::int64_t image = 0; image < sizes.images; ++image) {
        for (std::int64_t i = 0; i < all * to_size; ++i)
          sums[i] = has_bias ? to_sum(buffers.input<T>(2)[i / to_size]) : 0;
        for_each_window(sizes.windows, memory, [&](std::int64_t window, auto taps) {
          for (std::int64_t c = 0; c < sizes.groups * sizes.channels; ++c) {
            const double x =
                to_sum(buffers.input<T>(0)[(image * sizes.groups * sizes.channels + c) * from_size + window]);
            for (std::int64_t m = 0; m < sizes.outputs; ++m)
              for (const Tap& tap : taps)
                sums[(c / sizes.channels * sizes.outputs + m) * to_size + tap.input] +=
                    x * to_sum(buffers.input<T>(1)[(c * sizes.outputs + m) * kernel_size + tap.kernel]);
          }
        });
        T* y = buffers.output<T>(0) + image * all * to_size;
        for (std::int64_t i = 0; i < all * to_size; ++i) y[i] = from_sum<T>(sums[i]);
      }
    };
    return {run, sums_bytes + tap_bytes(sizes.windows)};
  });
}

constexpr Implementation implementations[] = {{.name = "rows", .refusal = rows_refusal, .prepare = rows},
                                              {.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator conv_transpose = {
    .inputs = {2, 3}, .types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
