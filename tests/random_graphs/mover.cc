#include "tests/random_graphs/mover.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "tests/random_graphs/growth.h"

namespace ranvier::random_graphs {
namespace {

using graph::Node;
using Operands = std::vector<const Tensor*>;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// How far a number is moved, in parts of itself: twice the tolerance with which the optimizer recognizes constants,
/// which is some roundings.
double reach_of(DataType type) {
  return type == DataType::float16 ? 0x1p-9 : type == DataType::bfloat16 ? 0x1p-6 : 2e-6;
}

/// The distance of the smallest numbers from each other.
double smallest_of(DataType type) {
  return type == DataType::float16 ? 0x1p-24 : type == DataType::bfloat16 ? 0x1p-133 : 0x1p-149;
}

/// Operators that round nothing: they move or choose elements, or make whole numbers.
bool is_exact(const Node& node, const Operands& operands) {
  static const std::set<std::string> all = {
      "Concat", "Constant", "ConstantOfShape", "Expand",  "Flatten", "Gather",    "Identity", "Range",     "Reshape",
      "Shape",  "Slice",    "Split",           "Squeeze", "Tile",    "Transpose", "TopK",     "Unsqueeze", "Where",
      "Neg",    "Relu",     "Dropout",         "Max",     "Min",     "Clip",      "Abs"};
  return all.contains(node.op_type) || (node.op_type == "Cast" && !is_real(operands[0]->type()));
}

/// Operators that add up what they read, and may overflow on the way.
bool adds_up(const Node& node) {
  static const std::set<std::string> all = {
      "BatchNormalization", "CumSum", "Gemm", "GlobalAveragePool", "LayerNormalization", "MatMul", "Mean",
      "RMSNormalization",   "Sum"};
  return all.contains(node.op_type) || node.op_type.starts_with("Reduce");
}

/// Operators that add two terms, or a number to a multiple of one.
bool adds_terms(const Node& node) {
  static const std::set<std::string> all = {"Add", "HardSigmoid", "HardSwish", "Sub"};
  return all.contains(node.op_type);
}

/// Operators that subtract the largest number of a row from the others.
bool is_softmax(const Node& node) { return node.op_type == "Softmax" || node.op_type == "LogSoftmax"; }

/// Operators whose results are above 0, but where they are too small for their type.
bool is_positive(const Node& node) {
  static const std::set<std::string> all = {"Erfc", "Exp", "Sigmoid", "Softmax", "Softplus"};
  return all.contains(node.op_type);
}

/// Eight times the sizes of finite numbers, where there are large ones among them; else nothing.
std::optional<Tensor> bounds_of_large(const Tensor& tensor) {
  const double large = tensor.type() == DataType::float16 ? 100 : 1e16;
  if (!is_real(tensor.type())) return std::nullopt;
  std::vector<double> elements = doubles(tensor);
  for (double& x : elements) x = std::isfinite(x) ? 8 * std::abs(x) : 0;
  if (std::ranges::none_of(elements, [&](double x) { return x > large; })) return std::nullopt;
  return real_tensor(tensor.type(), tensor.shape(), elements);
}

}  // namespace

std::vector<double> reaches_of(const Tensor& tensor) {
  if (!is_real(tensor.type())) return std::vector<double>(static_cast<std::size_t>(tensor.elements()));
  std::vector<double> elements = doubles(tensor);
  for (double& x : elements)
    x = std::isfinite(x) ? reach_of(tensor.type()) * std::abs(x) + 16 * smallest_of(tensor.type()) : 0;
  return elements;
}

std::vector<Tensor> Mover::operator()(const operators::Operator& op, const Node& node, const Operands& operands) {
  const bool is_sum = adds_up(node) || is_softmax(node) || (terms_ && adds_terms(node));
  std::vector<Tensor> results = is_sum ? sums(op, node, operands) : operators::evaluate(op, node, operands);
  if (is_exact(node, operands)) return results;
  for (Tensor& result : results) result = moved_result(result, node, operands);
  return results;
}

std::vector<Tensor> Mover::sums(const operators::Operator& op, const Node& node, const Operands& operands) {
  Operands moved = operands, bounds = operands;
  std::vector<Tensor> owned;
  owned.reserve(2 * operands.size());
  bool large = false;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (operands[i] == nullptr) continue;
    if (auto own = is_softmax(node) ? std::nullopt : bounds_of_large(*operands[i])) {
      large = true;
      bounds[i] = &owned.emplace_back(std::move(*own));
    }
    moved[i] = &owned.emplace_back(moved_operand(*operands[i]));
  }
  std::vector<Tensor> results = operators::evaluate(op, node, moved);
  if (large) results[0] = overflown(results[0], operators::evaluate(op, node, bounds)[0]);
  return results;
}

/// What may have overflown on the way, where the bounds of all terms together are not finite, is anything.
Tensor Mover::overflown(const Tensor& tensor, const Tensor& bounds) {
  std::vector<double> elements = doubles(tensor);
  const std::vector<double> sizes = doubles(bounds);
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (!std::isfinite(sizes[i])) elements[i] = random_.pick({elements[i], -infinity, infinity, std::nan(""), 0.0});
  return real_tensor(tensor.type(), tensor.shape(), elements);
}

Tensor Mover::moved_operand(const Tensor& tensor) {
  return moved(tensor, [](double x, std::size_t) { return x != 0; });
}

/// What a function has at an infinity is exact.
Tensor Mover::moved_result(const Tensor& tensor, const Node& node, const Operands& operands) {
  const bool of_one = operands.size() == 1 && operands[0]->shape() == tensor.shape();
  const std::vector<double> from = of_one ? doubles(*operands[0]) : std::vector<double>();
  const auto moves = [&](double x, std::size_t i) { return x != 0 && !(of_one && std::isinf(from[i])); };
  if (!is_positive(node)) return moved(tensor, moves);
  std::vector<double> elements = doubles(tensor);
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (elements[i] == 0 && !std::isinf(from[i]) && random_.chance(0.5)) elements[i] = smallest_of(tensor.type());
  return moved(real_tensor(tensor.type(), tensor.shape(), elements), moves);
}

template <class Condition>
Tensor Mover::moved(const Tensor& tensor, const Condition& moves) {
  if (!is_real(tensor.type())) return tensor;
  std::vector<double> elements = doubles(tensor);
  const std::vector<double> reaches = reaches_of(tensor);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const double sign = random_.chance(0.5) ? direction_ : -direction_;
    const double part = random_.between(0.5, 1);
    if (moves(elements[i], i)) elements[i] += sign * part * reaches[i];
  }
  return real_tensor(tensor.type(), tensor.shape(), elements);
}

}  // namespace ranvier::random_graphs
