// Layers that move elements, and change few of them or none.
#include <algorithm>
#include <numeric>

#include "tests/random_graphs/layers.h"
#include "tests/random_graphs/vocabulary.h"

namespace ranvier::random_graphs {
namespace {

/// Something small in between, or nothing.
ValueId in_between(Growth& growth, ValueId x) {
  const auto choice = growth.random.below(4);
  if (choice == 0) return growth.node(growth.random.pick({"Relu", "Tanh", "Sigmoid", "Neg"}), {x});
  if (choice == 1) return growth.node("Mul", {x, growth.row(x, -1.5, 1.5)});
  if (choice == 2) return dense(growth, x);
  return x;
}

std::int64_t any_axis(Growth& growth, ValueId x) {
  if (growth.rank(x) == 0) fail(ErrorCode::unsupported, "a scalar has no axes");
  return growth.random.below(growth.rank(x));
}

std::int64_t size(const Growth& growth, ValueId x, std::int64_t axis) {
  return growth.shape(x)[static_cast<std::size_t>(axis)];
}

}  // namespace

ValueId reshaped_and_back(Growth& growth, ValueId x) {
  const std::vector<std::int64_t> old(growth.shape(x).begin(), growth.shape(x).end());
  if (old.empty()) fail(ErrorCode::unsupported, "nothing to reshape");
  std::vector<std::int64_t> sizes = growth.random.chance(0.5) ? std::vector<std::int64_t>{-1, old.back()} : old;
  if (sizes == old) std::ranges::reverse(sizes);
  const ValueId y = in_between(growth, reshape(growth, x, sizes));
  if (growth.random.chance(0.3)) return y;
  std::vector<std::int64_t> back = old;
  back[static_cast<std::size_t>(any_axis(growth, x))] = -1;
  if (growth.random.chance(0.5)) back[0] = 0;  // as the input has it there
  return reshape(growth, y, back);
}

ValueId transposed_and_back(Growth& growth, ValueId x) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(growth.rank(x)));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::vector<std::int64_t> back = order;
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(growth.random.below(static_cast<std::int64_t>(i)))]);
  for (std::size_t i = 0; i < order.size(); ++i)
    back[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
  const ValueId y = in_between(growth, transpose(growth, x, order));
  return transpose(growth, y, growth.random.chance(0.8) ? back : order);
}

ValueId squeezed_and_back(Growth& growth, ValueId x) {
  const std::int64_t axis = growth.random.below(growth.rank(x) + 1);
  const ValueId y = in_between(growth, unsqueeze(growth, x, {axis}));
  return growth.random.chance(0.7) ? squeeze(growth, y, {axis}) : y;
}

ValueId split_and_joined(Growth& growth, ValueId x) {
  const std::int64_t axis = any_axis(growth, x);
  const std::int64_t whole = size(growth, x, axis);
  const std::int64_t first = growth.random.chance(0.6) ? whole / 2 : growth.random.below(whole + 1);
  std::vector<ValueId> parts = split(growth, x, axis, {first, whole - first});
  if (growth.random.chance(0.6)) parts[0] = in_between(growth, parts[0]);
  if (growth.random.chance(0.3)) std::swap(parts[0], parts[1]);
  return concat(growth, parts, axis);
}

ValueId flattened(Growth& growth, ValueId x) {
  if (growth.random.chance(0.3)) return growth.node("Flatten", {x}, {{"axis", any_axis(growth, x)}});
  if (growth.rank(x) < 2) fail(ErrorCode::unsupported, "flat already");
  const std::int64_t rows = size(growth, x, 0);
  const std::int64_t row = rows == 0 ? 1 : growth.contents(x).elements() / rows;
  if (growth.random.chance(0.5)) return reshape(growth, x, {-1, row});
  const ValueId count = sizes_of(growth, x, {0});
  const ValueId wide = growth.type(count) == DataType::int64 ? count : cast(growth, count, DataType::int64);
  const ValueId last = growth.integers({growth.random.chance(0.5) ? -1 : row});
  return growth.node("Reshape", {x, concat(growth, {wide, last}, 0)});
}

ValueId sliced(Growth& growth, ValueId x) {
  const std::int64_t axis = any_axis(growth, x);
  const std::int64_t from = growth.random.below(2);
  const std::int64_t to = growth.random.chance(0.5) ? size(growth, x, axis) : 3;
  return slice(growth, x, axis, from, to);
}

ValueId expanded(Growth& growth, ValueId x) {
  std::vector<std::int64_t> sizes(growth.shape(x).begin(), growth.shape(x).end());
  if (sizes.empty() || growth.random.chance(0.5)) sizes.insert(sizes.begin(), 2);
  for (std::int64_t& each : sizes)
    if (each == 1 && growth.random.chance(0.5)) each = 3;
  return growth.node("Expand", {x, growth.integers(sizes)});
}

ValueId pooled(Growth& growth, ValueId x) {
  const std::string op_type = growth.random.pick({"ReduceMean", "ReduceMean", "ReduceMax", "ReduceSum"});
  const std::int64_t axis = any_axis(growth, x);
  return reduce(growth, op_type, x, {axis}, growth.random.chance(0.3));
}

ValueId cast_and_back(Growth& growth, ValueId x) {
  const DataType between =
      growth.random.pick({growth.type(x), DataType::float64, DataType::float16, DataType::float32, DataType::int32});
  const ValueId y = in_between(growth, cast(growth, x, between));
  return cast(growth, y, growth.type(x));
}

}  // namespace ranvier::random_graphs
