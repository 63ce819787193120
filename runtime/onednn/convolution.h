// Convolutions by oneDNN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ranvier::onednn {

/// One image of groups x channels, each of `size` elements, becomes groups x outputs of `output` elements: float32,
/// all dense and row-major, the weights as outputs of all groups x channels of one x kernel. The lists have one number
/// for each of 1 to 3 dimensions. All sizes are at least 1.
struct ConvolutionProblem {
  std::int64_t groups = 1;
  std::int64_t channels = 1;  ///< Of one group.
  std::int64_t outputs = 1;   ///< Of one group.
  std::vector<std::int64_t> size = {};
  std::vector<std::int64_t> kernel = {};
  std::vector<std::int64_t> strides = {};
  std::vector<std::int64_t> dilations = {};  ///< 1: the elements of a window follow each other.
  std::vector<std::int64_t> before = {};     ///< Zeros before the first element.
  std::vector<std::int64_t> after = {};
  std::vector<std::int64_t> output = {};
  bool bias = false;              ///< A number is added to each output channel.
  bool constant_weights = false;  ///< The weights are the same in every run: they are packed once.
  int threads = 1;                ///< At most this many; small images take one.
};

/// A convolution made ready: the code is generated, nothing is left to choose. A handle; copies share it.
///
/// oneDNN chooses its kernels by the problem, which has one image: the same image gives the same bits among whatever
/// others. With several threads, which only large images get, the bits may depend on how many there are.
class Convolution {
 public:
  /// @throws Error unsupported, out_of_memory, internal.
  explicit Convolution(const ConvolutionProblem& problem);

  /// The working memory of one run.
  std::size_t scratch_bytes() const;

  /// The size of the weights in the layout that run() wants; 0: it takes them as they are.
  std::size_t packed_bytes() const;
  /// Names how pack() lays out the weights: equal names for the same weights give equal bytes. "" where packed_bytes()
  /// is 0, or where the layout has no name.
  const std::string& packing() const;
  /// Writes packed_bytes() bytes, aligned to 64. @throws Error.
  void pack(const float* weights, std::byte* packed) const;

  /// Computes one image. `weights` are packed where packed_bytes() is not 0; `bias` is null where the problem has none;
  /// `scratch` is aligned to 64. Any number of threads may call it at once; up to 16 at a time reuse oneDNN's argument
  /// objects, as for MatMul. @throws Error internal, out_of_memory.
  void run(const float* source, const float* weights, const float* bias, float* destination, std::byte* scratch) const;

  /// The name of oneDNN's implementation ("brgconv:avx512_core").
  std::string implementation() const;
  /// The threads that run() uses, the caller's included.
  int threads() const;
  /// About how long one run takes.
  double nanoseconds() const;

 private:
  struct Parts;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace ranvier::onednn
