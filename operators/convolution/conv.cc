// Conv: each output channel is a sum, over a window and the channels of its group, of products with weights.
// https://onnx.ai/onnx/operators/onnx__Conv.html
// In Ranvier's domain an activation of single elements follows.
#include <atomic>

#include "operators/activation/epilogue.h"
#include "operators/convolution/windows.h"
#include "operators/matmul/product.h"
#include "operators/parallel.h"
#include "runtime/onednn/convolution.h"

namespace ranvier::operators {
namespace {

struct Sizes {
  std::int64_t images = 0, groups = 1, channels = 0, outputs = 0;  ///< Channels and outputs of one group.
  Windows windows;
};

Sizes sizes_of(const Spec& spec) {
  const Shape& x = spec.input(0).shape;
  const Shape& weights = spec.input(1).shape;
  check_ranks(x, weights);
  const auto groups = spec.node().get<std::int64_t>("group", 1);
  if (groups < 1 || weights[0] % groups != 0)
    fail(ErrorCode::invalid_model, "attribute 'group' is {}, expected a divisor of the {} output channels", groups,
         weights[0]);
  if (x[1] % groups != 0 || x[1] / groups != weights[1])
    fail(ErrorCode::invalid_argument, "shapes {} and {} do not fit: {} channels meet weights for {} groups of {}",
         to_string(x), to_string(weights), x[1], groups, weights[1]);
  const Shape kernel = kernel_of(spec, weights);
  if (spec.input(2).present() && spec.input(2).shape != Shape{weights[0]})
    fail(ErrorCode::invalid_argument, "input 2 has shape {}, expected {}", to_string(spec.input(2).shape),
         to_string(Shape{weights[0]}));
  return {x[0], groups, weights[1], weights[0] / groups, windows_in(spec, kernel)};
}

Epilogue activation_in(const Spec& spec) {
  Epilogue epilogue = epilogue_in(spec.node());
  if (!std::holds_alternative<Activation>(epilogue.activation))
    fail(ErrorCode::invalid_model, "attribute 'activation' is '{}', expected one of single elements", name(epilogue));
  return epilogue;
}

void infer(Spec& spec) {
  const DataType type = type_of_all(spec);
  activation_in(spec);
  const Sizes sizes = sizes_of(spec);
  Shape output = {sizes.images, spec.input(1).shape[0]};
  for (const std::int64_t size : sizes.windows.output) output.push_back(size);
  spec.set_output(0, type, output);
}

std::optional<std::string> onednn_refusal(const Spec& spec) {
  if (auto reason = product_refusal(spec)) return reason;
  if (spec.output(0).shape.elements() == 0) return "an output without elements";
  if (spec.input(0).shape.rank() > 5)
    return fmt::format("windows of {} dimensions; oneDNN has 1 to 3", spec.input(0).shape.rank() - 2);
  if (const char* reason = refusal(activation_in(spec))) return reason;
  return std::nullopt;
}

std::vector<std::int64_t> numbers(const Shape& shape) { return {shape.begin(), shape.end()}; }

/// Prepared for one image: so what comes of an image does not depend on the batch it is in. Images are shared out among
/// the threads; an image that is large enough has them all to itself.
Kernel onednn_convolution(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  const Windows& windows = sizes.windows;
  const bool bias = spec.input(2).present();
  const TensorInfo& weights = spec.input(1);
  const onednn::Convolution convolution({.groups = sizes.groups,
                                         .channels = sizes.channels,
                                         .outputs = sizes.outputs,
                                         .size = numbers(windows.size),
                                         .kernel = numbers(windows.kernel),
                                         .strides = numbers(windows.strides),
                                         .dilations = numbers(windows.dilations),
                                         .before = numbers(windows.before),
                                         .after = numbers(windows.after),
                                         .output = numbers(windows.output),
                                         .bias = bias,
                                         .constant_weights = weights.value != nullptr,
                                         .threads = spec.settings().threads});
  const std::int64_t from_size = product(spec.input(0).shape, 1, spec.input(0).shape.rank());
  const std::int64_t to_size = product(spec.output(0).shape, 1, spec.output(0).shape.rank());
  const Packed packed = packed_for(convolution, weights, spec.settings());
  const Activated activated(activation_in(spec), 1);
  const double nanoseconds = static_cast<double>(sizes.images) * convolution.nanoseconds();
  const Parts parts = convolution.threads() > 1
                          ? 1
                          : parts_for(spec.settings(), nanoseconds).at_most(static_cast<std::size_t>(sizes.images));
  const std::size_t scratch = (convolution.scratch_bytes() + 63) / 64 * 64;
  const auto run = [=, pool = spec.settings().pool](const Buffers& buffers) {
    const float* own = buffers.input<float>(1);
    const float* weights_to_read = packed == nullptr ? own : reinterpret_cast<const float*>(packed.get());
    std::atomic<bool> failed = false;
    parallel_for(pool, parts, [&](std::size_t part) noexcept {
      const auto n = static_cast<std::int64_t>(part), count = static_cast<std::int64_t>(parts.count);
      try {
        for (std::int64_t image = sizes.images * n / count; image < sizes.images * (n + 1) / count; ++image) {
          float* to = buffers.output<float>(0) + image * to_size;
          convolution.run(buffers.input<float>(0) + image * from_size, weights_to_read,
                          bias ? buffers.input<float>(2) : nullptr, to, buffers.scratch + part * scratch);
          activated(to, static_cast<std::size_t>(to_size));
        }
      } catch (const Error&) {
        failed = true;
      }
    });
    if (failed) fail(ErrorCode::internal, "oneDNN did not run a convolution");
  };
  return {run, parts.count * scratch};
}

// auto_pad (NOTSET), dilations (1 each), group (1), kernel_shape (that of the weights), pads (0 each), strides (1 each)
Kernel reference(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  const Epilogue after = activation_in(spec);
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const std::int64_t from_size = sizes.windows.size.elements(), kernel_size = sizes.windows.kernel.elements();
    const std::int64_t to_size = sizes.windows.output.elements();
    const auto run = [=, has_bias = spec.input(2).present()](const Buffers& buffers) {
      const T* x = buffers.input<T>(0);
      const T* w = buffers.input<T>(1);
      for_each_window(sizes.windows, reinterpret_cast<Tap*>(buffers.scratch), [&](std::int64_t window, auto taps) {
        T* y = buffers.output<T>(0) + window;
        for (std::int64_t image = 0; image < sizes.images; ++image)
          for (std::int64_t m = 0; m < sizes.groups * sizes.outputs; ++m, y += to_size) {
            const std::int64_t first = (image * sizes.groups + m / sizes.outputs) * sizes.channels;
            double sum = 0;
            for (std::int64_t c = 0; c < sizes.channels; ++c)
              for (const Tap& tap : taps)
                sum += to_sum(x[(first + c) * from_size + tap.input]) *
                       to_sum(w[(m * sizes.channels + c) * kernel_size + tap.kernel]);
            if (has_bias) sum += to_sum(buffers.input<T>(2)[m]);
            apply_reference(after, {&sum, 1});
            *y = from_sum<T>(sum);
          }
      });
    };
    return {run, tap_bytes(sizes.windows)};
  });
}

constexpr Implementation implementations[] = {
    {.name = "onednn", .refusal = onednn_refusal, .prepare = onednn_convolution},
    {.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator conv = {
    .inputs = {2, 3}, .types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
