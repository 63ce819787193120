#include "operators/packed_weights.h"

#include "runtime/core/arena.h"

namespace ranvier::operators {

Packed PackedWeights::make(const Tensor& weights, std::size_t bytes, const Pack& pack) {
  struct Entry {
    AlignedBuffer packed;
    Tensor source;  // Keeps its address from being given to other weights while the key stands for these.
  };
  auto entry = std::make_shared<Entry>(Entry{AlignedBuffer(bytes), weights});
  pack(entry->packed.data());
  const std::byte* data = entry->packed.data();
  return {std::move(entry), data};
}

Packed PackedWeights::get(const Tensor& weights, std::string_view layout, std::size_t bytes, const Pack& pack) {
  const std::lock_guard lock(mutex_);
  Key key(weights.data(), layout);
  const auto found = entries_.find(key);
  if (found != entries_.end())
    if (Packed packed = found->second.lock()) return packed;
  std::erase_if(entries_, [](const auto& entry) { return entry.second.expired(); });
  Packed packed = make(weights, bytes, pack);
  entries_.insert_or_assign(std::move(key), packed);
  return packed;
}

}  // namespace ranvier::operators
