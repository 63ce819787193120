// Unique: the different elements of a tensor, or its different slices along an axis.
// https://onnx.ai/onnx/operators/onnx__Unique.html
#include <algorithm>
#include <numeric>

#include "operators/operator.h"

namespace ranvier::operators {
namespace {

using UniqueTypes = Joined<NumericTypes, Types<bool, std::string>>;
using Places = std::vector<std::int64_t>;

/// A tensor as slices along one axis; without the attribute, each element is a slice.
struct Slices {
  Tensor tensor;
  Shape shape;  ///< Of the tensor, or of all its elements in one dimension.
  std::size_t axis = 0;
  std::int64_t count = 0;
  std::int64_t outer = 1;
  std::int64_t inner = 1;
};

Slices slices_of(const Spec& spec) {
  Slices slices{*spec.input(0).value, spec.input(0).shape};
  if (const auto* axis = spec.node().find<std::int64_t>("axis")) {
    slices.axis = normalized_axis(*axis, slices.shape.rank());
  } else {
    slices.shape = {slices.tensor.elements()};
  }
  slices.count = slices.shape[slices.axis];
  if (slices.tensor.elements() == 0) {
    slices.outer = 0;
  } else {
    slices.outer = product(slices.shape, 0, slices.axis);
    slices.inner = product(slices.shape, slices.axis + 1, slices.shape.rank());
  }
  return slices;
}

/// Numbers by size, NaN after all others and equal to itself.
template <class T>
int compared(const T& a, const T& b) {
  if constexpr (is_floating<T>) {
    const auto x = static_cast<Compute<T>>(a);
    const auto y = static_cast<Compute<T>>(b);
    if (x != x || y != y) return (x != x) - (y != y);
    return (x > y) - (x < y);
  } else {
    return (a > b) - (a < b);
  }
}

/// Slices by their first elements that differ.
template <class T>
int slices_compared(const Slices& slices, std::int64_t a, std::int64_t b) {
  const T* data = static_cast<const T*>(slices.tensor.data());
  for (std::int64_t i = 0; i < slices.outer; ++i) {
    const T* x = data + (i * slices.count + a) * slices.inner;
    const T* y = data + (i * slices.count + b) * slices.inner;
    for (std::int64_t j = 0; j < slices.inner; ++j)
      if (const int order = compared(x[j], y[j])) return order;
  }
  return 0;
}

/// Slices that are the same, each group by where it appears.
struct Groups {
  Places first;    ///< By group: its first slice.
  Places inverse;  ///< By slice: its group.
  Places counts;   ///< By group: its slices.
};

/// `compare` is slices_compared for the elements' type.
Groups groups_of(const Slices& slices, int (*compare)(const Slices&, std::int64_t, std::int64_t)) {
  Places order(static_cast<std::size_t>(slices.count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return compare(slices, a, b) < 0; });
  Groups groups;
  groups.inverse.resize(order.size());
  for (const std::int64_t slice : order) {
    if (groups.first.empty() || compare(slices, groups.first.back(), slice) != 0) {
      groups.first.push_back(slice);
      groups.counts.push_back(0);
    }
    groups.inverse[static_cast<std::size_t>(slice)] = static_cast<std::int64_t>(groups.first.size()) - 1;
    ++groups.counts.back();
  }
  return groups;
}

/// The same groups in the order in which they appear.
Groups by_appearance(const Groups& groups) {
  Places order(groups.first.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto at = [](const Places& places, std::int64_t i) { return places[static_cast<std::size_t>(i)]; };
  std::sort(order.begin(), order.end(),
            [&](std::int64_t a, std::int64_t b) { return at(groups.first, a) < at(groups.first, b); });
  Groups result;
  Places rank(order.size());
  for (const std::int64_t group : order) {
    rank[static_cast<std::size_t>(group)] = static_cast<std::int64_t>(result.first.size());
    result.first.push_back(at(groups.first, group));
    result.counts.push_back(at(groups.counts, group));
  }
  for (const std::int64_t group : groups.inverse) result.inverse.push_back(at(rank, group));
  return result;
}

template <class T>
Tensor selected(const Slices& slices, const Places& places) {
  Shape shape = slices.shape;
  shape[slices.axis] = static_cast<std::int64_t>(places.size());
  Tensor output(slices.tensor.type(), shape);
  const T* in = static_cast<const T*>(slices.tensor.data());
  T* out = static_cast<T*>(output.mutable_data());
  for (std::int64_t i = 0; i < slices.outer; ++i)
    for (const std::int64_t place : places)
      out = std::copy_n(in + (i * slices.count + place) * slices.inner, slices.inner, out);
  return output;
}

Tensor vector(const Places& places) {
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(places.size())}, places);
}

std::vector<Tensor> evaluate_unique(const Spec& spec) {
  const Slices slices = slices_of(spec);
  check_size(2, {DataType::int64, {slices.count}, nullptr}, spec.settings());  // empty slices may be any number
  return dispatch<UniqueTypes>(slices.tensor.type(), [&]<class T>() -> std::vector<Tensor> {
    Groups groups = groups_of(slices, slices_compared<T>);
    if (spec.node().get<std::int64_t>("sorted", 1) == 0) groups = by_appearance(groups);
    std::vector<Tensor> outputs = {selected<T>(slices, groups.first), vector(groups.first), vector(groups.inverse),
                                   vector(groups.counts)};
    outputs.resize(spec.output_count());
    return outputs;
  });
}

}  // namespace

extern const Operator unique = {.outputs = {1, 4}, .types = UniqueTypes::set, .evaluate = evaluate_unique};

}  // namespace ranvier::operators
