#include "tests/random_graphs/example.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/graph/patch.h"
#include "tests/random_graphs/layers.h"

namespace ranvier::random_graphs {
namespace {

constexpr std::int64_t most_layers = 5;
/// What is larger is scaled down, so that sums keep their digits.
constexpr double large = 30;

/// Often those of a careful exporter.
Habits some_habits(Random& random) {
  const auto rate = [&](double most) { return random.chance(0.5) ? 0 : random.between(0, most); };
  Habits habits;
  habits.opset = random.pick({13, 15, 17, 18, 20, 7, 9, 10, 11, 12, 14, 16, 19, 21, 22, 23, 24, 25});
  if (random.chance(0.2)) habits.type = random.pick({DataType::float64, DataType::float16});
  habits.no_ops = random.chance(0.1) ? 0.5 : rate(0.2);
  habits.slips = rate(0.2);
  habits.old_nodes = rate(0.1);
  habits.leaks = rate(0.1);
  habits.odd_shapes = rate(0.5);
  habits.constant_nodes = random.chance(0.2) ? 1 : 0;
  habits.defaults = random.chance(0.1) ? 0.1 : 0;
  habits.declares = random.chance(0.5);
  return habits;
}

/// Ordinary numbers, and among them those at which activations have a corner.
double some_number(Random& random) {
  if (random.chance(0.2)) return random.pick({0.0, -0.0, 0.5, -0.5, 0.3, 1.0, -1.0, 2.0, 3.0, -3.0, 6.0, 0.2});
  if (random.chance(0.02)) return random.between(-25, 25);
  return random.between(-4, 4);
}

/// One that may be anything, and is so that often.
double extreme_number(Random& random, double often) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (!random.chance(often)) return some_number(random);
  return random.pick(
      {infinity, -infinity, std::nan(""), 3e38, -3e38, 1e30, -1e30, 1e4, -1e4, 100.0, -100.0, 1e-30, 1e-40});
}

Tensor tensor_of(Random& random, DataType type, const Shape& shape, double extremes = 0) {
  std::vector<double> elements(static_cast<std::size_t>(shape.elements()));
  for (double& element : elements) element = extreme_number(random, extremes);
  return real_tensor(type, shape, elements);
}

/// The shape, as an input of 1 to 4 dimensions declares it.
std::vector<graph::Dimension> some_shape(Random& random) {
  const auto rank = 1 + static_cast<std::size_t>(random.chance(0.4) ? 1 : random.below(4));
  const bool square = random.chance(0.2);
  std::vector<graph::Dimension> shape;
  for (std::size_t i = 0; i < rank; ++i) {
    graph::Dimension dimension{1 + random.below(i + 1 < rank ? 5 : 9), ""};
    if (square && i > 0) dimension.size = shape[0].size;
    if (random.chance(0.02)) dimension.size = 0;
    const double open = i == 0 ? 0.6 : i + 1 < rank ? 0.2 : 0.05;
    if (random.chance(open)) dimension.symbol = i == 0 ? "batch" : random.chance(0.5) ? "time" : "?";
    shape.push_back(dimension);
  }
  return shape;
}

Shape sizes_of(const std::vector<graph::Dimension>& dimensions) {
  Shape shape;
  for (const graph::Dimension& dimension : dimensions) shape.push_back(dimension.size);
  return shape;
}

/// The same with the sizes left open that have a name; now and then not even the rank is known.
graph::DeclaredShape declared(Random& random, std::vector<graph::Dimension> shape) {
  if (random.chance(0.03)) return std::nullopt;
  for (graph::Dimension& dimension : shape) {
    if (!dimension.symbol.empty()) dimension.size = -1;
    if (dimension.symbol == "?") dimension.symbol.clear();
  }
  return shape;
}

ValueId kept_small(Growth& growth, ValueId x) {
  if (!is_real(growth.type(x))) return x;
  double most = 0;
  for (const double element : doubles(growth.contents(x))) most = std::max(most, std::abs(element));
  if (most <= large) return x;
  if (growth.random.chance(0.3)) return growth.node("Tanh", {x});
  return growth.node("Mul", {x, growth.number(1 / most, x)});
}

/// A layer more on top of x; x itself where the one that was chosen does not fit.
ValueId grown(Growth& growth, ValueId x) {
  std::vector<const Layer*> lots;
  for (const Layer& layer : layers()) lots.insert(lots.end(), static_cast<std::size_t>(layer.weight), &layer);
  const std::size_t nodes = growth.graph().nodes.size();
  try {
    return kept_small(growth, add_layer(growth, *growth.random.pick(lots), x));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal) throw;
    growth.shrink(nodes);
    return x;
  }
}

/// The last value, now and then another one, and what leaks, as it is or through another node.
std::vector<ValueId> outputs_of(Growth& growth, ValueId last) {
  std::vector<ValueId> outputs = {last};
  while (growth.random.chance(0.2)) outputs.push_back(growth.any_value());
  const std::vector<ValueId> leaks = growth.leaks();
  for (const ValueId id : leaks) {
    const bool read = is_real(growth.type(id)) && growth.random.chance(0.5);
    outputs.push_back(read ? growth.node("Neg", {id}) : id);
  }
  std::ranges::sort(outputs);
  outputs.erase(std::unique(outputs.begin(), outputs.end()), outputs.end());
  return outputs;
}

/// Inputs of the same shapes; with `resized`, other sizes for the dimensions that are open. Some defaults are
/// overridden.
std::vector<Tensor> more_inputs(Random& random, const graph::Graph& graph, const std::vector<Tensor>& first,
                                double extremes, bool resized) {
  std::vector<Tensor> inputs;
  std::map<std::string, std::int64_t> sizes;  // by the symbols of open dimensions
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const graph::Value& value = graph.values[graph.inputs[i]];
    inputs.push_back(Tensor());
    if (value.constant && random.chance(0.5)) continue;
    Shape shape = value.constant ? value.constant->shape() : first[i].shape();
    for (std::size_t axis = 0; resized && value.shape && axis < shape.rank(); ++axis)
      if (const std::string& symbol = (*value.shape)[axis].symbol; !symbol.empty())
        shape[axis] = sizes.try_emplace(symbol, 1 + random.below(5)).first->second;
    inputs.back() = tensor_of(random, value.type, shape, extremes);
  }
  return inputs;
}

}  // namespace

Example example_of(std::uint64_t seed) {
  Random random(seed);
  Growth growth(random, some_habits(random));
  const std::vector<graph::Dimension> shape = some_shape(random);
  std::vector<ValueId> ends;
  for (const char* name : {"x", "z"}) {
    if (!ends.empty() && random.chance(0.7)) break;
    const Tensor contents = tensor_of(random, growth.habits.type, sizes_of(shape));
    ends.push_back(growth.input(name, declared(random, shape), contents));
  }
  std::vector<Tensor> first;
  for (const ValueId id : ends) first.push_back(growth.contents(id));
  for (auto layers_left = 1 + random.below(most_layers); layers_left > 0; --layers_left)
    ends.push_back(grown(growth, random.chance(0.8) ? ends.back() : random.pick(ends)));
  Example example{graph::sweep(growth.finish(outputs_of(growth, ends.back()))), growth.habits.opset, {}};
  first.resize(example.graph.inputs.size());
  example.inputs.push_back({first});
  const double extremes = random.pick({0.03, 0.1, 0.5});
  example.inputs.push_back({more_inputs(random, example.graph, first, 0, true)});
  example.inputs.push_back({more_inputs(random, example.graph, first, extremes, false), true});
  return example;
}

}  // namespace ranvier::random_graphs
