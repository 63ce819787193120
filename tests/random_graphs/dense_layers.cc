// Dense as exporters write it: a product, a Gemm, and what TensorFlow's tensordot is made of.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/random_graphs/layers.h"
#include "tests/random_graphs/vocabulary.h"

namespace ranvier::random_graphs {
namespace {

struct Sizes {
  std::int64_t inner = 0;
  std::int64_t columns = 0;
};

/// Numbers that keep the size of what they are multiplied with.
ValueId weights(Growth& growth, const Shape& shape, ValueId x) {
  if (growth.random.chance(0.05)) {  // those of another layer
    const std::vector<ValueId> same = growth.constants_of(growth.type(x), shape);
    if (!same.empty()) return growth.random.pick(same);
  }
  const double reach = 1.7 / std::sqrt(static_cast<double>(std::max<std::int64_t>(shape[0], 1)));
  return growth.numbers(shape, -reach, reach, x);
}

/// [inner, columns], a constant or computed from one.
ValueId matrix(Growth& growth, const Sizes& sizes, ValueId x) {
  if (growth.random.chance(0.8)) return weights(growth, {sizes.inner, sizes.columns}, x);
  if (growth.random.chance(0.1)) return weights(growth, {1, sizes.inner, sizes.columns}, x);
  return transpose(growth, weights(growth, {sizes.columns, sizes.inner}, x), {1, 0});
}

ValueId gemm(Growth& growth, ValueId x, const Sizes& sizes) {
  Random& random = growth.random;
  Attributes attributes;
  const bool transposed = random.chance(0.5);
  if (transposed) attributes["transB"] = std::int64_t{1};
  if (random.chance(0.3)) attributes["alpha"] = random.pick({0.5f, 1.0f, 2.0f});
  if (random.chance(0.3)) attributes["beta"] = random.pick({0.5f, 1.0f, 0.0f});
  std::vector<ValueId> inputs = {x};
  inputs.push_back(transposed ? weights(growth, {sizes.columns, sizes.inner}, x)
                              : weights(growth, {sizes.inner, sizes.columns}, x));
  const std::int64_t rows = growth.shape(x)[0], columns = sizes.columns;
  if (growth.habits.opset < 11 || random.chance(0.8)) {
    const Shape shape = random.pick({Shape{columns}, {columns}, {1, columns}, {}, {1}, {rows, 1}, {rows, columns}});
    inputs.push_back(growth.numbers(shape, -1, 1, x));
  }
  if (random.chance(0.1)) {
    inputs[0] = transpose(growth, x, {1, 0});
    attributes["transA"] = std::int64_t{1};
  }
  return growth.node("Gemm", inputs, attributes);
}

/// The dimensions of x, but for the last, which is `columns`; sometimes not quite.
ValueId restored_sizes(Growth& growth, ValueId x, std::int64_t columns) {
  Random& random = growth.random;
  const std::int64_t rank = growth.rank(x);
  std::vector<std::int64_t> axes(static_cast<std::size_t>(rank - 1));
  std::iota(axes.begin(), axes.end(), std::int64_t{0});
  if (random.chance(0.2)) {  // numbers, of which one may be open
    std::vector<std::int64_t> sizes(growth.shape(x).begin(), growth.shape(x).end() - 1);
    sizes.push_back(columns);
    if (random.chance(0.1)) std::swap(sizes.front(), sizes[sizes.size() / 2]);
    if (random.chance(0.7)) sizes[static_cast<std::size_t>(random.below(rank))] = -1;
    return growth.integers(sizes);
  }
  if (random.chance(0.05)) std::swap(axes.front(), axes.back());
  const ValueId source = random.chance(0.1) ? growth.any_value() : x;
  const ValueId leading = sizes_of(growth, source, axes);
  const std::int64_t last = random.chance(0.2) ? -1 : columns;
  const ValueId end = growth.type(leading) == DataType::int64
                          ? growth.integers({last})
                          : growth.constant(Tensor::of<std::int32_t>({1}, {static_cast<std::int32_t>(last)}));
  const ValueId sizes = concat(growth, {leading, end}, 0);
  return growth.type(sizes) == DataType::int64 ? sizes : cast(growth, sizes, DataType::int64);
}

/// Rows are flattened before the product, and their dimensions restored after.
ValueId tensordot(Growth& growth, ValueId x, Sizes sizes) {
  const bool halved = sizes.inner % 2 == 0 && growth.random.chance(0.1);  // two rows of each
  const ValueId restored = restored_sizes(growth, x, halved ? 2 * sizes.columns : sizes.columns);
  if (halved) sizes.inner /= 2;
  const ValueId rows = reshape(growth, x, {-1, sizes.inner});
  const ValueId by = matrix(growth, sizes, x);
  ValueId product = growth.node("MatMul", {rows, by});
  if (growth.random.chance(0.2)) product = growth.node("Add", {product, growth.row(product, -1, 1)});
  return growth.node("Reshape", {product, restored});
}

ValueId product(Growth& growth, ValueId x, const Sizes& sizes) {
  const auto kind = growth.random.below(10);
  if (kind < 3 && growth.rank(x) == 2) return gemm(growth, x, sizes);
  if ((kind < 6 && growth.rank(x) > 2) || (kind == 6 && growth.rank(x) == 2)) return tensordot(growth, x, sizes);
  if (kind == 7 && growth.random.chance(0.3) && growth.rank(x) > 1) {  // the weights in front
    const std::int64_t rows = growth.shape(x)[static_cast<std::size_t>(growth.rank(x) - 2)];
    const ValueId in_front = weights(growth, {sizes.columns, rows}, x);
    return growth.node("MatMul", {in_front, x});
  }
  const ValueId by = matrix(growth, sizes, x);
  return growth.node("MatMul", {x, by});
}

}  // namespace

ValueId dense(Growth& growth, ValueId x) {
  if (growth.shape(x).empty()) fail(ErrorCode::unsupported, "a scalar has no rows");
  Random& random = growth.random;
  std::int64_t columns = random.chance(0.1) ? random.pick({16, 17, 33}) : 1 + random.below(8);
  if (random.chance(0.2)) columns = random.pick(growth.shape(x));
  const ValueId y = product(growth, x, {growth.shape(x).back(), columns});
  if (random.chance(0.3)) return y;
  const ValueId bias = growth.row(y, -1, 1);
  const std::vector<ValueId> operands = random.chance(0.5) ? std::vector{y, bias} : std::vector{bias, y};
  return growth.node("Add", operands);
}

}  // namespace ranvier::random_graphs
