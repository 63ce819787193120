// Dense: activation(x weights + bias), Keras' layer. The optimizer makes it of MatMul, Gemm, Add and the activations.
#include "operators/matmul/dense.h"

#include <algorithm>

#include "operators/activation/epilogue.h"
#include "operators/by_rows.h"
#include "operators/matmul/dense_kernels.h"
#include "operators/matmul/product.h"
#include "operators/parallel.h"

namespace ranvier::operators {
namespace {

bool transposed(const graph::Node& node) { return node.get<std::int64_t>("transB", 0) != 0; }

struct Sizes {
  std::int64_t rows, inner, columns;
};

Sizes sizes_of(const Spec& spec) {
  const Shape& x = spec.input(0).shape;
  const Shape& weights = spec.input(1).shape;
  if (x.empty() || weights.rank() != 2)
    fail(ErrorCode::invalid_argument, "inputs 0 and 1 have shapes {} and {}, expected rows and a matrix", to_string(x),
         to_string(weights));
  const auto [inner, columns] =
      transposed(spec.node()) ? std::pair(weights[1], weights[0]) : std::pair(weights[0], weights[1]);
  if (x.back() != inner)
    fail(ErrorCode::invalid_argument, "shapes {} and {}{} do not fit: {} columns meet {} rows", to_string(x),
         to_string(weights), transposed(spec.node()) ? " transposed" : "", x.back(), inner);
  if (spec.input(2).present() && spec.input(2).shape != Shape{columns})
    fail(ErrorCode::invalid_argument, "input 2 has shape {}, expected {}", to_string(spec.input(2).shape),
         to_string(Shape{columns}));
  return {product(x, 0, x.rank() - 1), inner, columns};
}

void infer(Spec& spec) {
  const DataType type = type_of_all(spec);
  epilogue_in(spec.node());
  Shape output = spec.input(0).shape;
  const Sizes sizes = sizes_of(spec);
  output[output.rank() - 1] = sizes.columns;
  spec.set_output(0, type, output);
}

std::optional<std::string> onednn_refusal(const Spec& spec) {
  if (auto reason = product_refusal(spec)) return reason;
  if (const char* reason = refusal(epilogue_in(spec.node()))) return reason;
  return std::nullopt;
}

/// What reading one weight from memory takes, at least.
constexpr double weight_nanoseconds = 0.05;

/// So many times the weights' own memory is no matter, unless they are large.
constexpr std::int64_t few_times = 4;
constexpr std::int64_t most_inner_of_few_columns = 65536;

/// Does not depend on the rows of x.
std::optional<std::string> simd_refusal(const Spec& spec) {
  if (const DataType type = spec.input(0).type; type != DataType::float32)
    return fmt::format("elements of type {}; the kernels are for float", name(type));
  if (const char* reason = refusal(epilogue_in(spec.node()))) return reason;
  if (spec.input(1).value == nullptr || (spec.input(2).present() && spec.input(2).value == nullptr))
    return "weights that are not the same in every run";
  const Sizes sizes = sizes_of(spec);
  if (sizes.inner == 0 || sizes.columns == 0)
    return fmt::format("weights of shape {} have no elements", to_string(spec.input(1).shape));
  const auto width = static_cast<std::int64_t>(dense_kernels().panel_width);
  if (sizes.columns < width / few_times && sizes.inner > most_inner_of_few_columns)
    return fmt::format("{} columns of {} weights would be filled up to {}", sizes.columns, sizes.inner, width);
  return std::nullopt;
}

Panels panels_of_kernels(const graph::Node& node) {
  return {.axis = transposed(node) ? 0u : 1u, .width = static_cast<std::int64_t>(dense_kernels().panel_width)};
}

/// The weights cut into panels: as they lie, where they lie so, else through settings.packed where there is one.
Packed packed_weights(const Spec& spec, const Panels& panels) {
  const Tensor& weights = *spec.input(1).value;
  if (const Panels* own = panels_of(weights); own != nullptr && *own == panels) {
    auto kept = std::make_shared<const Tensor>(weights);
    const auto* data = static_cast<const std::byte*>(kept->data());
    return {std::move(kept), data};
  }
  const Tensor matrix = as_dense(weights);
  const PackedWeights::Pack cut = [&](std::byte* to) {
    panels.cut(matrix.values<float>().data(), matrix.shape(), reinterpret_cast<float*>(to));
  };
  const std::size_t bytes = panels.elements(matrix.shape()) * sizeof(float);
  const std::string layout = fmt::format("panels of {} along {}", panels.width, panels.axis);
  PackedWeights* const shared = spec.settings().packed;
  return shared != nullptr ? shared->get(matrix, layout, bytes, cut) : PackedWeights::make(matrix, bytes, cut);
}

Kernel simd(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  const DenseKernels kernels = dense_kernels();
  const std::size_t width = kernels.panel_width;
  const auto inner = static_cast<std::size_t>(sizes.inner), columns = static_cast<std::size_t>(sizes.columns);
  const std::size_t padded = (columns + width - 1) / width * width;
  const Packed packed = packed_weights(spec, panels_of_kernels(spec.node()));
  const auto addends = std::make_shared<std::vector<float>>(padded);
  if (spec.input(2).present())
    std::copy_n(static_cast<const float*>(spec.input(2).value->data()), columns, addends->begin());
  const auto rows = static_cast<std::size_t>(sizes.rows);
  // Relu costs nothing where the sums are at hand; other activations follow while the rows are near.
  Epilogue after = epilogue_in(spec.node());
  DenseWeights dense{inner, columns, columns, reinterpret_cast<const float*>(packed.get()), addends->data()};
  if (name(after) == "relu") {
    dense.least = 0;
    after = {};
  }
  const Activated activated(after, columns);
  const std::size_t near = std::max<std::size_t>(6, 32768 / (inner + columns) / kernels.tile_rows) * kernels.tile_rows;
  const std::size_t together = activated.does_nothing() ? rows : std::min(rows, near);
  const double nanoseconds =
      std::max(0.01 * static_cast<double>(rows), weight_nanoseconds) * static_cast<double>(inner * padded) +
      0.3 * static_cast<double>(rows * columns);
  const std::size_t scratch_bytes = kernels.scratch_bytes(inner, together);
  Kernel kernel = by_rows(
      spec, {.count = rows, .together = kernels.tile_rows, .nanoseconds = nanoseconds, .scratch_bytes = scratch_bytes},
      [=, kept = std::pair(packed, addends), multiply = kernels.multiply](const Buffers& buffers,
                                                                          std::size_t count) noexcept {
        const float* x = buffers.input<float>(0);
        float* y = buffers.output<float>(0);
        for (std::size_t row = 0; row < count; row += together) {
          const std::size_t some = std::min(together, count - row);
          multiply(dense, x + row * inner, y + row * columns, some, buffers.scratch);
          activated(y + row * columns, some * columns);
        }
      });
  const Parts parts = parts_for(spec.settings(), nanoseconds).at_most(padded / width);
  // Of few rows the columns are shared out, so that no weight is read by two threads; of more where that is far away.
  const bool far = inner * padded * sizeof(float) > std::size_t{1} << 20;
  if (rows > (far ? 6 : 1) * kernels.tile_rows || parts.count < 2 || activated.unit() > 1) return kernel;
  kernel.run = [=, kept = std::pair(packed, addends), multiply = kernels.multiply,
                pool = spec.settings().pool](const Buffers& buffers) {
    parallel_for(pool, parts, [&](std::size_t part) noexcept {
      const std::size_t first = padded / width * part / parts.count * width;
      const std::size_t count = std::min(columns, padded / width * (part + 1) / parts.count * width) - first;
      DenseWeights some = dense;
      some.columns = count;
      some.panels += first * inner;
      some.addends += first;
      float* y = buffers.output<float>(0) + first;
      multiply(some, buffers.input<float>(0), y, rows, buffers.scratch + part * scratch_bytes);
      for (std::size_t row = 0; row < rows; ++row) activated(y + row * columns, count);
    });
  };
  kernel.scratch_bytes = parts.count * scratch_bytes;
  return kernel;
}

Kernel onednn_product(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  const bool bias = spec.input(2).present();
  const Product product({.rows = sizes.rows,
                         .inner = sizes.inner,
                         .columns = sizes.columns,
                         .weights_transposed = transposed(spec.node()),
                         .bias = bias},
                        spec.input(1), spec.settings());
  const std::int64_t count = sizes.rows * sizes.columns;
  const Parts parts = parts_for(spec.settings(), 0.3 * static_cast<double>(count));
  const Activated activated(epilogue_in(spec.node()), static_cast<std::size_t>(sizes.columns));
  const auto unit = static_cast<std::int64_t>(activated.unit());
  const auto run = [=, pool = spec.settings().pool](const Buffers& buffers) {
    float* y = buffers.output<float>(0);
    product.run(buffers.input<float>(0), buffers.input<float>(1), bias ? buffers.input<float>(2) : nullptr, y,
                buffers.scratch);
    parallel_for_pieces(pool, parts, count / unit, [&](std::int64_t first, std::int64_t last) noexcept {
      activated(y + first * unit, static_cast<std::size_t>((last - first) * unit));
    });
  };
  return {run, product.scratch_bytes()};
}

Kernel reference(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  if (spec.output(0).shape.elements() == 0) return {[](const Buffers&) {}};
  const MatrixStrides strides = matrix_strides(sizes.inner, sizes.columns, transposed(spec.node()));
  const Epilogue after = epilogue_in(spec.node());
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const auto run = [=, has_bias = spec.input(2).present()](const Buffers& buffers) {
      auto* sums = reinterpret_cast<Sum<T>*>(buffers.scratch);
      const T* bias = has_bias ? buffers.input<T>(2) : nullptr;
      T* to = buffers.output<T>(0);
      for (std::int64_t row = 0; row < sizes.rows; ++row) {
        multiply_row(buffers.input<T>(0) + row * sizes.inner, 1, buffers.input<T>(1), strides, sizes.inner,
                     sizes.columns, sums);
        for (std::int64_t column = 0; bias != nullptr && column < sizes.columns; ++column)
          sums[column] += to_sum(bias[column]);
        apply_reference(after, {sums, static_cast<std::size_t>(sizes.columns)});
        for (std::int64_t column = 0; column < sizes.columns; ++column) *to++ = from_sum<T>(sums[column]);
      }
    };
    return {run, byte_size(data_type_of<Sum<T>>, {sizes.columns})};
  });
}

constexpr Implementation implementations[] = {
    {.name = "simd", .refusal = simd_refusal, .prepare = simd, .takes_panels = true},
    {.name = "onednn", .refusal = onednn_refusal, .prepare = onednn_product},
    {.name = "reference", .prepare = reference}};

}  // namespace

std::optional<Panels> panels_wanted(const graph::Graph& graph, const graph::Node& node) {
  if (node.op_type != "Dense" || node.domain != "ranvier" || node.inputs.size() < 2) return std::nullopt;
  const Tensor* weights = graph.constant(node.inputs[1]);
  if (weights == nullptr || weights->shape().rank() != 2) return std::nullopt;
  std::vector<TensorInfo> inputs = {{weights->type(), Shape{1, weights->shape()[transposed(node) ? 1 : 0]}},
                                    {weights->type(), weights->shape(), weights}};
  if (node.inputs.size() > 2 && node.inputs[2] != graph::none) {
    const Tensor* bias = graph.constant(node.inputs[2]);
    if (bias == nullptr) return std::nullopt;
    inputs.push_back({bias->type(), bias->shape(), bias});
  }
  if (simd_refusal(Spec(node, std::move(inputs)))) return std::nullopt;
  return panels_of_kernels(node);
}

extern const Operator dense = {
    .inputs = {2, 3}, .types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
