// MatMul: products of matrices, or of stacks of them that broadcast, as numpy.matmul.
// https://onnx.ai/onnx/operators/onnx__MatMul.html
#include "operators/elementwise/broadcast.h"
#include "operators/matmul/product.h"

namespace ranvier::operators {
namespace {

/// Stacks of M x K and K x N matrices.
struct Stacks {
  Shape a, b, both;  ///< The shapes of the stacks of input 0, of input 1, and of the output.
  std::int64_t m = 1, k = 1, n = 1;
};

/// The dimensions before a matrix' own two.
Shape stack(const Shape& shape) {
  return shape.rank() > 2 ? Shape(std::span(shape.begin(), shape.rank() - 2)) : Shape();
}

/// A vector is a row on the left and a column on the right.
Stacks stacks(const Spec& spec) {
  const Shape& a = spec.input(0).shape;
  const Shape& b = spec.input(1).shape;
  for (std::size_t i = 0; i < 2; ++i)
    if (spec.input(i).shape.empty())
      fail(ErrorCode::invalid_argument, "input {} is a scalar, expected at least one dimension", i);
  Stacks result{.a = stack(a), .b = stack(b), .both = {}, .m = 1, .k = a.back(), .n = 1};
  if (a.rank() > 1) result.m = a[a.rank() - 2];
  if (b.rank() > 1) result.n = b.back();
  const std::int64_t k = b.rank() > 1 ? b[b.rank() - 2] : b.back();
  if (result.k != k)
    fail(ErrorCode::invalid_argument, "shapes {} and {} do not fit: {} columns meet {} rows", to_string(a),
         to_string(b), result.k, k);
  const Shape shapes[] = {result.a, result.b};
  result.both = broadcast(shapes);
  return result;
}

void infer(Spec& spec) {
  if (spec.input(0).type != spec.input(1).type)
    fail(ErrorCode::invalid_model, "inputs 0 and 1 have types {} and {}, expected the same", name(spec.input(0).type),
         name(spec.input(1).type));
  const Stacks sizes = stacks(spec);
  Shape output = sizes.both;
  if (spec.input(0).shape.rank() > 1) output.push_back(sizes.m);
  if (spec.input(1).shape.rank() > 1) output.push_back(sizes.n);
  spec.set_output(0, spec.input(0).type, output);
}

/// Calls `multiply(a, b, out)` with the offsets, counted in matrices, of each product.
template <class Multiply>
void for_each_product(const Broadcast<2>& walk, const Multiply& multiply) {
  walk.for_each_row([&](std::int64_t to, const auto& from, std::int64_t count, const auto& step) {
    for (std::int64_t i = 0; i < count; ++i) multiply(from[0] + i * step[0], from[1] + i * step[1], to + i);
  });
}

/// One product where the weights are one matrix (all rows of all matrices on the left then follow each other), one
/// batch where none of the stacks is repeated, else one product after the other.
Kernel onednn_products(const Spec& spec) {
  const Stacks sizes = stacks(spec);
  const std::int64_t count = sizes.both.elements();
  const std::int64_t rows = spec.output(0).shape.elements() / sizes.n;
  onednn::MatMulProblem problem{.rows = sizes.m, .inner = sizes.k, .columns = sizes.n};
  Broadcast<2> walk({Shape(), Shape()}, Shape());
  if (sizes.b.elements() == 1) {
    problem.rows = rows;
  } else if (sizes.a.elements() == count && sizes.b.elements() == count) {
    problem.batch = count;
  } else {
    walk = Broadcast<2>({sizes.a, sizes.b}, sizes.both);
  }
  const bool looped = problem.batch * problem.rows < rows;
  const TensorInfo variable{spec.input(1).type, spec.input(1).shape, nullptr};
  const Product product(problem, looped ? variable : spec.input(1), spec.settings());
  const std::int64_t a_size = sizes.m * sizes.k, b_size = sizes.k * sizes.n, size = sizes.m * sizes.n;
  const auto run = [=](const Buffers& buffers) {
    for_each_product(walk, [&](std::int64_t a, std::int64_t b, std::int64_t out) {
      product.run(buffers.input<float>(0) + a * a_size, buffers.input<float>(1) + b * b_size, nullptr,
                  buffers.output<float>(0) + out * size, buffers.scratch);
    });
  };
  return {run, product.scratch_bytes()};
}

using MatMulTypes = Joined<FloatTypes, Types<std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>>;

Kernel reference(const Spec& spec) {
  const Stacks sizes = stacks(spec);
  if (spec.output(0).shape.elements() == 0) return {[](const Buffers&) {}};
  const Broadcast<2> walk({sizes.a, sizes.b}, sizes.both);
  const std::int64_t m = sizes.m, k = sizes.k, n = sizes.n;
  return dispatch<MatMulTypes>(spec.output(0).type, [&]<class T>() -> Kernel {
    const auto run = [=](const Buffers& buffers) {
      auto* sums = reinterpret_cast<Sum<T>*>(buffers.scratch);
      for_each_product(walk, [&](std::int64_t a, std::int64_t b, std::int64_t out) {
        for (std::int64_t row = 0; row < m; ++row) {
          const T* left = buffers.input<T>(0) + (a * m + row) * k;
          T* to = buffers.output<T>(0) + (out * m + row) * n;
          multiply_row(left, 1, buffers.input<T>(1) + b * k * n, matrix_strides(k, n, false), k, n, sums);
          for (std::int64_t i = 0; i < n; ++i) to[i] = from_sum<T>(sums[i]);
        }
      });
    };
    return {run, byte_size(data_type_of<Sum<T>>, {n})};
  });
}

constexpr Implementation implementations[] = {
    {.name = "onednn", .refusal = product_refusal, .prepare = onednn_products},
    {.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator matmul = {
    .inputs = {2, 2}, .types = MatMulTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
