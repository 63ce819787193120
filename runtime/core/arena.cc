#include "runtime/core/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <numeric>
#include <utility>

#include "runtime/core/error.h"

namespace ranvier {
namespace {

/// Large weights are read some 8 % faster by one row where the processor need not look up so many pages.
constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t page = 4096;

std::size_t aligned(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() / 2)
    fail(ErrorCode::out_of_memory, "a buffer of {} bytes does not fit in memory", bytes);
  return (bytes + buffer_alignment - 1) / buffer_alignment * buffer_alignment;
}

/// Where a buffer begins in memory that begins with a huge page: elsewhere than others do. A kernel that reads one and
/// writes another at the same place in their pages is 3 to 4 % slower (sigmoid and tanh of a million floats).
std::size_t offset_in_huge_page(const std::byte* memory) {
  constexpr std::size_t places = 7;
  constexpr std::size_t apart = 9 * buffer_alignment;  // they all are in one small page, at no multiple of another
  return reinterpret_cast<std::uintptr_t>(memory) / huge_page % places * apart;
}

/// Has the pages made at once that would be made one by one as they are written, which takes twice the time. A wish:
/// kernels before 5.14 know none.
void populate(std::byte* data, std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  constexpr std::size_t few = 16 * page;
  const std::size_t before = (page - reinterpret_cast<std::uintptr_t>(data) % page) % page;
  if (bytes >= few) madvise(data + before, (bytes - before) / page * page, MADV_POPULATE_WRITE);
#endif
}

}  // namespace

AlignedBuffer::AlignedBuffer(std::size_t bytes, Fill fill) : size_(bytes) {
  const bool huge = bytes >= huge_page;
  const std::size_t rounded = std::max(aligned(bytes), buffer_alignment) + (huge ? page : 0);
  void* memory = nullptr;  // not by aligned_alloc, which takes multiples of the alignment only
  if (posix_memalign(&memory, huge ? huge_page : buffer_alignment, rounded) != 0) throw std::bad_alloc();
  memory_ = static_cast<std::byte*>(memory);
  data_ = memory_ + (huge ? offset_in_huge_page(memory_) : 0);
  if (huge) madvise(memory_, rounded / huge_page * huge_page, MADV_HUGEPAGE);  // a wish, which may be refused
  populate(memory_, rounded);
  if (fill == zeroed) std::memset(memory_, 0, rounded);
}

AlignedBuffer::AlignedBuffer(AlignedBuffer&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

AlignedBuffer& AlignedBuffer::operator=(AlignedBuffer&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

AlignedBuffer::~AlignedBuffer() { std::free(memory_); }

ArenaLayout place_buffers(std::span<const Lifetime> lifetimes) {
  ArenaLayout layout;
  layout.offsets.resize(lifetimes.size());
  std::vector<std::size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return lifetimes[a].bytes > lifetimes[b].bytes; });
  std::vector<std::size_t> placed;  // sorted by offset
  for (const std::size_t current : order) {
    const Lifetime& lifetime = lifetimes[current];
    const std::size_t size = aligned(lifetime.bytes);
    std::size_t end = 0;  // of what lies before the gap in question
    std::size_t best = std::numeric_limits<std::size_t>::max();
    std::size_t best_gap = best;
    for (const std::size_t other : placed) {
      if (lifetimes[other].last < lifetime.first || lifetime.last < lifetimes[other].first) continue;
      const std::size_t start = layout.offsets[other];
      if (start >= end && start - end >= size && start - end < best_gap) {
        best = end;
        best_gap = start - end;
      }
      end = std::max(end, start + aligned(lifetimes[other].bytes));
    }
    const std::size_t offset = best_gap == std::numeric_limits<std::size_t>::max() ? end : best;
    layout.offsets[current] = offset;
    layout.bytes = std::max(layout.bytes, aligned(offset + size));
    const auto position = std::upper_bound(placed.begin(), placed.end(), offset,
                                           [&](std::size_t value, std::size_t p) { return value < layout.offsets[p]; });
    placed.insert(position, current);
  }
  return layout;
}

}  // namespace ranvier
