#include "tests/random_graphs/leeway.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "operators/table.h"
#include "runtime/core/convert.h"
#include "tests/random_graphs/growth.h"

namespace ranvier::random_graphs {
namespace {

using graph::Graph;
using graph::Node;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// So often everything is moved, at first, and where something differs.
constexpr int few_moves = 2;
constexpr int many_moves = 100;

/// How far a number is moved, in parts of itself: twice the tolerance with which the optimizer recognizes constants,
/// which is some roundings.
double reach_of(DataType type) {
  return type == DataType::float16 ? 0x1p-9 : type == DataType::bfloat16 ? 0x1p-6 : 2e-6;
}

/// The distance of the smallest numbers from each other.
double smallest_of(DataType type) {
  return type == DataType::float16 ? 0x1p-24 : type == DataType::bfloat16 ? 0x1p-133 : 0x1p-149;
}

/// Operators whose results are whole numbers in the type of real ones, or their inputs elsewhere: nothing is rounded.
bool is_exact(const Node& node, const std::vector<const Tensor*>& operands) {
  static const std::set<std::string> all = {
      "Concat", "Constant", "ConstantOfShape", "Expand",  "Flatten", "Gather",    "Identity", "Range",     "Reshape",
      "Shape",  "Slice",    "Split",           "Squeeze", "Tile",    "Transpose", "TopK",     "Unsqueeze", "Where",
      "Neg",    "Relu",     "Dropout",         "Max",     "Min",     "Clip",      "Abs"};
  return all.contains(node.op_type) || (node.op_type == "Cast" && !is_real(operands[0]->type()));
}

/// Operators that add up what they read, and round in between.
bool adds_up(const Node& node) {
  static const std::set<std::string> all = {"BatchNormalization", "CumSum",     "Gemm",   "GlobalAveragePool",
                                            "LayerNormalization", "LogSoftmax", "MatMul", "Mean",
                                            "RMSNormalization",   "Softmax",    "Sum"};
  return all.contains(node.op_type) || node.op_type.starts_with("Reduce");
}

/// Operators that add two terms, or a number to a multiple of one.
bool adds_terms(const Node& node) {
  static const std::set<std::string> all = {"Add", "HardSigmoid", "HardSwish", "Sub"};
  return all.contains(node.op_type);
}

/// Operators whose results are never 0, but where they are too small for their type.
bool is_never_zero(const Node& node) {
  static const std::set<std::string> all = {"Erfc", "Exp", "Sigmoid", "Softmax", "Softplus"};
  return all.contains(node.op_type);
}

/// How far each element is moved at most; what is not finite stays.
std::vector<double> moves_of(const Tensor& tensor) {
  if (!is_real(tensor.type())) return std::vector<double>(static_cast<std::size_t>(tensor.elements()));
  std::vector<double> elements = doubles(tensor);
  for (double& x : elements)
    x = std::isfinite(x) ? reach_of(tensor.type()) * std::abs(x) + 16 * smallest_of(tensor.type()) : 0;
  return elements;
}

/// Moves numbers by about their reach, one way or the other.
class Mover {
 public:
  /// Two of one seed, one of them not `up`, move each number in opposite directions.
  /// With `terms`, terms are moved before they are added.
  Mover(std::uint64_t seed, bool up, bool terms) : random_(seed), direction_(up ? 1 : -1), terms_(terms) {}

  bool moves_operands(const Node& node) const { return adds_up(node) || (terms_ && adds_terms(node)); }

  Tensor moved(const Tensor& tensor) {
    if (!is_real(tensor.type())) return tensor;
    return moved(tensor, doubles(tensor), [](double x, std::size_t) { return x != 0; });
  }

  /// The result of a node. What it has at an infinity is exact.
  Tensor moved_result(const Tensor& tensor, const Node& node, const std::vector<const Tensor*>& operands) {
    if (!is_real(tensor.type())) return tensor;
    const bool zeros = is_never_zero(node);
    const bool unary = operands.size() == 1 && operands[0]->shape() == tensor.shape();
    const std::vector<double> from = unary ? doubles(*operands[0]) : std::vector<double>();
    return moved(tensor, doubles(tensor),
                 [&](double x, std::size_t i) { return (x != 0 || zeros) && !(unary && std::isinf(from[i])); });
  }

  /// What may have overflown on the way is anything; `sizes` are infinite there.
  Tensor overflown(const Tensor& tensor, const Tensor& sizes) {
    if (!is_real(tensor.type())) return tensor;
    std::vector<double> elements = doubles(tensor);
    const std::vector<double> bounds = doubles(sizes);
    for (std::size_t i = 0; i < elements.size(); ++i)
      if (!std::isfinite(bounds[i])) elements[i] = random_.pick({elements[i], -infinity, infinity, std::nan(""), 0.0});
    return real_tensor(tensor.type(), tensor.shape(), elements);
  }

 private:
  template <class Condition>
  Tensor moved(const Tensor& tensor, std::vector<double> elements, const Condition& moves) {
    const std::vector<double> most = moves_of(tensor);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const double sign = random_.chance(0.5) ? direction_ : -direction_;
      const double part = random_.between(0.5, 1);  // else two moves may cancel
      if (moves(elements[i], i)) elements[i] += sign * part * most[i];
    }
    return real_tensor(tensor.type(), tensor.shape(), elements);
  }

  Random random_;
  const double direction_;
  const bool terms_;
};

bool all_finite(const Tensor& tensor) {
  return !is_real(tensor.type()) || std::ranges::all_of(doubles(tensor), [](double x) { return std::isfinite(x); });
}

bool is_reshape_to_nothing(const Node& node, const std::vector<const Tensor*>& operands) {
  if (node.op_type != "Reshape" || operands[0]->elements() > 0) return false;
  return std::ranges::count(doubles(*operands[1]), 0) > 0;
}

/// The sizes of numbers, and something more, where there are large ones among them; else nothing.
std::optional<Tensor> sizes_of_large(const Tensor& tensor) {
  const double large = tensor.type() == DataType::float16 ? 10 : 1e15;
  if (!is_real(tensor.type())) return std::nullopt;
  std::vector<double> elements = doubles(tensor);
  if (std::ranges::none_of(elements, [&](double x) { return std::abs(x) > large; })) return std::nullopt;
  for (double& x : elements) x = 8 * std::abs(x);
  return real_tensor(tensor.type(), tensor.shape(), elements);
}

/// Computes a graph node by node.
class Interpreter {
 public:
  /// Nothing is moved where there is no mover.
  explicit Interpreter(const Graph& graph, Mover* mover = nullptr) : graph_(graph), mover_(mover) {}

  std::vector<Tensor> outputs(const std::vector<Tensor>& inputs) {
    values_.resize(graph_.values.size());
    for (ValueId id = 0; id < values_.size(); ++id)
      if (graph_.values[id].constant) values_[id] = *graph_.values[id].constant;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].defined()) values_[graph_.inputs[i]] = inputs[i];
    for (const Node& node : graph_.nodes) compute(node);
    std::vector<Tensor> outputs;
    for (const ValueId id : graph_.outputs) outputs.push_back(values_[id]);
    return outputs;
  }

  bool finite() const { return finite_; }
  bool meant() const { return meant_; }

 private:
  void compute(const Node& node) {
    std::vector<const Tensor*> operands;
    for (const ValueId id : node.inputs) operands.push_back(id == graph::none ? nullptr : &values_[id]);
    meant_ = meant_ && !is_reshape_to_nothing(node, operands);
    const operators::Operator* op = operators::find_operator(node.domain, node.op_type, node.version);
    std::vector<Tensor> results =
        mover_ == nullptr ? operators::evaluate(*op, node, operands) : moved_results(*op, node, operands);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] == graph::none) continue;
      finite_ = finite_ && all_finite(results[i]);
      values_[node.outputs[i]] = std::move(results[i]);
    }
  }

  std::vector<Tensor> moved_results(const operators::Operator& op, const Node& node,
                                    std::vector<const Tensor*> operands) {
    std::vector<Tensor> moved(operands.size()), sizes(operands.size());
    std::vector<const Tensor*> bounds = operands;
    bool large = false;
    if (mover_->moves_operands(node))
      for (std::size_t i = 0; i < operands.size(); ++i) {
        if (operands[i] == nullptr) continue;
        if (auto own = sizes_of_large(*operands[i])) {
          large = true;
          bounds[i] = &(sizes[i] = *own);
        }
        operands[i] = &(moved[i] = mover_->moved(*operands[i]));
      }
    std::vector<Tensor> results = operators::evaluate(op, node, operands);
    if (is_exact(node, operands)) return results;
    for (Tensor& result : results) result = mover_->moved_result(result, node, operands);
    if (large) results[0] = mover_->overflown(results[0], operators::evaluate(op, node, bounds)[0]);
    return results;
  }

  const Graph& graph_;
  Mover* mover_;
  std::vector<Tensor> values_;
  bool finite_ = true;
  bool meant_ = true;
};

/// Infinite between different things that are no finite numbers.
double distance(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  const double result = std::abs(a - b);
  return std::isnan(result) ? infinity : result;
}

/// By element; infinite where there are other elements.
std::vector<double> distances(const Tensor& a, const Tensor& b) {
  std::vector<double> result(static_cast<std::size_t>(a.elements()), infinity);
  if (!b.defined() || a.shape() != b.shape()) return result;
  const std::vector<double> left = doubles(a), right = doubles(b);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = distance(left[i], right[i]);
  return result;
}

}  // namespace

Expectation::Expectation(const Graph& graph, const std::vector<Tensor>& inputs) : graph_(graph), inputs_(inputs) {
  Interpreter interpreter(graph);
  outputs_ = interpreter.outputs(inputs);
  finite_ = interpreter.finite();
  meant_ = interpreter.meant();
  for (const Tensor& tensor : outputs_) leeway_.push_back(moves_of(tensor));
}

void Expectation::look(int moves) {
  for (; moves_ < moves; ++moves_)
    for (const bool up : {true, false}) {
      const bool terms = moves_ % 2 == 0;
      Mover mover(static_cast<std::uint64_t>(moves_), up, terms);
      std::vector<Tensor> moved(outputs_.size());
      try {
        moved = Interpreter(graph_, &mover).outputs(inputs_);
      } catch (const Error&) {  // a number that stands for a size, say: anything may come out
      }
      for (std::size_t o = 0; o < moved.size(); ++o) see(o, moved[o], terms);
    }
}

void Expectation::see(std::size_t output, const Tensor& moved, bool terms) {
  const std::vector<double> far = distances(outputs_[output], moved);
  const std::vector<double> want = doubles(outputs_[output]);
  for (std::size_t i = 0; i < far.size(); ++i) {
    // A NaN may come of a difference that is 0, exactly.
    const bool counts = !terms || std::isfinite(want[i]);
    if (counts) leeway_[output][i] = std::max(leeway_[output][i], 2 * far[i]);
  }
}

std::optional<std::string> Expectation::difference(const std::vector<Tensor>& outputs) {
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    std::optional<std::string> how;
    for (const int moves : {few_moves, many_moves}) {
      look(moves);
      how = difference(o, outputs[o]);
      if (!how) break;
    }
    if (how) return fmt::format("output '{}': {}", graph_.values[graph_.outputs[o]].name, *how);
  }
  return std::nullopt;
}

std::optional<std::string> Expectation::difference(std::size_t output, const Tensor& got) const {
  const Tensor& want = outputs_[output];
  const std::vector<double>& leeway = leeway_[output];
  if (got.type() != want.type()) return fmt::format("type {} instead of {}", name(got.type()), name(want.type()));
  if (got.shape() != want.shape())
    return fmt::format("shape {} instead of {}", to_string(got.shape()), to_string(want.shape()));
  const std::vector<double> apart = distances(want, got), have = doubles(got), meant = doubles(want);
  std::size_t wrong = 0, worst = 0;
  for (std::size_t i = 0; i < apart.size(); ++i) {
    if (apart[i] <= leeway[i]) continue;
    if (wrong++ == 0 || apart[i] - leeway[i] > apart[worst] - leeway[worst]) worst = i;
  }
  if (wrong == 0) return std::nullopt;
  return fmt::format("{} of {} elements differ, most at {}: {:.9g} instead of {:.9g}, which may be off by {:.2g}",
                     wrong, apart.size(), worst, have[worst], meant[worst], leeway[worst]);
}

}  // namespace ranvier::random_graphs
