// Dense: activation(x weights + bias), Keras' layer. The optimizer makes it of MatMul, Gemm, Add and the activations.
#include "operators/matmul/dense.h"

#include <algorithm>
#include <array>

#include "operators/activation/kernels.h"
#include "operators/matmul/dense_kernels.h"
#include "operators/matmul/product.h"
#include "operators/parallel.h"

namespace ranvier::operators {

std::optional<Epilogue> epilogue_of(const graph::Node& node) {
  if (node.inputs.size() != 1 || node.outputs.size() != 1) return std::nullopt;
  const std::string op = node.domain.empty() ? node.op_type : node.domain + "." + node.op_type;
  if (op == "Gelu") {
    const auto approximate = node.get<std::string>("approximate", "none");
    if (approximate == "tanh") return Epilogue{Activation::gelu_tanh, {}};
    if (approximate != "none") return std::nullopt;
  }
  if (op == "Selu" && node.version < 6) return std::nullopt;    // other defaults
  if (op == "Clip" && node.version >= 11) return std::nullopt;  // the bounds are inputs: without any, infinities pass
  for (const ActivationRow& row : activations()) {
    if (row.onnx != op) continue;
    Epilogue epilogue{row.activation, {}};
    for (const Parameter& parameter : row.parameters)
      epilogue.parameters.push_back(node.get<float>(parameter.name, static_cast<float>(parameter.otherwise)));
    return epilogue;
  }
  return std::nullopt;
}

namespace {

std::array<float, 3> kernel_parameters(const Epilogue& epilogue) {
  std::array<float, 3> parameters{};
  std::copy_n(epilogue.parameters.begin(), std::min(epilogue.parameters.size(), parameters.size()), parameters.begin());
  return parameters;
}

}  // namespace

const char* refusal(const Epilogue& epilogue) {
  return activation_kernels()[epilogue.activation].refusal(kernel_parameters(epilogue).data());
}

Epilogue epilogue_in(const graph::Node& dense) {
  const auto name = dense.get<std::string>("activation", "linear");
  const auto row =
      std::find_if(activations().begin(), activations().end(), [&](auto& each) { return each.name == name; });
  if (row == activations().end()) fail(ErrorCode::invalid_model, "attribute 'activation' is '{}', which is none", name);
  return {row->activation, dense.get<std::vector<float>>("activation_parameters", {})};
}

void set_epilogue(graph::Node& node, const Epilogue& epilogue) {
  node.attributes["activation"] = std::string(describe(epilogue.activation).name);
  if (!epilogue.parameters.empty()) node.attributes["activation_parameters"] = epilogue.parameters;
}

namespace {

bool transposed(const Spec& spec) { return spec.node().get<std::int64_t>("transB", 0) != 0; }

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
      transposed(spec) ? std::pair(weights[1], weights[0]) : std::pair(weights[0], weights[1]);
  if (x.back() != inner)
    fail(ErrorCode::invalid_argument, "shapes {} and {}{} do not fit: {} columns meet {} rows", to_string(x),
         to_string(weights), transposed(spec) ? " transposed" : "", x.back(), inner);
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

/// The activation, over elements that have just been written.
class Activated {
 public:
  explicit Activated(const Epilogue& epilogue) : parameters_(kernel_parameters(epilogue)) {
    if (epilogue.activation != Activation::linear) run_ = activation_kernels()[epilogue.activation].run;
  }

  void operator()(float* y, std::size_t count) const {
    if (run_ != nullptr) run_(y, y, count, parameters_.data());
  }

 private:
  void (*run_)(const float*, float*, std::size_t, const float*) = nullptr;
  std::array<float, 3> parameters_;
};

std::optional<std::string> kernel_refusal(const Spec& spec) {
  if (auto reason = product_refusal(spec)) return reason;
  if (const char* reason = refusal(epilogue_in(spec.node()))) return reason;
  return std::nullopt;
}

/// Rows farther apart than this are read from farther than the nearest cache: oneDNN, which lays them out anew, was
/// measured faster from a few rows on.
constexpr std::int64_t most_inner = 512;
constexpr std::int64_t few_rows = 4;

/// So many times the weights' own memory is no matter, unless they are large.
constexpr std::int64_t few_times = 4;
constexpr std::int64_t most_inner_of_few_columns = 65536;

std::optional<std::string> simd_refusal(const Spec& spec) {
  if (auto reason = kernel_refusal(spec)) return reason;
  if (spec.input(1).value == nullptr || (spec.input(2).present() && spec.input(2).value == nullptr))
    return "weights that are not the same in every run";
  const Sizes sizes = sizes_of(spec);
  if (sizes.rows > few_rows && sizes.inner > most_inner)
    return fmt::format("{} rows of {} elements: oneDNN was measured faster", sizes.rows, sizes.inner);
  const auto width = static_cast<std::int64_t>(dense_kernels().panel_width);
  if (sizes.columns < width / few_times && sizes.inner > most_inner_of_few_columns)
    return fmt::format("{} columns of {} weights would be filled up to {}", sizes.columns, sizes.inner, width);
  return std::nullopt;
}

/// Writes the weights as DenseWeights has them.
void pack(const float* weights, const Sizes& sizes, bool transposed, std::int64_t width, float* to) {
  const MatrixStrides strides = matrix_strides(sizes.inner, sizes.columns, transposed);
  for (std::int64_t column = 0; column < sizes.columns; column += width) {
    const std::int64_t count = std::min(width, sizes.columns - column);
    for (std::int64_t k = 0; k < sizes.inner; ++k, to += width) {
      const float* from = weights + k * strides.row + column * strides.column;
      if (strides.column == 1) {
        std::copy_n(from, count, to);
      } else {
        for (std::int64_t i = 0; i < count; ++i) to[i] = from[i * strides.column];
      }
      std::fill(to + count, to + width, 0.0f);
    }
  }
}

Kernel simd(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  const DenseKernels kernels = dense_kernels();
  const std::size_t width = kernels.panel_width;
  const auto inner = static_cast<std::size_t>(sizes.inner), columns = static_cast<std::size_t>(sizes.columns);
  const std::size_t padded = (columns + width - 1) / width * width;
  const Tensor& weights = *spec.input(1).value;
  const bool from_transposed = transposed(spec);
  const PackedWeights::Pack write = [&](std::byte* to) {
    pack(static_cast<const float*>(weights.data()), sizes, from_transposed, static_cast<std::int64_t>(width),
         reinterpret_cast<float*>(to));
  };
  const std::string layout = fmt::format("panels of {}{}", width, from_transposed ? " of the transpose" : "");
  const std::size_t bytes = padded * inner * sizeof(float);
  PackedWeights* shared = spec.settings().packed;
  const Packed packed =
      shared != nullptr ? shared->get(weights, layout, bytes, write) : PackedWeights::make(weights, bytes, write);
  const auto addends = std::make_shared<std::vector<float>>(padded);
  if (spec.input(2).present())
    std::copy_n(static_cast<const float*>(spec.input(2).value->data()), columns, addends->begin());
  const auto rows = static_cast<std::size_t>(sizes.rows);
  const double nanoseconds =
      0.01 * static_cast<double>(rows * inner * padded) + 0.3 * static_cast<double>(rows * columns);
  const std::size_t parts =
      std::min(parts_for(spec.settings(), nanoseconds), (rows + kernels.tile_rows - 1) / kernels.tile_rows);
  // Rows whose elements stay near for the activation.
  const std::size_t together =
      std::max<std::size_t>(1, 32768 / (inner + columns) / kernels.tile_rows) * kernels.tile_rows;
  return {[=, multiply = kernels.multiply, activated = Activated(epilogue_in(spec.node())),
           pool = spec.settings().pool](const Buffers& buffers) {
    const DenseWeights dense{inner, columns, reinterpret_cast<const float*>(packed.get()), addends->data()};
    const float* x = buffers.input<float>(0);
    float* y = buffers.output<float>(0);
    parallel_for(pool, parts, [&](std::size_t part) noexcept {
      const std::size_t last = rows * (part + 1) / parts;
      for (std::size_t row = rows * part / parts; row < last; row += together) {
        const std::size_t count = std::min(together, last - row);
        multiply(dense, x + row * inner, y + row * columns, count);
        activated(y + row * columns, count * columns);
      }
    });
  }};
}

Kernel onednn_product(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  const bool bias = spec.input(2).present();
  const Product product({.rows = sizes.rows,
                         .inner = sizes.inner,
                         .columns = sizes.columns,
                         .weights_transposed = transposed(spec),
                         .bias = bias},
                        spec.input(1), spec.settings());
  const std::int64_t count = sizes.rows * sizes.columns;
  const std::size_t parts = parts_for(spec.settings(), 0.3 * static_cast<double>(count));
  const auto run = [=, activated = Activated(epilogue_in(spec.node())),
                    pool = spec.settings().pool](const Buffers& buffers) {
    float* y = buffers.output<float>(0);
    product.run(buffers.input<float>(0), buffers.input<float>(1), bias ? buffers.input<float>(2) : nullptr, y,
                buffers.scratch);
    parallel_for_pieces(pool, parts, count, [&](std::int64_t first, std::int64_t last) noexcept {
      activated(y + first, static_cast<std::size_t>(last - first));
    });
  };
  return {run, product.scratch_bytes()};
}

Kernel reference(const Spec& spec) {
  const Sizes sizes = sizes_of(spec);
  if (spec.output(0).shape.elements() == 0) return {[](const Buffers&) {}};
  const MatrixStrides strides = matrix_strides(sizes.inner, sizes.columns, transposed(spec));
  const Epilogue after = epilogue_in(spec.node());
  const std::vector<double> parameters(after.parameters.begin(), after.parameters.end());
  return dispatch<FloatTypes>(spec.input(0).type, [&]<class T>() -> Kernel {
    const auto run = [=, activation = after.activation, has_bias = spec.input(2).present()](const Buffers& buffers) {
      auto* sums = reinterpret_cast<Sum<T>*>(buffers.scratch);
      const T* bias = has_bias ? buffers.input<T>(2) : nullptr;
      T* to = buffers.output<T>(0);
      for (std::int64_t row = 0; row < sizes.rows; ++row) {
        multiply_row(buffers.input<T>(0) + row * sizes.inner, 1, buffers.input<T>(1), strides, sizes.inner,
                     sizes.columns, sums);
        for (std::int64_t column = 0; column < sizes.columns; ++column) {
          const Sum<T> sum = bias == nullptr ? sums[column] : sums[column] + to_sum(bias[column]);
          *to++ = from_sum<T>(operators::reference(activation, sum, parameters));
        }
      }
    };
    return {run, byte_size(data_type_of<Sum<T>>, {sizes.columns})};
  });
}

constexpr Implementation implementations[] = {{.name = "simd", .refusal = simd_refusal, .prepare = simd},
                                              {.name = "onednn", .refusal = kernel_refusal, .prepare = onednn_product},
                                              {.name = "reference", .prepare = reference}};

}  // namespace

extern const Operator dense = {
    .inputs = {2, 3}, .types = FloatTypes::set, .infer = infer, .implementations = implementations};

}  // namespace ranvier::operators
