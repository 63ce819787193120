// Aligned memory, and the placement of buffers in one block by their lifetimes.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ranvier {

/// Every buffer of the arena and every owned tensor starts at a multiple of this: a cache line, an AVX-512 vector.
inline constexpr std::size_t buffer_alignment = 64;

/// An owned, aligned block of bytes.
class AlignedBuffer {
 public:
  enum Fill { uninitialized, zeroed };

  AlignedBuffer() = default;
  /// @throws std::bad_alloc.
  explicit AlignedBuffer(std::size_t bytes, Fill fill = uninitialized);
  AlignedBuffer(AlignedBuffer&& other) noexcept;
  AlignedBuffer& operator=(AlignedBuffer&& other) noexcept;
  AlignedBuffer(const AlignedBuffer&) = delete;
  AlignedBuffer& operator=(const AlignedBuffer&) = delete;
  ~AlignedBuffer();

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::byte* memory_ = nullptr;  // data_ is in there
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A buffer that holds something from step `first` to step `last`, both included.
struct Lifetime {
  std::size_t bytes = 0;
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Where each buffer lies.
struct ArenaLayout {
  std::vector<std::size_t> offsets;  ///< Multiples of buffer_alignment, one for each lifetime.
  std::size_t bytes = 0;             ///< The size of the whole block.
};

/// Places buffers so that no two that are alive at the same step overlap: the largest first, each in the smallest gap
/// that holds it. @throws Error out_of_memory where the sum overflows.
ArenaLayout place_buffers(std::span<const Lifetime> lifetimes);

}  // namespace ranvier
