#include "runtime/simd/targets.h"

#include <gtest/gtest.h>

#include <bit>

namespace ranvier::simd {
namespace {

constexpr std::int64_t worst = HWY_SCALAR | HWY_EMU128;

TEST(Targets, AreThoseThatHighwayFinds) {
  EXPECT_EQ(detected_targets() & HWY_TARGETS & ~worst, hwy::SupportedTargets() & HWY_TARGETS & ~worst);
}

TEST(Targets, ThatCountMayBeFewer) {
  const std::size_t all = supported_targets().size();
  targets_that_count = worst;
  EXPECT_LE(supported_targets().size(), 1u);
  targets_that_count = -1;
  EXPECT_EQ(supported_targets().size(), all);
}

/// A table with the place of each version in it.
template <std::size_t... places>
constexpr auto table(std::index_sequence<places...>) {
  return std::array<std::size_t (*)(), sizeof...(places)>{[] { return places; }...};
}

TEST(Targets, HaveVersionsFromTheBestToTheWorst) {
  constexpr auto versions = table(std::make_index_sequence<HWY_MAX_DYNAMIC_TARGETS + 2>());
  std::size_t last = 0;
  for (const std::int64_t targets : supported_targets()) {
    const std::size_t place = best_version(versions, targets)();
    EXPECT_GT(place, last);
    last = place;
  }
  EXPECT_EQ(best_version(versions, 0)(), versions.size() - 1);
}

}  // namespace
}  // namespace ranvier::simd
