// Constant weights in the layout that an implementation wants.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "ranvier/tensor.h"

namespace ranvier::operators {

/// Packed weights, aligned to 64 bytes; whoever holds the pointer keeps them, and the tensor they came from, alive.
using Packed = std::shared_ptr<const std::byte>;

/// The packed weights of one Model, shared by all its plans: the same tensor in the same layout is packed once, for as
/// long as any kernel holds it. All members may be called from many threads at once.
///
/// Weights are known by where their elements lie, so the elements must not change. A tensor that views the caller's
/// memory without owning it has to outlive what is packed from it.
class PackedWeights {
 public:
  using Pack = std::function<void(std::byte* packed)>;

  /// The weights in `layout`, a text that tells how `pack` reads the tensor and how it lays out the `bytes` it writes;
  /// packed here and now where no kernel holds them yet. @throws what `pack` throws, std::bad_alloc.
  Packed get(const Tensor& weights, std::string_view layout, std::size_t bytes, const Pack& pack);

  /// The same without sharing.
  static Packed make(const Tensor& weights, std::size_t bytes, const Pack& pack);

 private:
  using Key = std::pair<const void*, std::string>;

  std::mutex mutex_;
  std::map<Key, std::weak_ptr<const std::byte>> entries_;
};

}  // namespace ranvier::operators
