// Matrix products by oneDNN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace ranvier::onednn {

/// destination[b] = source[b] x weights[b] + bias for each b of the batch: float32, every matrix dense, the matrices
/// of a batch one after the other. All sizes are at least 1.
struct MatMulProblem {
  std::int64_t batch = 1;
  std::int64_t rows = 1;            ///< M: of source and destination.
  std::int64_t inner = 1;           ///< K: columns of source, rows of weights.
  std::int64_t columns = 1;         ///< N: of weights and destination.
  bool source_transposed = false;   ///< Each source matrix lies in memory as K rows of M.
  bool weights_transposed = false;  ///< Each weight matrix lies in memory as N rows of K.
  bool bias = false;                ///< N numbers are added to every row.
  bool constant_weights = false;    ///< The weights are the same in every run: oneDNN may choose their layout.
  int threads = 1;                  ///< At most this many; small problems take one.
};

/// A product made ready: the code is generated, nothing is left to choose. A handle; copies share it.
///
/// oneDNN chooses its kernels and blocks by the whole problem, so a row's bits may depend on the number of rows, the
/// layout of the weights and the threads. NaN and infinity come out as IEEE arithmetic has them.
class MatMul {
 public:
  /// @throws Error unsupported, out_of_memory, internal.
  explicit MatMul(const MatMulProblem& problem);

  /// The working memory of one run.
  std::size_t scratch_bytes() const;

  /// The size of the weights in the layout that run() wants; 0: it takes them as they are.
  std::size_t packed_bytes() const;
  /// Names how pack() lays out the weights: equal names for the same weights give equal bytes. "" where packed_bytes()
  /// is 0, or where the layout has no name.
  const std::string& packing() const;
  /// Writes packed_bytes() bytes, aligned to 64. @throws Error.
  void pack(const float* weights, std::byte* packed) const;

  /// Computes the product. `weights` are packed where packed_bytes() is not 0; `bias` is null where the problem has
  /// none; `scratch` is aligned to 64. Any number of threads may call it at once; up to 16 at a time reuse oneDNN's
  /// argument objects, which are made on each one's first run; beyond that oneDNN allocates some small blocks of its
  /// own in every run. @throws Error internal, out_of_memory.
  void run(const float* source, const float* weights, const float* bias, float* destination, std::byte* scratch) const;

  /// The name of oneDNN's implementation ("brg:avx512_core").
  std::string implementation() const;
  /// The threads that run() uses, the caller's included.
  int threads() const;

 private:
  struct Parts;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace ranvier::onednn
