#include "operators/packed_weights.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace ranvier::operators {
namespace {

Tensor weights() { return Tensor::of<float>({4}, {1, 2, 3, 4}); }

/// Packs by copying, and counts how often.
PackedWeights::Pack copy_of(const Tensor& tensor, std::atomic<int>& count) {
  return [&](std::byte* packed) {
    ++count;
    std::memcpy(packed, tensor.data(), tensor.bytes());
  };
}

TEST(PackedWeights, PacksTheSameTensorInTheSameLayoutOnce) {
  PackedWeights cache;
  std::atomic<int> packs = 0;
  const Tensor tensor = weights(), handle = tensor, other = weights();
  const Packed first = cache.get(tensor, "a", tensor.bytes(), copy_of(tensor, packs));
  EXPECT_EQ(cache.get(handle, "a", tensor.bytes(), copy_of(tensor, packs)), first);
  EXPECT_EQ(packs, 1);
  EXPECT_NE(cache.get(tensor, "b", tensor.bytes(), copy_of(tensor, packs)), first);
  EXPECT_NE(cache.get(other, "a", other.bytes(), copy_of(other, packs)), first);
  EXPECT_EQ(packs, 3);
  EXPECT_EQ(std::memcmp(first.get(), tensor.data(), tensor.bytes()), 0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first.get()) % 64, 0u);
}

TEST(PackedWeights, NeverMistakesNewWeightsForOldOnesAtTheSameAddress) {
  PackedWeights cache;
  std::atomic<int> packs = 0;
  for (int i = 0; i < 100; ++i) {
    const Tensor tensor = Tensor::of<float>({1}, {static_cast<float>(i)});
    const Packed packed = cache.get(tensor, "a", tensor.bytes(), copy_of(tensor, packs));
    EXPECT_EQ(*reinterpret_cast<const float*>(packed.get()), static_cast<float>(i));
  }
  EXPECT_EQ(packs, 100);
}

TEST(PackedWeights, KeepsTheTensorWhileItIsHeld) {
  std::weak_ptr<const void> memory;
  PackedWeights cache;
  Packed packed;
  {
    const auto owner = std::make_shared<std::vector<float>>(4, 1.0f);
    memory = owner;
    const Tensor tensor = Tensor::view(DataType::float32, static_cast<const void*>(owner->data()), {4}, owner);
    packed = cache.get(tensor, "a", 16, [](std::byte*) {});
  }
  EXPECT_FALSE(memory.expired());
  packed.reset();
  EXPECT_TRUE(memory.expired());
}

TEST(PackedWeights, AFailedPackLeavesNothingBehind) {
  PackedWeights cache;
  std::atomic<int> packs = 0;
  const Tensor tensor = weights();
  EXPECT_THROW(cache.get(tensor, "a", 16, [](std::byte*) { throw std::runtime_error("no"); }), std::runtime_error);
  cache.get(tensor, "a", 16, copy_of(tensor, packs));
  EXPECT_EQ(packs, 1);
}

TEST(PackedWeights, IsSharedByThreads) {
  PackedWeights cache;
  std::atomic<int> packs = 0;
  const Tensor tensor = weights();
  std::vector<Packed> got(8);
  std::vector<std::thread> threads;
  for (Packed& packed : got)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) packed = cache.get(tensor, "a", 16, copy_of(tensor, packs));
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<Packed>(got.begin(), got.end()).size(), 1u);
}

}  // namespace
}  // namespace ranvier::operators
