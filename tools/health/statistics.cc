#include "tools/health/statistics.h"

#include <algorithm>
#include <cmath>

#include "runtime/core/data_type.h"

namespace ranvier::health {
namespace {

constexpr double certain_from = 0.999;

template <class T>
double number(T value) {
  return static_cast<double>(static_cast<Compute<T>>(value));
}

std::int64_t product(const Shape& shape, std::size_t first, std::size_t last) {
  std::int64_t result = 1;
  for (std::size_t axis = first; axis < last; ++axis) result *= shape[axis];
  return result;
}

}  // namespace

void Moments::merge(const Moments& other) {
  if (other.count == 0) return;
  const auto a = static_cast<double>(count);
  const auto b = static_cast<double>(other.count);
  const double distance = other.mean - mean;
  mean += distance * (b / (a + b));
  squares += other.squares + distance * distance * (a * b / (a + b));
  count += other.count;
}

double Moments::variance() const { return squares / static_cast<double>(count); }
double Moments::deviation() const { return std::sqrt(variance()); }

void Units::expect(std::int64_t units) {
  changing_ = changing_ || (begun_ && units != count());
  begun_ = true;
  seen_.resize(static_cast<std::size_t>(units));
}

std::vector<std::int64_t> Units::where(std::uint8_t mask, std::uint8_t value) const {
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < seen_.size() && !changing_; ++i)
    if ((seen_[i] & mask) == value) result.push_back(static_cast<std::int64_t>(i));
  return result;
}

std::vector<std::int64_t> Units::never_on() const { return where(on | off, off); }
std::vector<std::int64_t> Units::always_on() const { return where(on | off, on); }
std::vector<std::int64_t> Units::dead() const { return where(on | off | nonzero, off); }

/// A tensor as `outer` blocks of `size` lanes, or of `inner` interleaved lanes of `size` elements.
struct Statistics::Lanes {
  std::int64_t outer = 1;
  std::int64_t size = 1;
  std::int64_t inner = 1;
};

/// Where the shape does not have the axis all elements are on one.
Statistics::Lanes Statistics::lanes_along(const Shape& shape, const Axis& axis) {
  const auto rank = static_cast<std::int64_t>(shape.rank());
  const std::int64_t index = axis.index < 0 ? axis.index + rank : axis.index;
  if (index < 0 || index >= rank) return {1, 1, shape.elements()};
  const auto first = static_cast<std::size_t>(index);
  const std::size_t last = axis.with_rest ? shape.rank() : first + 1;
  return {product(shape, 0, first), product(shape, first, last), product(shape, last, shape.rank())};
}

void Statistics::add(const Tensor& tensor) {
  const Lanes units =
      focus_.gate == Gate::none ? Lanes{1, 1, tensor.elements()} : lanes_along(tensor.shape(), focus_.units);
  if (focus_.gate != Gate::none && units.size > 0) units_.expect(units.size);
  elements_ += tensor.elements();
  if (tensor.elements() == 0) return;
  dispatch<NumericTypes>(tensor.type(), [&]<class T>() {
    const T* values = tensor.values<T>().data();
    add_values(values, units);
    if (focus_.classes != Classes::none) add_rows(values, lanes_along(tensor.shape(), focus_.lanes));
  });
}

template <class T>
void Statistics::add_values(const T* values, const Lanes& units) {
  const bool by_unit = focus_.gate != Gate::none && !units_.changing();
  const bool any_nonzero = focus_.gate == Gate::nonzero;
  double sum = 0;
  std::int64_t finite = 0;
  const T* at = values;
  for (std::int64_t outer = 0; outer < units.outer; ++outer) {
    for (std::int64_t unit = 0; unit < units.size; ++unit) {
      std::uint8_t seen = 0;
      for (const T* const end = at + units.inner; at != end; ++at) {
        const double x = number(*at);
        if (std::isnan(x)) {
          ++nan_;
          continue;
        }
        seen |= x > 0 || (any_nonzero && x != 0) ? Units::on : Units::off;
        flat_ += x <= focus_.steep.low || x >= focus_.steep.high;
        if (x == 0)
          ++zeros_;
        else
          seen |= Units::nonzero;
        if (std::isinf(x)) {
          ++infinite_;
          continue;
        }
        minimum_ = std::min(minimum_, x);
        maximum_ = std::max(maximum_, x);
        sum += x;
        ++finite;
        if (x != 0) histogram_.add(x);
      }
      if (by_unit) units_.see(unit, seen);
    }
  }
  if (finite > 0) add_moments(values, at - values, sum / static_cast<double>(finite));
}

template <class T>
void Statistics::add_moments(const T* values, std::int64_t count, double mean) {
  Moments batch = {.mean = mean};
  for (std::int64_t i = 0; i < count; ++i) {
    const double x = number(values[i]);
    if (!std::isfinite(x)) continue;
    batch.squares += (x - mean) * (x - mean);
    ++batch.count;
  }
  moments_.merge(batch);
}

template <class T>
void Statistics::add_rows(const T* values, const Lanes& lanes) {
  if (lanes.size < 2) return;
  const bool logarithms = focus_.classes == Classes::logarithms;
  const double largest_entropy = std::log(static_cast<double>(lanes.size));
  for (std::int64_t outer = 0; outer < lanes.outer; ++outer) {
    for (std::int64_t inner = 0; inner < lanes.inner; ++inner) {
      const T* const first = values + outer * lanes.size * lanes.inner + inner;
      double entropy = 0;
      double best = 0;
      for (std::int64_t i = 0; i < lanes.size; ++i) {
        const double x = number(first[i * lanes.inner]);
        const double p = logarithms ? std::exp(x) : x;
        if (p != 0) entropy -= p * (logarithms ? x : std::log(p));
        best = std::max(best, p);
      }
      if (std::isnan(entropy)) continue;
      ++certainty_.rows;
      certainty_.certain += best > certain_from;
      certainty_.entropy += entropy / largest_entropy;
    }
  }
}

double Statistics::share(std::int64_t of) const {
  return elements_ == 0 ? 0 : static_cast<double>(of) / static_cast<double>(elements_);
}

std::int64_t Statistics::values_per_unit() const { return units_.count() == 0 ? 0 : elements_ / units_.count(); }

}  // namespace ranvier::health
