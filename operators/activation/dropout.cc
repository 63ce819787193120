// Dropout: the identity, unless the model asks for what happens in training: random elements are zeroed, the others
// scaled up to make good for them.
// https://onnx.ai/onnx/operators/onnx__Dropout.html
#include <algorithm>
#include <atomic>
#include <memory>
#include <random>

#include "operators/copy.h"
#include "operators/operator.h"

namespace ranvier::operators {
namespace {

constexpr TypeSet element_types = FloatTypes::set | TypeSet::of(DataType::float8e4m3fn, DataType::float8e4m3fnuz,
                                                                DataType::float8e5m2, DataType::float8e5m2fnuz);

/// The only element of an input whose contents are known.
template <class T>
T scalar(const Spec& spec, std::size_t i, std::string_view what) {
  const Tensor* value = spec.input(i).value;
  if (value == nullptr) fail(ErrorCode::internal, "the contents of input {} ({}) are needed, but not known", i, what);
  if (value->elements() != 1)
    fail(ErrorCode::invalid_argument, "input {} ({}) has shape {}, expected a scalar", i, what,
         to_string(value->shape()));
  return value->values<T>()[0];
}

bool training(const Spec& spec) {
  const TensorInfo& mode = spec.input(2);
  if (!mode.present()) return false;
  if (mode.type != DataType::boolean)
    fail(ErrorCode::invalid_model, "input 2 (training_mode) has type {}, expected bool", name(mode.type));
  return scalar<bool>(spec, 2, "training_mode");
}

double ratio_input(const Spec& spec) {
  const TensorInfo& ratio = spec.input(1);
  if (!ratio.present()) return 0.5;
  return dispatch<FloatTypes>(ratio.type, [&]<class T>() -> double {
    return static_cast<double>(static_cast<Compute<T>>(scalar<T>(spec, 1, "ratio")));
  });
}

template <bool boolean_mask>
void infer(Spec& spec) {
  infer_as_first_input(spec);
  spec.set_output(1, boolean_mask ? DataType::boolean : spec.input(0).type, spec.input(0).shape);
}

/// The first input, and a mask of ones.
template <class Mask>
Kernel identity_with_mask(const Spec& spec) {
  const Kernel copy = copy_first_input(spec);
  if (!spec.wants_output(1)) return copy;
  const std::int64_t count = spec.input(0).shape.elements();
  return {[=](const Buffers& buffers) {
    copy.run(buffers);
    std::fill_n(buffers.output<Mask>(1), count, static_cast<Mask>(1.0f));
  }};
}

Kernel identity_with_numeric_mask(const Spec& spec) {
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() { return identity_with_mask<T>(spec); });
}

/// The seed of each run: always the one that the node gives, else another each time.
std::function<std::uint32_t()> seeds(const graph::Node& node) {
  if (const auto* seed = node.find<std::int64_t>("seed"))
    return [seed = static_cast<std::uint32_t>(*seed)] { return seed; };
  const auto next = std::make_shared<std::atomic<std::uint32_t>>(std::random_device()());
  return [next] { return next->fetch_add(1); };
}

/// A number in [0, 1), as numpy's RandomState makes it, which is what ONNX' own tests were made with.
double uniform(std::mt19937& generator) {
  const auto high = static_cast<double>(generator() >> 5);
  const auto low = static_cast<double>(generator() >> 6);
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

/// Drops each element with the probability `ratio`. Mask: void where it is of the elements' type.
template <class Mask>
Kernel random_dropout(const Spec& spec, double ratio) {
  if (!(ratio >= 0 && ratio < 1))
    fail(ErrorCode::invalid_argument, "the ratio of Dropout is {}, expected a number in [0, 1)", ratio);
  const std::int64_t count = spec.input(0).shape.elements();
  const bool wants_mask = spec.wants_output(1);
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    using MaskElement = std::conditional_t<std::is_void_v<Mask>, T, Mask>;
    return {[=, next_seed = seeds(spec.node())](const Buffers& buffers) {
      const T* x = buffers.input<T>(0);
      T* y = buffers.output<T>(0);
      MaskElement* mask = wants_mask ? buffers.output<MaskElement>(1) : nullptr;
      std::mt19937 generator(next_seed());
      for (std::int64_t i = 0; i < count; ++i) {
        const bool kept = uniform(generator) >= ratio;
        const double scale = kept ? 1 / (1 - ratio) : 0;
        y[i] = static_cast<T>(static_cast<Compute<T>>(static_cast<double>(static_cast<Compute<T>>(x[i])) * scale));
        if (mask != nullptr) mask[i] = static_cast<MaskElement>(kept ? 1.0f : 0.0f);
      }
    }};
  });
}

Kernel reference(const Spec& spec) {
  if (!training(spec)) return identity_with_mask<bool>(spec);
  const double ratio = ratio_input(spec);
  return ratio == 0 ? identity_with_mask<bool>(spec) : random_dropout<bool>(spec, ratio);
}

Kernel reference_unless_test(const Spec& spec) {
  if (spec.node().get<std::int64_t>("is_test", 0) != 0) return identity_with_numeric_mask(spec);
  return random_dropout<void>(spec, spec.node().get<float>("ratio", 0.5f));
}

constexpr Implementation implementations[] = {{.name = "reference", .prepare = reference}};
constexpr Implementation implementations_unless_test[] = {{.name = "reference", .prepare = reference_unless_test}};
constexpr Implementation implementations_numeric_mask[] = {{.name = "copy", .prepare = identity_with_numeric_mask}};
constexpr Implementation implementations_none[] = {{.name = "copy", .prepare = identity_with_mask<bool>}};
constexpr std::size_t values[] = {1, 2};

}  // namespace

extern const Operator dropout_unless_test = {.outputs = {1, 2},
                                             .types = FloatTypes::set,
                                             .infer = infer<false>,
                                             .implementations = implementations_unless_test,
                                             .random = true};

extern const Operator dropout_none_numeric_mask = {.outputs = {1, 2},
                                                   .types = FloatTypes::set,
                                                   .infer = infer<false>,
                                                   .implementations = implementations_numeric_mask,
                                                   .is_view = true};

extern const Operator dropout_none = {.outputs = {1, 2},
                                      .types = element_types,
                                      .infer = infer<true>,
                                      .implementations = implementations_none,
                                      .is_view = true};

extern const Operator dropout = {.inputs = {1, 3},
                                 .outputs = {1, 2},
                                 .types = element_types,
                                 .infer = infer<true>,
                                 .implementations = implementations,
                                 .value_inputs = values,
                                 .random = true};

}  // namespace ranvier::operators
