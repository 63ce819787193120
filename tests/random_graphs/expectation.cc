#include "tests/random_graphs/expectation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/random_graphs/growth.h"
#include "tests/random_graphs/interpreter.h"
#include "tests/random_graphs/mover.h"

namespace ranvier::random_graphs {
namespace {

using graph::Graph;
using graph::Node;

/// So often everything is moved, where something is not the same to the bit, and where that is not enough.
constexpr int few_moves = 2;
constexpr int many_moves = 100;

constexpr double infinity = std::numeric_limits<double>::infinity();

bool all_finite(const Tensor& tensor) {
  return !is_real(tensor.type()) || std::ranges::all_of(doubles(tensor), [](double x) { return std::isfinite(x); });
}

bool is_reshape_to_nothing(const Node& node, const std::vector<Tensor>& values) {
  if (node.op_type != "Reshape" || values[node.inputs[0]].elements() > 0) return false;
  return std::ranges::count(doubles(values[node.inputs[1]]), 0) > 0;
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
  if (!b.defined() || a.shape() != b.shape()) return result;
  const std::vector<double> left = doubles(a), right = doubles(b);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = distance(left[i], right[i]);
  return result;
}

}  // namespace

Expectation::Expectation(const Graph& graph, const std::vector<Tensor>& inputs) : graph_(graph), inputs_(inputs) {
  const std::vector<Tensor> values = values_of(graph, inputs);
  finite_ = std::ranges::all_of(values, all_finite);
  meant_ = std::ranges::none_of(graph.nodes, [&](const Node& node) { return is_reshape_to_nothing(node, values); });
  for (const ValueId id : graph.outputs) {
    outputs_.push_back(values[id]);
    leeway_.push_back(reaches_of(values[id]));
  }
}

void Expectation::look(int moves) {
  for (; moves_ < moves; ++moves_)
    for (const bool up : {true, false}) {
      const bool terms = moves_ % 2 == 0;
      std::vector<Tensor> moved(graph_.values.size());
      try {
        moved = values_of(graph_, inputs_, Mover(static_cast<std::uint64_t>(moves_), up, terms));
      } catch (const Error&) {  // a number that stands for a size, say: anything may come out
      }
      for (std::size_t o = 0; o < outputs_.size(); ++o) see(o, moved[graph_.outputs[o]], terms);
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
    for (const int moves : {0, few_moves, many_moves}) {
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
