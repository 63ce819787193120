#include "runtime/planner/symbolic_shapes.h"

#include <algorithm>

#include "runtime/planner/analysis.h"

namespace ranvier::planner {
namespace {

using graph::Dimension;
using graph::ValueId;
using operators::TensorInfo;

/// Sizes for the unknowns: large enough for windows to fit, and far from the sizes of layers.
constexpr std::int64_t first_size = 101;
constexpr std::int64_t step = 2;
constexpr std::int64_t change = 64;

/// An unknown size of the inputs: all dimensions with one name, or one dimension without.
struct Unknown {
  std::string symbol;
  std::int64_t size = first_size;
};

class Unknowns {
 public:
  explicit Unknowns(const graph::Graph& graph) : graph_(graph) {
    for (const ValueId id : graph.inputs) {
      std::vector<std::size_t>& indices = of_input_.emplace_back();
      if (!graph.values[id].shape) continue;
      for (const Dimension& dim : *graph.values[id].shape) indices.push_back(dim.known() ? 0 : index_of(dim.symbol));
    }
  }

  std::size_t count() const { return unknowns_.size(); }
  Unknown& operator[](std::size_t i) { return unknowns_[i]; }

  /// The shapes of all values for the sizes as they stand.
  std::vector<TensorInfo> analysed(const operators::Settings& settings) const {
    std::vector<Given> given;
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      const graph::Value& value = graph_.values[graph_.inputs[i]];
      if (!value.shape || value.overridable) continue;
      Shape shape;
      for (std::size_t axis = 0; axis < value.shape->size(); ++axis) {
        const Dimension& dim = (*value.shape)[axis];
        shape.push_back(dim.known() ? dim.size : unknowns_[of_input_[i][axis]].size);
      }
      given.push_back({graph_.inputs[i], {value.type, shape, nullptr}});
    }
    std::vector<TensorInfo> infos = analyse(graph_, given, {}, settings).values;
    for (TensorInfo& info : infos) info.value = nullptr;  // what it points to is gone
    return infos;
  }

 private:
  std::size_t index_of(const std::string& symbol) {
    const auto found = std::find_if(unknowns_.begin(), unknowns_.end(), [&](const Unknown& unknown) {
      return !symbol.empty() && unknown.symbol == symbol;
    });
    if (found != unknowns_.end()) return static_cast<std::size_t>(found - unknowns_.begin());
    unknowns_.push_back({symbol});
    return unknowns_.size() - 1;
  }

  const graph::Graph& graph_;
  std::vector<Unknown> unknowns_;
  std::vector<std::vector<std::size_t>> of_input_;  // by input and axis: the index of its unknown
};

/// What a dimension is that moved by `moved` from `size` when the unknown grew by `change`.
Dimension in_terms_of(const Unknown& unknown, std::int64_t size, std::int64_t moved) {
  const std::int64_t factor = moved / change;
  if (unknown.symbol.empty() || moved % change != 0 || size != factor * unknown.size) return {};
  return {-1, factor == 1 ? unknown.symbol : fmt::format("{}*{}", factor, unknown.symbol)};
}

SymbolicValue known(const TensorInfo& info) {
  if (!info.present()) return {};
  SymbolicValue value{info.type, std::vector<Dimension>{}};
  for (const std::int64_t dim : info.shape) value.shape->push_back({dim, ""});
  return value;
}

/// Marks the dimensions of `value` that move when `unknown` grows.
void mark(SymbolicValue& value, const TensorInfo& before, const TensorInfo& after, const Unknown& unknown) {
  if (!value.shape) return;
  if (!after.present() || after.shape.rank() != before.shape.rank()) {
    value.shape.reset();
    return;
  }
  for (std::size_t axis = 0; axis < before.shape.rank(); ++axis) {
    const std::int64_t moved = after.shape[axis] - before.shape[axis];
    if (moved == 0) continue;
    Dimension& dim = (*value.shape)[axis];
    dim = dim.known() ? in_terms_of(unknown, before.shape[axis], moved) : Dimension{};  // of two unknowns: unknown
  }
}

}  // namespace

std::vector<SymbolicValue> symbolic_shapes(const graph::Graph& graph, const operators::Settings& settings) {
  Unknowns unknowns(graph);
  for (std::size_t i = 0; i < unknowns.count(); ++i)
    unknowns[i].size = first_size + step * static_cast<std::int64_t>(i);
  std::vector<TensorInfo> before;
  bool together = false;  // whether all unknowns have to be equal, as the batch sizes of several inputs have to
  try {
    before = unknowns.analysed(settings);
  } catch (const Error&) {
    if (unknowns.count() < 2) throw;
    for (std::size_t i = 0; i < unknowns.count(); ++i) unknowns[i].size = first_size;
    before = unknowns.analysed(settings);
    together = true;
  }
  std::vector<SymbolicValue> values;
  for (const TensorInfo& info : before) values.push_back(known(info));
  for (std::size_t i = 0; i < (together ? std::min<std::size_t>(1, unknowns.count()) : unknowns.count()); ++i) {
    Unknowns moved = unknowns;
    for (std::size_t j = 0; j < moved.count(); ++j)
      if (together || j == i) moved[j].size += change;
    const std::vector<TensorInfo> after = moved.analysed(settings);
    for (ValueId id = 0; id < values.size(); ++id) mark(values[id], before[id], after[id], unknowns[i]);
  }
  return values;
}

}  // namespace ranvier::planner
