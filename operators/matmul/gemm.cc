// Gemm: alpha * A * B + beta * C, with A and B transposed where the attributes say so.
// https://onnx.ai/onnx/operators/onnx__Gemm.html
#include <cmath>

#include "operators/matmul/product.h"

namespace ranvier::operators {
namespace {

struct Attributes {
  explicit Attributes(const graph::Node& node)
      : alpha(node.get<float>("alpha", 1.0f)),
        beta(node.get<float>("beta", 1.0f)),
        a_transposed(node.get<std::int64_t>("transA", 0) != 0),
        b_transposed(node.get<std::int64_t>("transB", 0) != 0) {}

  float alpha, beta;
  bool a_transposed, b_transposed;
};

struct Sizes {
  std::int64_t m, k, n;
};

Sizes sizes(const Spec& spec, const Attributes& attributes) {
  const Shape& a = spec.input(0).shape;
  const Shape& b = spec.input(1).shape;
  for (std::size_t i = 0; i < 2; ++i)
    if (spec.input(i).shape.rank() != 2)
      fail(ErrorCode::invalid_argument, "input {} has shape {}, expected two dimensions", i,
           to_string(spec.input(i).shape));
  const auto [a_rows, a_columns] = attributes.a_transposed ? std::pair(a[1], a[0]) : std::pair(a[0], a[1]);
  const auto [b_rows, b_columns] = attributes.b_transposed ? std::pair(b[1], b[0]) : std::pair(b[0], b[1]);
  if (a_columns != b_rows)
    fail(ErrorCode::invalid_argument, "shapes {}{} and {}{} do not fit: {} columns meet {} rows", to_string(a),
         attributes.a_transposed ? " transposed" : "", to_string(b), attributes.b_transposed ? " transposed" : "",
         a_columns, b_rows);
  return {a_rows, a_columns, b_columns};
}

bool broadcasts_to(const Shape& shape, const Shape& to) {
  if (shape.rank() > to.rank()) return false;
  for (std::size_t i = 1; i <= shape.rank(); ++i)
    if (const std::int64_t dim = shape[shape.rank() - i]; dim != 1 && dim != to[to.rank() - i]) return false;
  return true;
}

/// Whether integers can be multiplied by it.
bool is_whole(float factor) { return std::trunc(factor) == factor && std::abs(factor) < 9.0e18f; }

template <class T>
Sum<T> factor(float attribute) {
  if constexpr (is_floating<T>) return attribute;
  return static_cast<Sum<T>>(static_cast<std::int64_t>(attribute));
}

void check_factor(std::string_view attribute, float factor, DataType type) {
  if (is_whole(factor) || FloatTypes::set.contains(type)) return;
  fail(ErrorCode::unsupported, "attribute '{}' is {}; for elements of type {} only whole numbers are supported",
       attribute, factor, name(type));
}

void infer(Spec& spec) {
  const DataType type = type_of_all(spec);
  const Attributes attributes(spec.node());
  check_factor("alpha", attributes.alpha, type);
  check_factor("beta", attributes.beta, type);
  const auto [m, k, n] = sizes(spec, attributes);
  const Shape output = {m, n};
  if (spec.input(2).present() && !broadcasts_to(spec.input(2).shape, output))
    fail(ErrorCode::invalid_argument, "input 2 has shape {}, which does not broadcast to {}",
         to_string(spec.input(2).shape), to_string(output));
  spec.set_output(0, type, output);
}

/// Before version 7 C is broadcast only on demand.
void infer_with_broadcast_attribute(Spec& spec) {
  infer(spec);
  if (spec.node().get<std::int64_t>("broadcast", 0) == 0 && spec.input(2).shape != spec.output(0).shape)
    fail(ErrorCode::invalid_argument, "input 2 has shape {}, expected {} as attribute 'broadcast' is 0",
         to_string(spec.input(2).shape), to_string(spec.output(0).shape));
}

/// C's strides seen as the output; all 0 for a C that is absent.
MatrixStrides addend_strides(const Spec& spec) {
  if (!spec.input(2).present()) return {0, 0};
  const Shape strides = broadcast_strides(spec.input(2).shape, spec.output(0).shape);
  return {strides[0], strides[1]};
}

/// C goes into oneDNN's product where it is a row to be added as it is; else a second sweep scales and adds.
Kernel onednn_product(const Spec& spec) {
  const Attributes attributes(spec.node());
  const auto [m, k, n] = sizes(spec, attributes);
  const float alpha = attributes.alpha, beta = attributes.beta;
  const bool has_addend = spec.input(2).present();
  const MatrixStrides addend = addend_strides(spec);
  const bool bias = has_addend && alpha == 1 && beta == 1 && addend.row == 0 && (addend.column == 1 || n == 1);
  const Product product({.rows = m,
                         .inner = k,
                         .columns = n,
                         .source_transposed = attributes.a_transposed,
                         .weights_transposed = attributes.b_transposed,
                         .bias = bias},
                        spec.input(1), spec.settings());
  const bool finished = bias || (alpha == 1 && !has_addend);
  const auto run = [=, m = m, n = n](const Buffers& buffers) {
    float* to = buffers.output<float>(0);
    const float* c = has_addend ? buffers.input<float>(2) : nullptr;
    product.run(buffers.input<float>(0), buffers.input<float>(1), bias ? c : nullptr, to, buffers.scratch);
    if (finished) return;
    for (std::int64_t row = 0; row < m; ++row)
      for (std::int64_t column = 0; column < n; ++column, ++to)
        *to = alpha * *to + (has_addend ? beta * c[row * addend.row + column * addend.column] : 0.0f);
  };
  return {run, product.scratch_bytes()};
}

using GemmTypes = Joined<FloatTypes, Types<std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>>;

Kernel reference(const Spec& spec) {
  const Attributes attributes(spec.node());
  const auto [m, k, n] = sizes(spec, attributes);
  if (m == 0 || n == 0) return {[](const Buffers&) {}};
  const MatrixStrides a_strides = matrix_strides(m, k, attributes.a_transposed);
  const MatrixStrides b_strides = matrix_strides(k, n, attributes.b_transposed);
  const MatrixStrides c_strides = addend_strides(spec);
  const bool has_addend = spec.input(2).present();
  return dispatch<GemmTypes>(spec.output(0).type, [&, m = m, k = k, n = n]<class T>() -> Kernel {
    const auto alpha = factor<T>(attributes.alpha), beta = factor<T>(attributes.beta);
    const auto run = [=](const Buffers& buffers) {
      auto* sums = reinterpret_cast<Sum<T>*>(buffers.scratch);
      const T* c = has_addend ? buffers.input<T>(2) : nullptr;
      T* to = buffers.output<T>(0);
      for (std::int64_t row = 0; row < m; ++row) {
        multiply_row(buffers.input<T>(0) + row * a_strides.row, a_strides.column, buffers.input<T>(1), b_strides, k, n,
                     sums);
        for (std::int64_t column = 0; column < n; ++column) {
          Sum<T> sum = alpha * sums[column];
          if (has_addend) sum += beta * to_sum(c[row * c_strides.row + column * c_strides.column]);
          *to++ = from_sum<T>(sum);
        }
      }
    };
    return {run, byte_size(data_type_of<Sum<T>>, {n})};
  });
}

constexpr Implementation implementations[] = {{.name = "onednn", .refusal = product_refusal, .prepare = onednn_product},
                                              {.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator gemm_with_broadcast_attribute = {.inputs = {3, 3},
                                                       .types = GemmTypes::set,
                                                       .infer = infer_with_broadcast_attribute,
                                                       .implementations = implementations};

extern const Operator gemm_with_c = {
    .inputs = {3, 3}, .types = GemmTypes::set, .infer = infer, .implementations = implementations};

extern const Operator gemm = {
    .inputs = {2, 3}, .types = GemmTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
