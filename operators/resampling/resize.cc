// Resize and, before it, Upsample: other lengths of axes, from the nearest element or between its neighbours.
// https://onnx.ai/onnx/operators/onnx__Resize.html
// The same formula along each axis in turn; an axis that keeps its length is not touched.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "operators/packed_operands.h"
#include "operators/resampling/samples.h"
#include "operators/storage.h"
#include "operators/whole_numbers.h"
#include "runtime/core/shape.h"

namespace ranvier::operators {
namespace {

// Attributes.

template <class Value, std::size_t count>
Value one_of(const Spec& spec, std::string_view attribute, std::string_view otherwise,
             const std::array<std::pair<std::string_view, Value>, count>& values) {
  const auto given = spec.node().get<std::string>(attribute, std::string(otherwise));
  std::string expected;
  for (const auto& [name, value] : values) {
    if (name == given) return value;
    expected += (expected.empty() ? "'" : "', '") + std::string(name);
  }
  fail(ErrorCode::invalid_model, "attribute '{}' is '{}', expected one of {}'", attribute, given, expected);
}

constexpr std::array<std::pair<std::string_view, Interpolation>, 3> interpolations = {
    {{"nearest", Interpolation::nearest}, {"linear", Interpolation::linear}, {"cubic", Interpolation::cubic}}};
constexpr std::array<std::pair<std::string_view, Interpolation>, 2> early_interpolations = {
    {{"nearest", Interpolation::nearest}, {"linear", Interpolation::linear}}};
constexpr std::array<std::pair<std::string_view, Coordinates>, 7> coordinates = {{
    {"half_pixel", Coordinates::half_pixel},
    {"half_pixel_symmetric", Coordinates::half_pixel_symmetric},
    {"pytorch_half_pixel", Coordinates::pytorch_half_pixel},
    {"tf_half_pixel_for_nn", Coordinates::tf_half_pixel_for_nn},
    {"align_corners", Coordinates::align_corners},
    {"asymmetric", Coordinates::asymmetric},
    {"tf_crop_and_resize", Coordinates::tf_crop_and_resize},
}};
constexpr std::array<std::pair<std::string_view, Nearest>, 4> nearest_modes = {{
    {"round_prefer_floor", Nearest::round_prefer_floor},
    {"round_prefer_ceil", Nearest::round_prefer_ceil},
    {"floor", Nearest::floor},
    {"ceil", Nearest::ceil},
}};
enum class AspectRatio { stretch, not_larger, not_smaller };
constexpr std::array<std::pair<std::string_view, AspectRatio>, 3> aspect_ratios = {{
    {"stretch", AspectRatio::stretch},
    {"not_larger", AspectRatio::not_larger},
    {"not_smaller", AspectRatio::not_smaller},
}};

Sampling sampling_of(const Spec& spec) {
  const graph::Node& node = spec.node();
  return {
      .interpolation = one_of(spec, "mode", "nearest", interpolations),
      .coordinates = one_of(spec, "coordinate_transformation_mode", "half_pixel", coordinates),
      .nearest = one_of(spec, "nearest_mode", "round_prefer_floor", nearest_modes),
      .cubic_coefficient = static_cast<double>(node.get<float>("cubic_coeff_a", -0.75f)),
      .exclude_outside = node.get<std::int64_t>("exclude_outside", 0) != 0,
      .antialias = node.get<std::int64_t>("antialias", 0) != 0,
  };
}

Sampling early_sampling_of(const Spec& spec) {
  return {.interpolation = one_of(spec, "mode", "nearest", early_interpolations),
          .coordinates = Coordinates::asymmetric,
          .nearest = Nearest::before_opset_11};
}

// Output shapes and types.

constexpr std::size_t no_input = any_number;

/// Where the numbers that say how to resize are.
struct Inputs {
  std::size_t roi = no_input, scales = no_input, sizes = no_input;
};
constexpr Inputs upsample_attribute = {}, upsample_input = {.scales = 1}, resize_inputs = {1, 2, 3};

/// The elements of an input that is known; none where it is absent.
std::vector<double> numbers(const Spec& spec, std::size_t input) {
  if (!spec.input(input).present()) return {};
  return dispatch<FloatTypes>(spec.input(input).type, [&]<class T>() {
    std::vector<double> result;
    for (const T value : spec.input(input).value->values<T>())
      result.push_back(static_cast<double>(static_cast<Compute<T>>(value)));
    return result;
  });
}

void check_count(std::string_view what, std::size_t count, std::size_t for_each, std::size_t axes) {
  if (count != for_each * axes)
    fail(ErrorCode::invalid_argument, "there are {} {}, expected {} for each of {} axes", count, what,
         for_each == 1 ? "one" : "two", axes);
}

void scale_axes(std::vector<ResizedAxis>& axes, const std::vector<double>& scales) {
  check_count("scales", scales.size(), 1, axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    ResizedAxis& axis = axes[i];
    double length = scales[i] * static_cast<double>(axis.in);
    // In float 10 times what is left of 0.7 is 7 again.
    if (axis.in <= 1 << 24) length = static_cast<double>(static_cast<float>(length));
    if (!(scales[i] > 0 && length < 0x1p62))
      fail(ErrorCode::invalid_argument, "scale {} of axis {} is not a number above 0 that leaves a length",
           static_cast<float>(scales[i]), axis.axis);
    axis.scale = scales[i];
    axis.length = length;
    axis.out = static_cast<std::int64_t>(length);
  }
}

void size_axes(std::vector<ResizedAxis>& axes, const std::vector<std::int64_t>& sizes, AspectRatio aspect_ratio) {
  check_count("sizes", sizes.size(), 1, axes.size());
  double all = aspect_ratio == AspectRatio::not_larger ? HUGE_VAL : 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    ResizedAxis& axis = axes[i];
    if (sizes[i] < 0) fail(ErrorCode::invalid_argument, "size {} of axis {} is negative", sizes[i], axis.axis);
    axis.out = sizes[i];
    axis.length = static_cast<double>(sizes[i]);
    axis.scale = axis.in == 0 ? 1 : axis.length / static_cast<double>(axis.in);
    all = aspect_ratio == AspectRatio::not_larger ? std::min(all, axis.scale) : std::max(all, axis.scale);
  }
  if (aspect_ratio == AspectRatio::stretch) return;
  for (ResizedAxis& axis : axes) {
    axis.scale = all;
    axis.length = all * static_cast<double>(axis.in);
    if (axis.length >= 0x1p62)
      fail(ErrorCode::invalid_argument, "the sizes leave axis {} {} elements", axis.axis, axis.length);
    axis.out = static_cast<std::int64_t>(axis.length + 0.5);
  }
}

void crop_axes(std::vector<ResizedAxis>& axes, const std::vector<double>& roi) {
  check_count("numbers in roi", roi.size(), 2, axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) axes[i].begin = roi[i], axes[i].end = roi[axes.size() + i];
}

/// The axes that the node names, all by default.
template <Inputs inputs>
std::vector<ResizedAxis> axes_of(const Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  std::vector<std::int64_t> named(shape.rank());
  std::iota(named.begin(), named.end(), std::int64_t{0});
  named = spec.node().get<std::vector<std::int64_t>>("axes", named);
  std::vector<ResizedAxis> axes;
  for (const std::size_t axis : distinct_axes(named, shape.rank())) axes.push_back({.axis = axis, .in = shape[axis]});

  if constexpr (inputs.scales == no_input) {
    const auto scales = spec.node().required<std::vector<float>>("scales");
    scale_axes(axes, {scales.begin(), scales.end()});
  } else if constexpr (inputs.sizes == no_input) {
    scale_axes(axes, numbers(spec, inputs.scales));
  } else {
    const std::vector<double> scales = numbers(spec, inputs.scales);
    const bool has_sizes = spec.input(inputs.sizes).present() && spec.input(inputs.sizes).shape.elements() != 0;
    if (has_sizes == !scales.empty() && !axes.empty())
      fail(ErrorCode::invalid_model, "{} given, expected either input 2 (scales) or input 3 (sizes)",
           has_sizes ? "scales and sizes are" : "neither scales nor sizes are");
    if (has_sizes) {
      size_axes(axes, spec.integers(inputs.sizes), one_of(spec, "keep_aspect_ratio_policy", "stretch", aspect_ratios));
    } else {
      scale_axes(axes, scales);
    }
    if (sampling_of(spec).coordinates == Coordinates::tf_crop_and_resize) crop_axes(axes, numbers(spec, inputs.roi));
  }
  for (const ResizedAxis& axis : axes)
    if (axis.in == 0 && axis.out != 0)
      fail(ErrorCode::invalid_argument, "axis {} has no elements to make {} from", axis.axis, axis.out);
  return axes;
}

template <Inputs inputs>
void infer(Spec& spec) {
  Shape shape = spec.input(0).shape;
  for (const ResizedAxis& axis : axes_of<inputs>(spec)) shape[axis.axis] = axis.out;
  spec.set_output(0, spec.input(0).type, shape);
}

// Nearest elements are moved, whatever their type.

bool is_kept(const ResizedAxis& axis) {
  return axis.out == axis.in && axis.scale == 1 && axis.begin == 0 && axis.end == 1;
}

/// For each index of each axis, down to the last one that is resized, where what is below it comes from.
template <class T>
struct Moves {
  struct Axis {
    std::vector<std::int64_t> from;
    std::size_t below;  ///< Elements of the output.
  };
  std::vector<Axis> axes;
  std::size_t below;  ///< Elements below the last of the axes, which lie side by side.
  bool has_outside;
  T outside;

  void run(const T* x, T* y) const { move(0, x, y); }

 private:
  void move(std::size_t i, const T* x, T* y) const {
    if (i == axes.size()) {
      std::copy_n(x, below, y);
      return;
    }
    if (axes[i].below == 1 && !has_outside) {
      for (const std::int64_t from : axes[i].from) *y++ = x[from];
      return;
    }
    for (const std::int64_t from : axes[i].from) {
      if (from == Samples::outside) {
        std::fill_n(y, axes[i].below, outside);
      } else {
        move(i + 1, x + from, y);
      }
      y += axes[i].below;
    }
  }
};

template <class T>
Moves<T> moves_of(const Spec& spec, const std::vector<ResizedAxis>& axes, const Sampling& sampling, const T& outside) {
  const Shape &from = spec.input(0).shape, &to = spec.output(0).shape;
  std::vector<const ResizedAxis*> resized(from.rank());
  std::size_t end = 0;  // of the axes that are resized
  for (const ResizedAxis& axis : axes) {
    if (is_kept(axis)) continue;
    resized[axis.axis] = &axis;
    end = std::max(end, axis.axis + 1);
  }
  const bool may_be_outside = sampling.coordinates == Coordinates::tf_crop_and_resize;
  Moves<T> moves{{}, static_cast<std::size_t>(product(to, end, to.rank())), may_be_outside, outside};
  for (std::size_t axis = 0; axis < end; ++axis) {
    std::vector<std::int64_t> indices(static_cast<std::size_t>(to[axis]));
    if (resized[axis] != nullptr) {
      indices = samples_of(*resized[axis], sampling, spec.settings().memory_limit).from;
    } else {
      std::iota(indices.begin(), indices.end(), std::int64_t{0});
    }
    const std::int64_t stride = product(from, axis + 1, from.rank());
    for (std::int64_t& index : indices)
      if (index != Samples::outside) index *= stride;
    moves.axes.push_back({std::move(indices), static_cast<std::size_t>(product(to, axis + 1, to.rank()))});
  }
  return moves;
}

// Between elements: along each axis in turn, those first that get shorter. So what lies between two axes is never
// larger than both input and output.

template <class T>
struct Pass {
  std::size_t outer, in, out, inner;
  std::size_t taps;
  std::vector<std::int64_t> from;
  std::vector<Compute<T>> weights;

  std::size_t elements() const { return outer * out * inner; }

  void run(const T* x, T* y, const T& outside) const {
    for (std::size_t i = 0; i < outer; ++i, x += in * inner)
      for (std::size_t j = 0; j < out; ++j, y += inner) {
        const std::int64_t* at = &from[j * taps];
        if (*at == Samples::outside) {
          std::fill_n(y, inner, outside);
        } else if (taps == 2) {
          make_of_two(x, at, &weights[j * taps], y);
        } else {
          make(x, at, &weights[j * taps], y);
        }
      }
  }

 private:
  void make(const T* x, const std::int64_t* at, const Compute<T>* weight, T* y) const {
    for (std::size_t i = 0; i < inner; ++i) {
      Compute<T> sum = 0;
      for (std::size_t tap = 0; tap < taps; ++tap)
        sum += weight[tap] * static_cast<Compute<T>>(x[static_cast<std::size_t>(at[tap]) * inner + i]);
      y[i] = static_cast<T>(sum);
    }
  }
  void make_of_two(const T* x, const std::int64_t* at, const Compute<T>* weight, T* y) const {
    const T *a = x + static_cast<std::size_t>(at[0]) * inner, *b = x + static_cast<std::size_t>(at[1]) * inner;
    const Compute<T> of_a = weight[0], of_b = weight[1];
    for (std::size_t i = 0; i < inner; ++i)
      y[i] = static_cast<T>(of_a * static_cast<Compute<T>>(a[i]) + of_b * static_cast<Compute<T>>(b[i]));
  }
};

template <class T>
std::vector<Pass<T>> passes_of(const Spec& spec, std::vector<ResizedAxis> axes, const Sampling& sampling) {
  std::ranges::stable_partition(axes, [](const ResizedAxis& axis) { return axis.out < axis.in; });
  Shape shape = spec.input(0).shape;
  std::vector<Pass<T>> passes;
  for (const ResizedAxis& axis : axes) {
    if (is_kept(axis)) continue;
    Samples samples = samples_of(axis, sampling, spec.settings().memory_limit);
    passes.push_back({static_cast<std::size_t>(product(shape, 0, axis.axis)),
                      static_cast<std::size_t>(axis.in),
                      static_cast<std::size_t>(axis.out),
                      static_cast<std::size_t>(product(shape, axis.axis + 1, shape.rank())),
                      samples.taps,
                      std::move(samples.from),
                      {samples.weights.begin(), samples.weights.end()}});
    shape[axis.axis] = axis.out;
  }
  return passes;
}

template <class T>
Kernel interpolated(const Spec& spec, const std::vector<ResizedAxis>& axes, const Sampling& sampling,
                    const T& outside) {
  const auto size = static_cast<std::size_t>(spec.output(0).shape.elements());
  std::vector<Pass<T>> passes = passes_of<T>(spec, axes, sampling);
  std::size_t largest = 0;  // of what lies between passes
  for (std::size_t i = 0; i + 1 < passes.size(); ++i) largest = std::max(largest, passes[i].elements());
  const std::size_t buffers_between = passes.size() > 2 ? 2 : 1;
  return {[=, passes = std::move(passes)](const Buffers& buffers) {
            const T* from = buffers.input<T>(0);
            if (passes.empty()) std::copy_n(from, size, buffers.output<T>(0));
            for (std::size_t i = 0; i < passes.size(); ++i) {
              T* between = reinterpret_cast<T*>(buffers.scratch) + i % 2 * largest;
              T* to = i + 1 == passes.size() ? buffers.output<T>(0) : between;
              passes[i].run(from, to, outside);
              from = to;
            }
          },
          buffers_between * largest * sizeof(T)};
}

/// The attribute extrapolation_value as `type`, in what has the size of its elements; 0 where those are no numbers.
template <class T>
T extrapolation_value(const Spec& spec, DataType type) {
  T outside{};
  const float value = spec.node().get<float>("extrapolation_value", 0);
  if (!NumericTypes::set.contains(type)) return outside;
  dispatch<NumericTypes>(type, [&]<class Element>() {
    if constexpr (sizeof(Element) == sizeof(T) && std::is_trivially_copyable_v<T>) {
      if constexpr (is_floating<Element>) {
        outside = std::bit_cast<T>(static_cast<Element>(value));
      } else {
        outside = std::bit_cast<T>(static_cast<Element>(whole_number(value).value_or(0)));
      }
    }
  });
  return outside;
}

template <Inputs inputs, Sampling (*sampling_of)(const Spec&)>
Kernel reference(const Spec& spec) {
  const Sampling sampling = sampling_of(spec);
  const std::vector<ResizedAxis> axes = axes_of<inputs>(spec);
  const DataType type = spec.input(0).type;
  if (spec.output(0).shape.elements() == 0) return {[](const Buffers&) {}};
  if (sampling.interpolation != Interpolation::nearest)
    return dispatch<FloatTypes>(
        type, [&]<class T>() { return interpolated<T>(spec, axes, sampling, extrapolation_value<T>(spec, type)); });
  return dispatch<StorageTypes>(storage_type(type), [&]<class T>() -> Kernel {
    return {[moves = moves_of<T>(spec, axes, sampling, extrapolation_value<T>(spec, type))](const Buffers& buffers) {
      moves.run(buffers.input<T>(0), buffers.output<T>(0));
    }};
  });
}

template <Inputs inputs, Sampling (*sampling_of)(const Spec&)>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference<inputs, sampling_of>>}};

constexpr std::size_t early_values[] = {1}, values[] = {1, 2, 3};

}  // namespace

extern const Operator upsample_by_attribute = {
    .infer = infer<upsample_attribute>, .implementations = implementations<upsample_attribute, early_sampling_of>};
extern const Operator upsample = {.inputs = {2, 2},
                                  .infer = infer<upsample_input>,
                                  .implementations = implementations<upsample_input, early_sampling_of>,
                                  .value_inputs = early_values};
extern const Operator resize = {.inputs = {1, 4},
                                .infer = infer<resize_inputs>,
                                .implementations = implementations<resize_inputs, sampling_of>,
                                .value_inputs = values};

}  // namespace ranvier::operators
