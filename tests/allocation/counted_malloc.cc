#include "tests/allocation/counted_malloc.h"

#include <malloc.h>

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace ranvier::allocation {
namespace {

std::atomic<bool> counting = false;
std::atomic<long> count = 0;
std::atomic<long> bytes_kept = 0;

void* made(void* block) {
  if (counting.load(std::memory_order_relaxed)) bytes_kept += static_cast<long>(malloc_usable_size(block));
  return block;
}
void gone(void* block) {
  if (counting.load(std::memory_order_relaxed)) bytes_kept -= static_cast<long>(malloc_usable_size(block));
}

void note() {
  if (counting.load(std::memory_order_relaxed)) ++count;
}

}  // namespace

Counter::Counter() {
  count = 0;
  bytes_kept = 0;
  counting = true;
}
Counter::~Counter() { counting = false; }
long Counter::calls() const { return count; }
long Counter::bytes() const { return bytes_kept; }

}  // namespace ranvier::allocation

// A program's own definitions come before those of the C library, also for the libraries that it loads.
#define RANVIER_REPLACES_LIBC extern "C" [[gnu::visibility("default")]]

extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* block, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void __libc_free(void* block);
}

RANVIER_REPLACES_LIBC void* malloc(std::size_t bytes) {
  ranvier::allocation::note();
  return ranvier::allocation::made(__libc_malloc(bytes));
}

RANVIER_REPLACES_LIBC void* calloc(std::size_t count, std::size_t bytes) {
  ranvier::allocation::note();
  return ranvier::allocation::made(__libc_calloc(count, bytes));
}

RANVIER_REPLACES_LIBC void* realloc(void* block, std::size_t bytes) {
  ranvier::allocation::note();
  ranvier::allocation::gone(block);
  return ranvier::allocation::made(__libc_realloc(block, bytes));
}

RANVIER_REPLACES_LIBC void* memalign(std::size_t alignment, std::size_t bytes) {
  ranvier::allocation::note();
  return ranvier::allocation::made(__libc_memalign(alignment, bytes));
}

RANVIER_REPLACES_LIBC void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  ranvier::allocation::note();
  return ranvier::allocation::made(__libc_memalign(alignment, bytes));
}

RANVIER_REPLACES_LIBC int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
  ranvier::allocation::note();
  *block = ranvier::allocation::made(__libc_memalign(alignment, bytes));
  return *block == nullptr ? ENOMEM : 0;
}

RANVIER_REPLACES_LIBC void free(void* block) {
  ranvier::allocation::note();
  ranvier::allocation::gone(block);
  __libc_free(block);
}
