// How numbers are distributed, counted as they come.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace ranvier::health {

/// Counts finite numbers other than 0 by their size. The bins are equally wide: 2048 on either side of 0, up to the
/// least power of two that no magnitude exceeds. A larger number doubles their width and joins their counts in pairs,
/// which loses nothing: the counts depend on the numbers alone, not on the order in which they come.
class Histogram {
 public:
  void add(double x) {
    const double magnitude = std::abs(x);
    if (magnitude > reach_) widen(magnitude);
    const auto bin = std::max(static_cast<int>(std::ceil(magnitude * scale_)), 1) - 1;  // 1: the product may underflow
    ++counts_[static_cast<std::size_t>(x > 0 ? half + bin : half - 1 - bin)];
  }

  /// At most `most` bins of one width, a power of two; above 0 each has its upper end, below 0 its lower. Only the
  /// first and the last are sure to hold something; none are there where nothing was added.
  struct Bins {
    double from = 0;
    double to = 0;
    std::vector<std::int64_t> counts;
  };
  static constexpr int most = 64;
  Bins bins() const;

 private:
  static constexpr int bits = 11;
  static constexpr int half = 1 << bits;

  void widen(double magnitude);

  int exponent_ = 0;
  double reach_ = 0;  ///< 2^exponent_, once there are bins.
  double scale_ = 0;  ///< One over the width of a bin.
  std::vector<std::int64_t> counts_;
};

}  // namespace ranvier::health
