#include "tests/random_graphs/layers.h"

#include <numeric>
#include <optional>

#include "runtime/optimizer/passes.h"
#include "tests/random_graphs/speller.h"
#include "tests/random_graphs/vocabulary.h"

namespace ranvier::random_graphs {
namespace {

/// One node; its attributes, where it has some, are numbers.
ValueId activation(Growth& growth, ValueId x) {
  struct Activation {
    std::string op_type;
    std::vector<std::string> attributes = {};
  };
  static const std::vector<Activation> all = {
      {"Abs"},         {"Celu", {"alpha"}},
      {"Elu"},         {"Elu", {"alpha"}},
      {"Erf"},         {"Gelu"},
      {"HardSigmoid"}, {"HardSigmoid", {"alpha", "beta"}},
      {"HardSwish"},   {"LeakyRelu", {"alpha"}},
      {"Mish"},        {"Neg"},
      {"Relu"},        {"Selu"},
      {"Sigmoid"},     {"Softplus"},
      {"Softsign"},    {"Swish", {"alpha"}},
      {"Tanh"},        {"ThresholdedRelu", {"alpha"}},
  };
  const Activation chosen = growth.random.pick(all);
  Attributes attributes;
  for (const std::string& name : chosen.attributes)
    attributes[name] = static_cast<float>(growth.random.pick({0.1, 0.2, 0.5, 1.0, 1.5, -0.3}));
  return growth.node(chosen.op_type, {x}, attributes);
}

ValueId bounded(Growth& growth, ValueId x) {
  const double low = growth.random.pick({0.0, 0.0, -1.0, 0.5});
  const double high = growth.random.pick({1.0, 1.0, 6.0, 0.25});
  const bool has_low = growth.random.chance(0.7), has_high = growth.random.chance(0.7);
  return clip(growth, x, has_low ? std::optional(low) : std::nullopt, has_high ? std::optional(high) : std::nullopt);
}

/// What the optimizer's table says that an exporter writes.
ValueId spelled_activation(Growth& growth, ValueId x) {
  return spell(growth, growth.random.pick(optimizer::activation_spellings()).pattern, x);
}

ValueId batch_normalization(Growth& growth, ValueId x) {
  if (growth.rank(x) < 2) fail(ErrorCode::unsupported, "no channels");
  const Shape channels = {growth.shape(x)[1]};
  const ValueId scale = growth.numbers(channels, -1.5, 1.5, x);
  const ValueId bias = growth.numbers(channels, -1, 1, x);
  const ValueId mean_value = growth.numbers(channels, -1, 1, x);
  const ValueId variance = growth.numbers(channels, 0.2, 2, x);
  const Attributes attributes =
      growth.random.chance(0.5) ? Attributes{{"epsilon", growth.random.pick({1e-3f, 0.1f})}} : Attributes{};
  return growth.node("BatchNormalization", {x, scale, bias, mean_value, variance}, attributes);
}

/// Dense with what follows and precedes it.
ValueId dense_block(Growth& growth, ValueId x) {
  constexpr std::string_view affine[] = {
      "x * row() + row()", "(x - row()) * row() + row()", "(x - row()) / positive_row()", "0.5 * x - 1", "row() - x",
      "x + row()"};
  Random& random = growth.random;
  if (random.chance(0.2)) x = spell(growth, random.pick(std::span(affine)), x);
  x = dense(growth, x);
  if (random.chance(0.1)) return batch_normalization(growth, x);
  if (random.chance(0.3)) x = spell(growth, random.pick(std::span(affine)), x);
  if (random.chance(0.3)) return spelled_activation(growth, x);
  if (random.chance(0.1)) return bounded(growth, x);
  return random.chance(0.5) ? activation(growth, x) : x;
}

ValueId softmax_of_any_axis(Growth& growth, ValueId x) {
  const std::string op_type = growth.random.pick({"Softmax", "Softmax", "LogSoftmax", "Hardmax"});
  const std::int64_t axis = growth.random.chance(0.7) ? -1 : growth.random.below(growth.rank(x) + 1);
  return softmax(growth, op_type, x, axis);
}

/// LayerNormalization and its kind as nodes.
ValueId normalization(Growth& growth, ValueId x) {
  const ValueId scale = growth.row(x, -1.5, 1.5);
  if (growth.random.chance(0.5)) return growth.node("RMSNormalization", {x, scale});
  const ValueId bias = growth.row(x, -1, 1);
  return growth.node("LayerNormalization", {x, scale, bias});
}

/// Rows of a table, by what is made of x; negative indices count from the end, in TensorFlow's words.
ValueId embedding(Growth& growth, ValueId x) {
  const std::int64_t count = 40;
  const DataType type = growth.random.pick({DataType::int32, DataType::int64});
  const auto whole = [&](std::int64_t value) {
    const Tensor wide = Tensor::of<std::int64_t>({}, {value});
    return growth.constant(type == DataType::int64 ? wide
                                                   : Tensor::of<std::int32_t>({}, {static_cast<std::int32_t>(value)}));
  };
  const ValueId indices = cast(growth, x, type);
  const ValueId counted = growth.node("Add", {indices, whole(count)});
  const ValueId negative = growth.node("Less", {indices, whole(0)});
  const ValueId on = cast(growth, negative, type), off = cast(growth, growth.node("Not", {negative}), type);
  const ValueId from_end = growth.node("Mul", {counted, on}), from_start = growth.node("Mul", {off, indices});
  const ValueId index = growth.node("Add", {from_end, from_start});
  const ValueId table = growth.numbers({count, 3}, -1, 1, x);
  return growth.node("Gather", {table, index});
}

ValueId sparsemax(Growth& growth, ValueId x) {
  if (growth.shape(x).empty()) fail(ErrorCode::unsupported, "a scalar has no rows");
  const std::int64_t size = growth.shape(x).back();
  std::vector<double> counted(static_cast<std::size_t>(size));
  std::iota(counted.begin(), counted.end(), growth.random.chance(growth.habits.slips) ? 2.0 : 1.0);
  const ValueId ranks = growth.constant(real_tensor(growth.type(x), {size}, counted));
  const ValueId count = growth.integers({size});
  const ValueId last = growth.constant(Tensor::of<std::int64_t>({}, {std::int64_t{-1}}));
  const ValueId one = growth.number(1, x), zero = growth.number(0, x);
  const ValueId sorted = growth.nodes("TopK", {x, count}, 2, {{"axis", std::int64_t{-1}}})[0];
  const ValueId sums = growth.node("CumSum", {sorted, last});
  const ValueId minus_one = growth.node("Sub", {sums, one});
  const ValueId bound = growth.node("Div", {minus_one, ranks});
  const ValueId rest = growth.node("Sub", {sorted, bound});
  const ValueId support = growth.node("Greater", {rest, zero});
  const ValueId support_size = reduce(growth, "ReduceSum", cast(growth, support, growth.type(x)), {-1});
  const ValueId chosen = growth.node("Where", {support, sums, zero});
  const ValueId total = reduce(growth, "ReduceSum", chosen, {-1});
  const ValueId total_minus_one = growth.node("Sub", {total, one});
  const ValueId threshold = growth.node("Div", {total_minus_one, support_size});
  return clip(growth, growth.node("Sub", {x, threshold}), 0, std::nullopt);
}

/// With any value that fits, and many that do not.
ValueId joined(Growth& growth, ValueId x) {
  std::vector<ValueId> inputs = {x, growth.any_value()};
  if (growth.random.chance(0.5)) std::swap(inputs[0], inputs[1]);
  if (growth.random.chance(0.2)) {
    inputs.push_back(growth.any_value());
    return growth.node(growth.random.pick({"Max", "Min", "Sum", "Mean"}), inputs);
  }
  if (growth.random.chance(0.2)) return growth.node("Concat", inputs, {{"axis", growth.random.below(3) - 1}});
  return growth.node(growth.random.pick({"Add", "Add", "Mul", "Sub", "Max", "Min", "MatMul"}), inputs);
}

constexpr Layer all_layers[] = {
    {"dense", 12, dense_block},
    {"spelled activation", 14, spelled_activation},
    {"activation", 4, activation},
    {"clip", 1, bounded},
    {"softmax", 2, softmax_of_any_axis},
    {"batch normalization", 2, batch_normalization},
    {"normalization", 1, normalization},
    {"sparsemax", 2, sparsemax},
    {"embedding", 1, embedding},
    {"join", 4, joined},
    {"dropout", 1, dropout},
    {"reshape", 1, reshaped_and_back},
    {"transpose", 1, transposed_and_back},
    {"squeeze", 1, squeezed_and_back},
    {"split", 1, split_and_joined},
    {"flatten", 1, flattened},
    {"slice", 1, sliced},
    {"expand", 1, expanded},
    {"pool", 1, pooled},
    {"cast", 1, cast_and_back},

    // BatchNormalization, Normalization, Rescaling
    {"affine", 1, nullptr, "x * row() + row()"},
    {"affine", 1, nullptr, "(x - row()) * row() + row()"},
    {"affine", 1, nullptr, "(x - row()) / positive_row()"},
    {"affine", 1, nullptr, "x * 0.5 + 0.1"},
    {"affine", 1, nullptr, "positive_row() / (x * x + 1)"},

    // LayerNormalization by tf2onnx, by torch, and with its parts in another order
    {"layer norm", 2, nullptr,
     "mu = mean(x); dev = x - mu; scale = row() / sqrt(mean(dev * dev) + 1e-3); x * scale + (row() - mu * scale)"},
    {"layer norm", 1, nullptr, "dev = x - mean(x); dev / sqrt(mean(dev^2) + 1e-5) * row() + row()"},
    {"layer norm", 1, nullptr, "dev = x - mean(x); dev / sqrt(mean(dev^2) + 1e-6)"},
    {"layer norm", 1, nullptr, "dev = x - mean(x); row() * dev / sqrt(mean(x^2) + 1e-3) + row()"},  // which is none
    {"rms norm", 1, nullptr, "row() / sqrt(mean(x * x) + 1e-6) * x"},
    {"rms norm", 1, nullptr, "x / sqrt(mean(x^2) + 1e-3)"},
    {"unit norm", 1, nullptr, "x / sqrt(sum_of_squares(x) + 1e-12)"},
    {"spelled softmax", 1, nullptr, "shifted = exp(x - largest(x)); shifted / sum(shifted)"},
    {"spelled softmax", 1, nullptr, "log(softmax(x))"},

    {"gate", 1, nullptr, "sigmoid(dense(x)) * dense(x)"},
    {"gate", 1, nullptr, "x * sigmoid(other())"},
    {"gate", 1, nullptr, "half(x, 0, -1) * sigmoid(half(x, 1, -1))"},
    {"residual", 1, nullptr, "x + dense(x)"},
    {"residual", 1, nullptr, "(x + other()) / 2"},
    {"choice", 1, nullptr, "where(x > other(), x, 0.1 * other())"},
    {"choice", 1, nullptr, "where(and(x > 0, other() > 0), x, other())"},
};

}  // namespace

std::span<const Layer> layers() { return all_layers; }

ValueId add_layer(Growth& growth, const Layer& layer, ValueId x) {
  return layer.add != nullptr ? layer.add(growth, x) : spell(growth, layer.formula, x);
}

ValueId mean(Growth& growth, ValueId x) {
  // Of three dimensions, this is the mean over the last; of more, over several.
  const double pools = growth.rank(x) == 3 ? 0.4 : growth.rank(x) > 3 ? 0.1 : 0;
  if (growth.random.chance(pools)) return growth.node("GlobalAveragePool", {x});
  return reduce(growth, "ReduceMean", x, {growth.random.chance(0.5) ? -1 : growth.rank(x) - 1});
}

}  // namespace ranvier::random_graphs
