// What one run at a time may use, kept for the next one.
#pragma once

#include <array>
#include <atomic>
#include <memory>

namespace ranvier::onednn {

/// Objects that wait for a run. Lock-free; as many as ran at the same time are kept, up to `most`.
template <class T>
class IdlePool {
 public:
  IdlePool() = default;
  IdlePool(const IdlePool&) = delete;
  IdlePool& operator=(const IdlePool&) = delete;
  ~IdlePool() {
    for (auto& slot : waiting_) delete slot.load();
  }

  /// Null where none waits.
  std::unique_ptr<T> take() {
    for (auto& slot : waiting_)
      if (T* found = slot.exchange(nullptr, std::memory_order_acquire)) return std::unique_ptr<T>(found);
    return nullptr;
  }

  void give_back(std::unique_ptr<T> object) {
    for (auto& slot : waiting_) {
      T* empty = nullptr;
      if (!slot.compare_exchange_strong(empty, object.get(), std::memory_order_release)) continue;
      (void)object.release();
      return;
    }
  }

 private:
  static constexpr std::size_t most = 16;
  std::array<std::atomic<T*>, most> waiting_{};
};

}  // namespace ranvier::onednn
