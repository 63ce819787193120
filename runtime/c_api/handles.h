// The handles of the C interface.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "runtime/core/error.h"

namespace ranvier::c_api {

/// Objects of one kind, and the handles that stand for them.
///
/// A handle is no address: it says where the object is kept, which kind it is of, and how many have been kept there
/// before. So whatever a caller passes can be looked up at no risk, and one that is gone is never taken for another.
template <class T>
class Handles {
 public:
  using Handle = std::uintptr_t;

  /// `kind` tells the handles of different T apart: 1 to 15.
  explicit Handles(Handle kind) : kind_(kind) {}
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    for (std::size_t block = 0; block < next_block_; ++block) {
      const std::unique_ptr<Slot[]> slots(blocks_[block].load());
      for (std::size_t i = 0; i < first_block << block; ++i) delete slots[i].object;
    }
  }

  /// @throws Error out_of_memory where too many are kept.
  Handle add(std::unique_ptr<T> object) {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) grow();
    const std::size_t place = free_.back();
    Slot& slot = *this->slot(place);
    const Handle handle = ++slot.uses << (kind_bits + place_bits) | place << kind_bits | kind_;
    free_.pop_back();
    slot.object = object.release();
    slot.handle.store(handle, std::memory_order_release);
    return handle;
  }

  /// Null where the handle stands for nothing of this kind. Takes no lock.
  T* find(Handle handle) const {
    const Slot* found = slot(handle >> kind_bits & (most - 1));
    return found != nullptr && found->handle.load(std::memory_order_acquire) == handle && handle != 0 ? found->object
                                                                                                      : nullptr;
  }

  /// The object, which is kept no more; null as find() does.
  std::unique_ptr<T> remove(Handle handle) {
    const std::lock_guard lock(mutex_);
    if (find(handle) == nullptr) return nullptr;
    const std::size_t place = handle >> kind_bits & (most - 1);
    Slot& slot = *this->slot(place);
    slot.handle.store(0, std::memory_order_release);
    free_.push_back(place);  // grow() has reserved room
    return std::unique_ptr<T>(std::exchange(slot.object, nullptr));
  }

 private:
  struct Slot {
    std::atomic<Handle> handle = 0;  // 0: nothing is kept here
    T* object = nullptr;
    Handle uses = 0;
  };

  static constexpr int kind_bits = 4;
  static constexpr int place_bits = 20;
  static constexpr std::size_t most = std::size_t{1} << place_bits;
  // Blocks never move, so that find() needs no lock: each has as many slots as all before it, and 64 more.
  static constexpr std::size_t first_block = 64;
  static constexpr std::size_t block_count = 14;

  Slot* slot(std::size_t place) const {
    const auto block = static_cast<std::size_t>(std::bit_width(place / first_block + 1)) - 1;
    if (block >= block_count) return nullptr;
    Slot* slots = blocks_[block].load(std::memory_order_acquire);
    return slots == nullptr ? nullptr : slots + (place - ((first_block << block) - first_block));
  }

  void grow() {
    if (next_block_ == block_count)
      fail(ErrorCode::out_of_memory, "{} handles of one kind are in use, and more are not possible",
           (first_block << block_count) - first_block);
    const std::size_t size = first_block << next_block_;
    const std::size_t begin = size - first_block;
    free_.reserve(begin + size);
    auto slots = std::make_unique<Slot[]>(size);
    blocks_[next_block_++].store(slots.release(), std::memory_order_release);
    for (std::size_t i = size; i > 0; --i) free_.push_back(begin + i - 1);
  }

  const Handle kind_;
  std::mutex mutex_;
  std::array<std::atomic<Slot*>, block_count> blocks_{};
  std::size_t next_block_ = 0;
  std::vector<std::size_t> free_;
};

}  // namespace ranvier::c_api
