// Pad: grows a tensor at the ends of its axes, or shrinks it where a number is negative.
// https://onnx.ai/onnx/operators/onnx__Pad.html
#include <numeric>

#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/shape/padding.h"
#include "operators/storage.h"
#include "operators/whole_numbers.h"

namespace ranvier::operators {
namespace {

/// `numbers` holds the pads before each of `axes`, then those after them.
Pads pads_of(std::size_t rank, std::span<const std::size_t> axes, std::span<const std::int64_t> numbers) {
  if (numbers.size() != 2 * axes.size())
    fail(ErrorCode::invalid_argument, "there are {} pads, expected two for each of {} axes", numbers.size(),
         axes.size());
  Pads pads{Shape::filled(rank, 0), Shape::filled(rank, 0)};
  for (std::size_t i = 0; i < axes.size(); ++i) {
    pads.before[axes[i]] = numbers[i];
    pads.after[axes[i]] = numbers[axes.size() + i];
  }
  return pads;
}

std::vector<std::size_t> all_axes(std::size_t rank) {
  std::vector<std::size_t> axes(rank);
  std::iota(axes.begin(), axes.end(), std::size_t{0});
  return axes;
}

Pads from_attribute(const Spec& spec, std::string_view name) {
  const std::size_t rank = spec.input(0).shape.rank();
  return pads_of(rank, all_axes(rank), spec.node().required<std::vector<std::int64_t>>(name));
}

Pads from_paddings(const Spec& spec) { return from_attribute(spec, "paddings"); }

Pads from_pads(const Spec& spec) { return from_attribute(spec, "pads"); }

/// Since opset 18 a fourth input may say which axes are meant.
Pads from_inputs(const Spec& spec) {
  const std::size_t rank = spec.input(0).shape.rank();
  const auto axes = spec.input(3).present() ? distinct_axes(spec.integers(3), rank) : all_axes(rank);
  return pads_of(rank, axes, spec.integers(1));
}

/// The attribute of before opset 11, one element of the input's type.
Tensor fill_of_attribute(const Spec& spec) {
  Tensor fill(spec.input(0).type, {});
  const float value = spec.node().get<float>("value", 0);
  dispatch<FloatTypes>(fill.type(), [&]<class T>() { *fill.mutable_values<T>().data() = static_cast<T>(value); });
  return fill;
}

/// Zero, false or the empty string, where no input says otherwise.
Tensor fill_of_zero(const Spec& spec) { return Tensor(spec.input(0).type, {}); }

using PadsOf = Pads (*)(const Spec&);
using FillOf = Tensor (*)(const Spec&);

template <PadsOf pads_of>
void infer(Spec& spec) {
  const TensorInfo& value = spec.input(2);
  if (value.present() && (value.type != spec.input(0).type || value.shape.elements() != 1))
    fail(ErrorCode::invalid_model, "input 2 is {}{}, expected one element of type {}", name(value.type),
         to_string(value.shape), name(spec.input(0).type));
  spec.set_output(0, spec.input(0).type, padded_shape(spec.input(0).shape, pads_of(spec)));
}

Kernel padded(const Spec& spec, const Pads& pads, const Tensor& fill) {
  const PadMode mode = pad_mode(spec.node().get<std::string>("mode", "constant"));
  const Padding padding(spec.input(0).shape, pads, mode);
  const bool has_value = spec.input(2).present();
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) {
      const T* value = has_value ? buffers.input<T>(2) : static_cast<const T*>(fill.data());
      padding.run(buffers.input<T>(0), buffers.output<T>(0), *value);
    }};
  });
}

template <PadsOf pads_of, FillOf fill_of>
Kernel reference(const Spec& spec) {
  return padded(spec, pads_of(spec), fill_of(spec));
}

template <PadsOf pads_of, FillOf fill_of>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference<pads_of, fill_of>>}};

constexpr std::size_t values[] = {1, 3};

template <PadsOf pads_of>
constexpr Operator with_attributes = {
    .types = FloatTypes::set, .infer = infer<pads_of>, .implementations = implementations<pads_of, fill_of_attribute>};

template <std::size_t most_inputs>
constexpr Operator with_inputs = {.inputs = {2, most_inputs},
                                  .infer = infer<from_inputs>,
                                  .implementations = implementations<from_inputs, fill_of_zero>,
                                  .value_inputs = values};

}  // namespace

extern const Operator pad_by_paddings = with_attributes<from_paddings>;
extern const Operator pad_by_attribute = with_attributes<from_pads>;
extern const Operator pad_all_axes = with_inputs<3>;
extern const Operator pad = with_inputs<4>;

}  // namespace ranvier::operators
