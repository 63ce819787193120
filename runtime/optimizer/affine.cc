#include "runtime/optimizer/affine.h"

#include <algorithm>
#include <cmath>

#include "runtime/core/data_type.h"

namespace ranvier::optimizer {
namespace {

using graph::Node;
using graph::ValueId;

/// The constant's number for each channel; nothing where it is no such thing.
std::optional<std::vector<double>> by_channel(const View& view, ValueId id, const Channels& channels,
                                              std::string& refusal) {
  const Tensor* constant = view.constant(id);
  if (constant == nullptr) return std::nullopt;
  const std::string& name = view.graph().values[id].name;
  const Shape& shape = constant->shape();
  const bool single = constant->elements() == 1;
  const bool row = constant->elements() == channels.count && !shape.empty() && shape.back() == channels.count;
  if (constant->type() != DataType::float32) {
    refusal = fmt::format("'{}' is {}, expected float", name, ranvier::name(constant->type()));
  } else if (!single && !row) {
    refusal = fmt::format("'{}' is neither one number nor one for each of {} columns", name, channels.count);
  } else if (shape.rank() > 1 && !broadcasts_to(shape, view.fact(channels.value))) {
    refusal = fmt::format("'{}' has dimensions that '{}' is not known to have", name,
                          view.graph().values[channels.value].name);
  } else {
    const auto values = constant->values<float>();
    if (single) return std::vector<double>(static_cast<std::size_t>(channels.count), values[0]);
    return std::vector<double>(values.begin(), values.end());
  }
  return std::nullopt;
}

std::optional<Affine> batch_normalization(const View& view, const Node& node, const Channels& channels,
                                          std::string& refusal) {
  if (node.version < 7 || node.inputs.size() != 5 || node.inputs[0] != channels.value) return std::nullopt;
  const Fact& fact = view.fact(channels.value);
  if (!fact.whole || fact.last.size() != 2) {  // it takes the second dimension
    refusal = "that its channels are the columns is not known";
    return std::nullopt;
  }
  if (node.get<std::int64_t>("training_mode", 0) != 0) return std::nullopt;
  std::vector<double> by[4];  // scale, bias, mean, variance
  for (std::size_t i = 0; i < 4; ++i) {
    auto constant = by_channel(view, node.inputs[i + 1], channels, refusal);
    if (!constant || view.constant(node.inputs[i + 1])->elements() != channels.count) return std::nullopt;
    by[i] = std::move(*constant);
  }
  Affine affine{by[0], by[1]};
  const double epsilon = node.get<float>("epsilon", 1e-5f);
  for (std::size_t i = 0; i < affine.scale.size(); ++i) {
    affine.scale[i] /= std::sqrt(by[3][i] + epsilon);
    affine.shift[i] -= by[2][i] * affine.scale[i];
  }
  return affine;
}

std::vector<double> negated(std::vector<double> numbers) {
  for (double& each : numbers) each = -each;
  return numbers;
}

}  // namespace

bool is_finite(const Affine& affine) {
  const auto finite = [](double x) { return std::isfinite(x); };
  return std::ranges::all_of(affine.scale, finite) && std::ranges::all_of(affine.shift, finite);
}

std::optional<Affine> affine_of(const View& view, const Node& node, const Channels& channels, std::string& refusal) {
  if (View::is(node, "", "BatchNormalization")) return batch_normalization(view, node, channels, refusal);
  const std::string_view op = node.op_type;
  const bool known = op == "Mul" || op == "Div" || op == "Add" || op == "Sub";
  if (!known || !View::is(node, "", op) || node.version < 7 || node.inputs.size() != 2) return std::nullopt;
  const bool first = node.inputs[0] == channels.value;
  if (op == "Div" && !first) return std::nullopt;
  auto constant = by_channel(view, node.inputs[first ? 1 : 0], channels, refusal);
  if (!constant) return std::nullopt;
  const std::vector<double> zeros(constant->size(), 0.0), ones(constant->size(), 1.0);
  if (op == "Add") return Affine{ones, *constant};
  if (op == "Sub") return first ? Affine{ones, negated(*constant)} : Affine{negated(ones), *constant};
  if (op == "Div")
    for (double& each : *constant) each = 1 / each;
  return Affine{*constant, zeros};
}

}  // namespace ranvier::optimizer
