// What people and exporters get wrong, or mean otherwise: nodes that nearly are what a pattern asks for.
#include <algorithm>

#include "tests/random_graphs/growth.h"

namespace ranvier::random_graphs {
namespace {

using graph::Node;

/// Operators that take the same operands.
const std::vector<std::vector<std::string>> siblings = {
    {"Add", "Sub", "Mul", "Div", "Max", "Min", "Pow"},
    {"Greater", "Less", "GreaterOrEqual", "LessOrEqual"},
    {"And", "Or", "Xor"},
    {"ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2"},
    {"Softmax", "LogSoftmax"},
    {"Abs", "Exp", "Expm1", "Erf", "Erfc", "Floor", "Neg", "Reciprocal", "Relu", "Selu", "Sigmoid", "Sign", "Softplus",
     "Softsign", "Sqrt", "Tanh"},
};

void another_operator(Growth& growth, Node& node) {
  for (const auto& group : siblings)
    if (std::ranges::count(group, node.op_type) > 0) node.op_type = growth.random.pick(group);
}

void other_way_round(Growth&, Node& node) {
  if (node.inputs.size() >= 2) std::swap(node.inputs[0], node.inputs[1]);
}

/// A constant with other numbers: all of them, or one of them.
void other_numbers(Growth& growth, Node& node) {
  for (ValueId& id : node.inputs) {
    if (id == graph::none || !growth.fixed(id) || !is_real(growth.type(id))) continue;
    std::vector<double> elements = doubles(growth.contents(id));
    if (elements.empty()) continue;
    if (growth.random.chance(0.5)) {
      for (double& x : elements) x = nearly(growth.random, x);
    } else {
      double& one = elements[static_cast<std::size_t>(growth.random.below(static_cast<std::int64_t>(elements.size())))];
      one = nearly(growth.random, one);
    }
    id = growth.initializer(real_tensor(growth.type(id), growth.shape(id), elements));
  }
}

/// A constant turned by 90 degrees, or with dimensions of size 1.
void another_shape(Growth& growth, Node& node) {
  for (ValueId& id : node.inputs) {
    if (id == graph::none || !growth.fixed(id)) continue;
    Shape shape = growth.shape(id);
    if (shape.rank() > 1 && growth.random.chance(0.5)) std::reverse(shape.begin(), shape.end());
    shape.insert(static_cast<std::size_t>(growth.random.below(static_cast<std::int64_t>(shape.rank()) + 1)), 1);
    id = growth.initializer(growth.contents(id).reshaped(shape));
  }
}

/// Another value of the same type and shape.
void another_operand(Growth& growth, Node& node) {
  if (node.inputs.empty()) return;
  ValueId& operand =
      node.inputs[static_cast<std::size_t>(growth.random.below(static_cast<std::int64_t>(node.inputs.size())))];
  if (operand == graph::none) return;
  const std::vector<ValueId> others = growth.made_like(operand);
  if (!others.empty()) operand = growth.random.pick(others);
}

void another_attribute(Growth& growth, Node& node) {
  if (node.attributes.empty()) return;
  auto entry = node.attributes.begin();
  std::advance(entry, growth.random.below(static_cast<std::int64_t>(node.attributes.size())));
  graph::Attribute& attribute = entry->second;
  if (auto* integer = std::get_if<std::int64_t>(&attribute)) *integer += growth.random.pick({-1, 1});
  if (auto* number = std::get_if<float>(&attribute)) *number *= growth.random.pick({1.001f, 0.5f, -1.0f});
  if (auto* list = std::get_if<std::vector<std::int64_t>>(&attribute)) std::ranges::reverse(*list);
}

}  // namespace

Node slipped(Growth& growth, Node node) {
  constexpr void (*ways[])(Growth&, Node&) = {another_operator, other_way_round, other_numbers,
                                              another_shape,    another_operand, another_attribute};
  growth.random.pick(std::span(ways))(growth, node);
  return node;
}

}  // namespace ranvier::random_graphs
