// Random choices that depend on a seed alone, not on the standard library's distributions.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>

namespace ranvier::random_graphs {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// 0, 1, ... or count - 1.
  std::int64_t below(std::int64_t count) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(count));
  }
  /// At least `low`, less than `high`.
  double between(double low, double high) {
    return low + (high - low) * 0x1p-53 * static_cast<double>(engine_() >> 11);
  }
  bool chance(double probability) { return between(0, 1) < probability; }

  template <class Range>
  auto pick(const Range& from) {
    return from.begin()[below(from.end() - from.begin())];
  }
  template <class T>
  T pick(std::initializer_list<T> from) {
    return from.begin()[below(static_cast<std::int64_t>(from.size()))];
  }

 private:
  std::mt19937_64 engine_;  // the standard says what it gives
};

}  // namespace ranvier::random_graphs
