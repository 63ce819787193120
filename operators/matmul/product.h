// What the matrix products share: one row by the book, and whole products by oneDNN.
#pragma once

#include <cstdint>
#include <type_traits>

#include "operators/operator.h"
#include "operators/packed_weights.h"
#include "runtime/onednn/matmul.h"

namespace ranvier::operators {

/// What sums of products of T are kept in: double for real numbers; for integers 64 bits without a sign, whose lower
/// bits are those of the sum in T that wraps around.
template <class T>
using Sum = std::conditional_t<is_floating<T>, double, std::uint64_t>;

template <class T>
Sum<T> to_sum(T element) {
  return static_cast<Sum<T>>(static_cast<Compute<T>>(element));
}

template <class T>
T from_sum(Sum<T> sum) {
  return static_cast<T>(static_cast<Compute<T>>(sum));
}

/// How a matrix lies in memory: elements from one row to the next, and from one column to the next.
struct MatrixStrides {
  std::int64_t row = 0;
  std::int64_t column = 1;
};

/// The strides of a dense matrix that has `columns` columns, or, `transposed`, that is stored as its transpose of
/// `rows` columns.
inline MatrixStrides matrix_strides(std::int64_t rows, std::int64_t columns, bool transposed) {
  return transposed ? MatrixStrides{1, rows} : MatrixStrides{columns, 1};
}

/// sums[n] = the sum over k, in order, of a[k * a_step] * b[k][n].
template <class T>
void multiply_row(const T* a, std::int64_t a_step, const T* b, MatrixStrides b_strides, std::int64_t inner,
                  std::int64_t columns, Sum<T>* sums) {
  if (b_strides.column != 1) {
    for (std::int64_t n = 0; n < columns; ++n) {
      sums[n] = 0;
      for (std::int64_t k = 0; k < inner; ++k)
        sums[n] += to_sum(a[k * a_step]) * to_sum(b[k * b_strides.row + n * b_strides.column]);
    }
    return;
  }
  for (std::int64_t n = 0; n < columns; ++n) sums[n] = 0;
  for (std::int64_t k = 0; k < inner; ++k) {
    const Sum<T> factor = to_sum(a[k * a_step]);
    const T* row = b + k * b_strides.row;
    for (std::int64_t n = 0; n < columns; ++n) sums[n] += factor * to_sum(row[n]);
  }
}

/// The constant weights as a primitive of oneDNN wants them, through settings.packed where there is one; null where it
/// takes them as they are.
template <class Primitive>
Packed packed_for(const Primitive& primitive, const TensorInfo& weights, const Settings& settings) {
  if (primitive.packed_bytes() == 0) return nullptr;
  const Tensor& tensor = *weights.value;
  const PackedWeights::Pack pack = [&](std::byte* to) { primitive.pack(static_cast<const float*>(tensor.data()), to); };
  const bool shared = settings.packed != nullptr && !primitive.packing().empty();
  return shared ? settings.packed->get(tensor, primitive.packing(), primitive.packed_bytes(), pack)
                : PackedWeights::make(tensor, primitive.packed_bytes(), pack);
}

/// A float32 product by oneDNN, its weights packed where they are constant.
class Product {
 public:
  /// `weights` are those of the problem: their contents are packed where `weights.value` is set, through
  /// settings.packed where there is one. @throws Error.
  Product(onednn::MatMulProblem problem, const TensorInfo& weights, const Settings& settings);

  std::size_t scratch_bytes() const { return product_.scratch_bytes(); }

  /// Computes it; `bias` is null where the problem has none. `weights` are not read where they are packed.
  void run(const float* source, const float* weights, const float* bias, float* destination, std::byte* scratch) const {
    product_.run(source, packed_ == nullptr ? weights : reinterpret_cast<const float*>(packed_.get()), bias,
                 destination, scratch);
  }

  /// Null where the weights are taken as they are.
  const Packed& packed() const { return packed_; }

 private:
  onednn::MatMul product_;
  Packed packed_;
};

/// The type that the first three inputs, where present, have in common. @throws Error invalid_model where they do not.
DataType type_of_all(const Spec& spec);

/// Why oneDNN does not multiply these operands; nothing where it does.
std::optional<std::string> product_refusal(const Spec& spec);

}  // namespace ranvier::operators
