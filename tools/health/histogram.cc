#include "tools/health/histogram.h"

#include <algorithm>
#include <limits>

namespace ranvier::health {

void Histogram::widen(double magnitude) {
  constexpr int least_exponent = -1000;  // the scale of smaller ones would not be finite
  int exponent = 0;
  if (std::frexp(magnitude, &exponent) == 0.5) --exponent;
  exponent = std::max(exponent, least_exponent);
  std::vector<std::int64_t> wider(2 * half);
  if (!counts_.empty()) {
    const int shift = std::min(exponent - exponent_, bits);
    for (int bin = 0; bin < half; ++bin) {
      wider[static_cast<std::size_t>(half + (bin >> shift))] += counts_[static_cast<std::size_t>(half + bin)];
      wider[static_cast<std::size_t>(half - 1 - (bin >> shift))] += counts_[static_cast<std::size_t>(half - 1 - bin)];
    }
  }
  counts_ = std::move(wider);
  exponent_ = exponent;
  reach_ = std::ldexp(1, exponent);
  scale_ = std::ldexp(1, bits - exponent);
}

Histogram::Bins Histogram::bins() const {
  const auto counted = [](std::int64_t count) { return count != 0; };
  const auto first = std::find_if(counts_.begin(), counts_.end(), counted);
  if (first == counts_.end()) return {};
  const auto last = std::find_if(counts_.rbegin(), counts_.rend(), counted).base() - 1;
  // From here on a bin's number is 0 for the first above zero, -1 for the first below.
  const int low = static_cast<int>(first - counts_.begin()) - half;
  const int high = static_cast<int>(last - counts_.begin()) - half;
  int shift = 0;
  while ((high >> shift) - (low >> shift) >= most) ++shift;
  const double width = std::ldexp(1, exponent_ - bits + shift);
  const auto edge = [&](int bin) {
    return std::clamp(bin * width, std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max());
  };
  Bins result = {edge(low >> shift), edge((high >> shift) + 1), {}};
  result.counts.resize(static_cast<std::size_t>((high >> shift) - (low >> shift) + 1));
  for (int bin = low; bin <= high; ++bin)
    result.counts[static_cast<std::size_t>((bin >> shift) - (low >> shift))] +=
        counts_[static_cast<std::size_t>(half + bin)];
  return result;
}

}  // namespace ranvier::health
