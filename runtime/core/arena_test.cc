#include "runtime/core/arena.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>

#include "runtime/core/error.h"

namespace ranvier {
namespace {

bool overlap(const Lifetime& a, std::size_t a_offset, const Lifetime& b, std::size_t b_offset) {
  const bool in_time = a.first <= b.last && b.first <= a.last;
  const bool in_space = a_offset < b_offset + b.bytes && b_offset < a_offset + a.bytes;
  return in_time && in_space;
}

TEST(PlaceBuffers, ReusesMemoryOfBuffersThatAreNoLongerAlive) {
  // A chain: each buffer lives from its step to the next one's.
  const std::vector<Lifetime> chain = {{1000, 0, 1}, {1000, 1, 2}, {1000, 2, 3}, {1000, 3, 4}};
  EXPECT_EQ(place_buffers(chain).bytes, 2 * 1024u);
}

TEST(PlaceBuffers, FillsTheSmallestGap) {
  // After step 0 there are gaps of 512 and 320 bytes between buffers that stay.
  const std::vector<Lifetime> lifetimes = {{1024, 0, 9}, {512, 0, 0}, {384, 0, 9},
                                           {320, 0, 0},  {256, 0, 9}, {200, 1, 1}};
  const ArenaLayout layout = place_buffers(lifetimes);
  EXPECT_EQ(layout.bytes, 1024u + 512 + 384 + 320 + 256);
  EXPECT_EQ(layout.offsets[5], layout.offsets[3]);
}

TEST(PlaceBuffers, NothingAliveAtOnceOverlaps) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<Lifetime> lifetimes;
    for (int i = 0; i < 40; ++i) {
      const std::size_t first = random() % 20;
      lifetimes.push_back({random() % 5000, first, first + random() % 6});
    }
    const ArenaLayout layout = place_buffers(lifetimes);
    for (std::size_t i = 0; i < lifetimes.size(); ++i) {
      EXPECT_EQ(layout.offsets[i] % buffer_alignment, 0u);
      EXPECT_LE(layout.offsets[i] + lifetimes[i].bytes, layout.bytes);
      for (std::size_t j = 0; j < i; ++j)
        EXPECT_FALSE(overlap(lifetimes[i], layout.offsets[i], lifetimes[j], layout.offsets[j])) << i << " and " << j;
    }
  }
}

TEST(PlaceBuffers, RefusesWhatNoMemoryHolds) {
  const std::vector<Lifetime> huge = {{~std::size_t{0} - 8, 0, 0}};
  EXPECT_THROW(place_buffers(huge), Error);
}

TEST(AlignedBuffer, LargeOnesAreAlignedAndWhole) {
  for (const std::size_t size : {2u << 20, (4u << 20) + 1}) {
    const AlignedBuffer buffer(size, AlignedBuffer::zeroed);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % buffer_alignment, 0u);
    const std::span bytes(buffer.data(), buffer.size());
    EXPECT_TRUE(std::ranges::all_of(bytes, [](std::byte each) { return each == std::byte{0}; }));
    std::ranges::fill(bytes, std::byte{1});
  }
}

TEST(AlignedBuffer, IsAlignedAndMovable) {
  AlignedBuffer buffer(100, AlignedBuffer::zeroed);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % buffer_alignment, 0u);
  EXPECT_EQ(buffer.data()[99], std::byte{0});
  const std::byte* data = buffer.data();
  const AlignedBuffer moved = std::move(buffer);
  EXPECT_EQ(moved.data(), data);
  EXPECT_EQ(moved.size(), 100u);
}

}  // namespace
}  // namespace ranvier
