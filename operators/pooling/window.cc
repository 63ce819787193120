// MaxPool and AveragePool: what becomes of the elements under each window.
// https://onnx.ai/onnx/operators/onnx__MaxPool.html, https://onnx.ai/onnx/operators/onnx__AveragePool.html
#include <algorithm>
#include <cmath>
#include <limits>

#include "operators/convolution/windows.h"
#include "operators/parallel.h"
#include "runtime/core/data_type.h"
#include "runtime/core/shape.h"

namespace ranvier::operators {
namespace {

Windows windows_of(const Spec& spec) { return windows_in(spec, kernel_shape_in(spec)); }

/// A batch and its channels.
std::int64_t channels_of(const Spec& spec) { return product(spec.input(0).shape, 0, 2); }

void infer(Spec& spec) {
  const Windows windows = windows_of(spec);
  Shape output = {spec.input(0).shape[0], spec.input(0).shape[1]};
  for (const std::int64_t size : windows.output) output.push_back(size);
  spec.set_output(0, spec.input(0).type, output);
}

/// How many places of the window are counted: those on elements and, where pads count, on pads, but none beyond.
std::int64_t counted(const Windows& windows, std::int64_t window, bool with_pads) {
  std::int64_t count = 1;
  for (std::size_t d = windows.size.rank(); d-- > 0; window /= windows.output[d]) {
    const Places places = places_on(windows, d, window % windows.output[d], with_pads ? -windows.before[d] : 0,
                                    windows.size[d] + (with_pads ? windows.after[d] : 0));
    count *= places.last - places.first;
  }
  return count;
}

bool counts_pads(const Spec& spec) { return spec.node().get<std::int64_t>("count_include_pad", 0) != 0; }

struct Largest {
  static constexpr float start = -std::numeric_limits<float>::infinity();
  static float fold(float a, float x) { return x > a || std::isnan(x) ? x : a; }
};

struct Total {
  static constexpr float start = 0;
  static float fold(float a, float x) { return a + x; }
};

/// Folds the elements under the windows along the last dimension into a row of results: place by place, so that
/// neighbours are computed together.
template <class Fold>
void fold_row(const Windows& windows, const float* x, float* y) {
  const std::size_t d = windows.size.rank() - 1;
  const std::int64_t stride = windows.strides[d], reach = (windows.output[d] - 1) * stride;
  const std::int64_t begin = std::max<std::int64_t>(0, rounded_up(windows.before[d] - reach, windows.dilations[d]));
  const std::int64_t end =
      std::min(windows.kernel[d], rounded_up(windows.size[d] + windows.before[d], windows.dilations[d]));
  for (std::int64_t k = begin; k < end; ++k) {
    const std::int64_t shift = k * windows.dilations[d] - windows.before[d];
    const std::int64_t first = std::max<std::int64_t>(0, rounded_up(-shift, stride));
    const std::int64_t last = std::min(windows.output[d], rounded_up(windows.size[d] - shift, stride));
    if (stride == 1) {
      for (std::int64_t i = first; i < last; ++i) y[i] = Fold::fold(y[i], x[i + shift]);
    } else {
      for (std::int64_t i = first; i < last; ++i) y[i] = Fold::fold(y[i], x[i * stride + shift]);
    }
  }
}

/// All windows of a channel, row by row.
template <class Fold>
void fold_channel(const Windows& windows, const float* x, float* y) {
  const std::size_t last = windows.size.rank() - 1;
  const std::int64_t rows = product(windows.output, 0, last);
  std::fill_n(y, windows.output.elements(), Fold::start);
  for (std::int64_t row = 0; row < rows; ++row, y += windows.output[last])
    for_each_tap(windows, last, row,
                 [&](const Tap& tap) { fold_row<Fold>(windows, x + tap.input * windows.size[last], y); });
}

std::optional<std::string> rows_refusal(const Spec& spec) {
  if (spec.input(0).type != DataType::float32)
    return fmt::format("elements of type {}; rows are folded for float", name(spec.input(0).type));
  if (spec.wants_output(1)) return "the places of the largest elements are wanted";
  if (spec.output(0).shape.elements() == 0) return "an output without elements";
  return std::nullopt;
}

/// Every channel by itself, so what comes of one does not depend on the others.
template <class Fold>
Kernel rows(const Spec& spec) {
  const Windows windows = windows_of(spec);
  const std::int64_t channels = channels_of(spec);
  const std::int64_t from_size = windows.size.elements(), to_size = windows.output.elements();
  // How many elements each window has, for an average.
  auto counts = std::make_shared<std::vector<float>>();
  if constexpr (std::is_same_v<Fold, Total>) {
    for (std::int64_t window = 0; window < to_size; ++window)
      counts->push_back(static_cast<float>(counted(windows, window, counts_pads(spec))));
  }
  const double nanoseconds =
      0.5 * static_cast<double>(channels * to_size) * static_cast<double>(tap_bytes(windows) / sizeof(Tap));
  const Parts parts = parts_for(spec.settings(), nanoseconds).at_most(static_cast<std::size_t>(channels));
  return {[=, pool = spec.settings().pool](const Buffers& buffers) {
    parallel_for(pool, parts, [&](std::size_t part) noexcept {
      const auto n = static_cast<std::int64_t>(part), count = static_cast<std::int64_t>(parts.count);
      for (std::int64_t channel = channels * n / count; channel < channels * (n + 1) / count; ++channel) {
        float* y = buffers.output<float>(0) + channel * to_size;
        fold_channel<Fold>(windows, buffers.input<float>(0) + channel * from_size, y);
        for (std::size_t i = 0; i < counts->size(); ++i) y[i] /= (*counts)[i];
      }
    });
  }};
}

// auto_pad (NOTSET), ceil_mode (0), count_include_pad (0), dilations (1 each), kernel_shape, pads (0 each), strides (1
// each)
Kernel reference_average(const Spec& spec) {
  const Windows windows = windows_of(spec);
  const std::int64_t channels = channels_of(spec);
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const std::int64_t from_size = windows.size.elements(), to_size = windows.output.elements();
    const auto run = [=, with_pads = counts_pads(spec)](const Buffers& buffers) {
      for_each_window(windows, reinterpret_cast<Tap*>(buffers.scratch), [&](std::int64_t window, auto taps) {
        const auto count = static_cast<double>(counted(windows, window, with_pads));
        for (std::int64_t channel = 0; channel < channels; ++channel) {
          double sum = 0;
          for (const Tap& tap : taps)
            sum += static_cast<double>(static_cast<Compute<T>>(buffers.input<T>(0)[channel * from_size + tap.input]));
          buffers.output<T>(0)[channel * to_size + window] = static_cast<T>(static_cast<Compute<T>>(sum / count));
        }
      });
    };
    return {run, tap_bytes(windows)};
  });
}

void infer_max(Spec& spec) {
  infer(spec);
  spec.set_output(1, DataType::int64, spec.output(0).shape);
}

using MaxTypes = Joined<FloatTypes, Types<std::int8_t, std::uint8_t>>;

/// The place of an element of a channel where dimensions are stored in the opposite order.
std::int64_t place_by_columns(const Shape& size, std::int64_t place) {
  std::int64_t result = 0;
  for (std::size_t d = size.rank(); d-- > 0; place /= size[d]) {
    std::int64_t stride = 1;
    for (std::size_t before = 0; before < d; ++before) stride *= size[before];
    result += place % size[d] * stride;
  }
  return result;
}

// The same, and storage_order (0): how places are counted, 0 by rows, 1 by columns
Kernel reference_max(const Spec& spec) {
  const Windows windows = windows_of(spec);
  const std::int64_t channels = channels_of(spec);
  const bool by_columns = spec.node().get<std::int64_t>("storage_order", 0) != 0;
  return dispatch<MaxTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const std::int64_t from_size = windows.size.elements(), to_size = windows.output.elements();
    const auto run = [=, wants_places = spec.wants_output(1)](const Buffers& buffers) {
      using Number = Compute<T>;
      for_each_window(windows, reinterpret_cast<Tap*>(buffers.scratch), [&](std::int64_t window, auto taps) {
        for (std::int64_t channel = 0; channel < channels; ++channel) {
          Number largest = std::numeric_limits<Number>::has_infinity ? -std::numeric_limits<Number>::infinity()
                                                                     : std::numeric_limits<Number>::lowest();
          std::int64_t place = taps.empty() ? 0 : taps.front().input;
          for (const Tap& tap : taps) {
            const auto x = static_cast<Number>(buffers.input<T>(0)[channel * from_size + tap.input]);
            if (!(x > largest) && x == x) continue;
            largest = x;
            place = tap.input;
          }
          buffers.output<T>(0)[channel * to_size + window] = static_cast<T>(largest);
          if (wants_places)
            buffers.output<std::int64_t>(1)[channel * to_size + window] =
                channel * from_size + (by_columns ? place_by_columns(windows.size, place) : place);
        }
      });
    };
    return {run, tap_bytes(windows)};
  });
}

constexpr Implementation max_implementations[] = {{.name = "rows", .refusal = rows_refusal, .prepare = rows<Largest>},
                                                  {.name = "reference", .prepare = reference_max}};

constexpr Implementation average_implementations[] = {{.name = "rows", .refusal = rows_refusal, .prepare = rows<Total>},
                                                      {.name = "reference", .prepare = reference_average}};

}  // namespace

extern const Operator max_pool = {
    .outputs = {1, 2}, .types = MaxTypes::set, .infer = infer_max, .implementations = max_implementations};
extern const Operator average_pool = {
    .types = FloatTypes::set, .infer = infer, .implementations = average_implementations};

}  // namespace ranvier::operators
