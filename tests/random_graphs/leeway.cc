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

/// So often everything is moved, once up and once down.
constexpr int moves = 4;

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
  static const std::set<std::string> all = {"BatchNormalization",
                                            "CumSum",
                                            "Gemm",
                                            "GlobalAveragePool",
                                            "LayerNormalization",
                                            "MatMul",
                                            "RMSNormalization",
                                            "Softmax",
                                            "LogSoftmax",
                                            "Mean",
                                            "Sum"};
  return all.contains(node.op_type) || node.op_type.starts_with("Reduce");
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
  explicit Mover(std::uint64_t seed) : random_(seed) {}

  /// The opposite of what another one does.
  void invert() { sign_ = -1; }

  Tensor moved(const Tensor& tensor) {
    if (!is_real(tensor.type())) return tensor;
    std::vector<double> elements = doubles(tensor);
    const std::vector<double> most = moves_of(tensor);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const double sign = random_.chance(0.5) ? sign_ : -sign_;
      const double part = random_.between(0.5, 1);  // else two moves may cancel
      if (elements[i] != 0) elements[i] += sign * part * most[i];
    }
    return real_tensor(tensor.type(), tensor.shape(), elements);
  }

 private:
  Random random_;
  double sign_ = 1;
};

bool all_finite(const Tensor& tensor) {
  return !is_real(tensor.type()) || std::ranges::all_of(doubles(tensor), [](double x) { return std::isfinite(x); });
}

/// To Reshape, a size 0 says "as the input has it": of computed sizes, what no exporter means.
bool is_reshape_to_nothing(const Node& node, const std::vector<const Tensor*>& operands) {
  if (node.op_type != "Reshape" || operands[0]->elements() > 0) return false;
  return std::ranges::count(doubles(*operands[1]), 0) > 0;
}

/// The outputs; with a mover, moved on the way.
std::vector<Tensor> computed(const Graph& graph, const std::vector<Tensor>& inputs, Mover* mover, bool& meant,
                             bool& finite) {
  std::vector<Tensor> values(graph.values.size());
  for (ValueId id = 0; id < values.size(); ++id)
    if (graph.values[id].constant) values[id] = *graph.values[id].constant;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].defined()) values[graph.inputs[i]] = inputs[i];
  for (const Node& node : graph.nodes) {
    std::vector<Tensor> moved;
    std::vector<const Tensor*> operands;
    moved.reserve(node.inputs.size());
    for (const ValueId id : node.inputs) {
      if (id == graph::none) {
        operands.push_back(nullptr);
      } else if (mover != nullptr && adds_up(node)) {
        moved.push_back(mover->moved(values[id]));
        operands.push_back(&moved.back());
      } else {
        operands.push_back(&values[id]);
      }
    }
    meant = meant && !is_reshape_to_nothing(node, operands);
    const operators::Operator* op = operators::find_operator(node.domain, node.op_type, node.version);
    const std::vector<Tensor> results = operators::evaluate(*op, node, operands);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] == graph::none) continue;
      finite = finite && all_finite(results[i]);
      values[node.outputs[i]] = mover != nullptr && !is_exact(node, operands) ? mover->moved(results[i]) : results[i];
    }
  }
  std::vector<Tensor> outputs;
  for (const ValueId id : graph.outputs) outputs.push_back(values[id]);
  return outputs;
}

/// Infinite between different things that are no finite numbers.
double distance(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  const double result = std::abs(a - b);
  return std::isnan(result) ? infinity : result;
}

/// By element; infinite where there are other elements.
std::vector<double> distances(const Tensor& a, const Tensor& b) {
  std::vector<double> result(static_cast<std::size_t>(a.elements()), infinity);
  if (a.shape() != b.shape()) return result;
  const std::vector<double> left = doubles(a), right = doubles(b);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = distance(left[i], right[i]);
  return result;
}

}  // namespace

Expectation expectation_of(const Graph& graph, const std::vector<Tensor>& inputs) {
  Expectation expectation;
  for (const Tensor& tensor : computed(graph, inputs, nullptr, expectation.meant, expectation.finite)) {
    expectation.outputs.push_back({tensor, moves_of(tensor)});
  }
  for (int seed = 0; seed < moves; ++seed) {
    Mover up(static_cast<std::uint64_t>(seed)), down(static_cast<std::uint64_t>(seed));
    down.invert();
    std::vector<std::vector<double>> farthest;
    for (Mover* mover : {&up, &down}) {
      bool ignored = true;
      std::vector<Tensor> moved;
      try {
        moved = computed(graph, inputs, mover, ignored, ignored);
      } catch (const Error&) {  // a number that stands for a size, say
        moved.resize(expectation.outputs.size());
      }
      for (std::size_t i = 0; i < moved.size(); ++i) {
        const std::vector<double> own = distances(expectation.outputs[i].tensor, moved[i]);
        if (mover == &up) {
          farthest.push_back(own);
        } else {
          std::ranges::transform(own, farthest[i], farthest[i].begin(),
                                 [](double a, double b) { return std::max(a, b); });
        }
      }
    }
    for (std::size_t i = 0; i < farthest.size(); ++i) {
      std::vector<double>& leeway = expectation.outputs[i].leeway;
      std::ranges::transform(leeway, farthest[i], leeway.begin(), std::plus<>());
    }
  }
  return expectation;
}

std::optional<std::string> difference(const Tensor& got, const Expected& expected) {
  const Tensor& want = expected.tensor;
  if (got.type() != want.type()) return fmt::format("type {} instead of {}", name(got.type()), name(want.type()));
  if (got.shape() != want.shape())
    return fmt::format("shape {} instead of {}", to_string(got.shape()), to_string(want.shape()));
  const std::vector<double> apart = distances(want, got), have = doubles(got), meant = doubles(want);
  std::size_t wrong = 0, worst = 0;
  double most = 0;
  for (std::size_t i = 0; i < apart.size(); ++i) {
    if (apart[i] <= expected.leeway[i]) continue;
    ++wrong;
    const double excess = apart[i] / expected.leeway[i];
    if (excess > most) most = excess, worst = i;
  }
  if (wrong == 0) return std::nullopt;
  return fmt::format("{} of {} elements differ, most at {}: {:.9g} instead of {:.9g}, which may be off by {:.2g}",
                     wrong, apart.size(), worst, have[worst], meant[worst], expected.leeway[worst]);
}

}  // namespace ranvier::random_graphs
