// What is learnt of an activation's values as they come, batch by batch, in memory that does not grow with them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "ranvier/tensor.h"
#include "tools/health/histogram.h"
#include "tools/health/kinds.h"

namespace ranvier::health {

/// Mean and variance, merged as Chan, Golub and LeVeque do: nothing cancels, however large the mean is.
struct Moments {
  std::int64_t count = 0;
  double mean = 0;
  double squares = 0;  ///< The sum of the squared distances from the mean.

  void merge(const Moments& other);
  /// Of the numbers themselves (divided by their count); NaN without any.
  double variance() const;
  double deviation() const;
};

/// An axis of tensors whose rank may be known only when they come.
struct Axis {
  std::int64_t index = -1;  ///< Negative: from the end.
  bool with_rest = false;   ///< All axes behind it belong to it.
};

/// What is looked for.
struct Focus {
  Gate gate = Gate::none;
  Steep steep = {};
  Classes classes = Classes::none;
  Axis units = {};  ///< One unit for each index on this axis.
  Axis lanes = {};  ///< The classes of one row.
};

/// What the units of an activation have been seen to do.
class Units {
 public:
  enum Seen : std::uint8_t { on = 1, off = 2, nonzero = 4 };

  /// Prepares for a tensor with so many units. Where that number changes nothing is known of any.
  void expect(std::int64_t units);
  void see(std::int64_t unit, std::uint8_t what) { seen_[static_cast<std::size_t>(unit)] |= what; }

  std::int64_t count() const { return static_cast<std::int64_t>(seen_.size()); }
  std::vector<std::int64_t> never_on() const;
  std::vector<std::int64_t> always_on() const;
  /// Those that were 0 whenever they were seen.
  std::vector<std::int64_t> dead() const;
  bool changing() const { return changing_; }

 private:
  std::vector<std::int64_t> where(std::uint8_t mask, std::uint8_t value) const;

  std::vector<std::uint8_t> seen_;
  bool begun_ = false;
  bool changing_ = false;
};

/// How sure the rows of a softmax are.
struct Certainty {
  std::int64_t rows = 0;     ///< Of at least two classes and without NaN.
  std::int64_t certain = 0;  ///< Where one class has more than 0.999.
  double entropy = 0;        ///< The sum over the rows, each relative to that of equal classes.

  double mean_entropy() const { return entropy / static_cast<double>(rows); }
};

class Statistics {
 public:
  explicit Statistics(const Focus& focus) : focus_(focus) {}

  /// @throws Error unsupported where the elements are no numbers.
  void add(const Tensor& tensor);

  std::int64_t elements() const { return elements_; }
  std::int64_t nan() const { return nan_; }
  std::int64_t infinite() const { return infinite_; }
  std::int64_t zeros() const { return zeros_; }
  std::int64_t flat() const { return flat_; }  ///< Of those that are not NaN.
  /// Of the finite ones, which there have to be; so are the moments.
  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }
  const Moments& moments() const { return moments_; }
  const Histogram& histogram() const { return histogram_; }  ///< Of those that are finite and not 0.
  const Units& units() const { return units_; }
  const Certainty& certainty() const { return certainty_; }

  /// The part of all elements, 0 where there are none.
  double share(std::int64_t of) const;
  /// How many values of each unit were seen.
  std::int64_t values_per_unit() const;

 private:
  struct Lanes;
  static Lanes lanes_along(const Shape& shape, const Axis& axis);
  template <class T>
  void add_values(const T* values, const Lanes& units);
  template <class T>
  void add_moments(const T* values, std::int64_t count, double mean);
  template <class T>
  void add_rows(const T* values, const Lanes& lanes);

  Focus focus_;
  std::int64_t elements_ = 0;
  std::int64_t nan_ = 0;
  std::int64_t infinite_ = 0;
  std::int64_t zeros_ = 0;
  std::int64_t flat_ = 0;
  double minimum_ = std::numeric_limits<double>::infinity();
  double maximum_ = -std::numeric_limits<double>::infinity();
  Moments moments_;
  Histogram histogram_;
  Units units_;
  Certainty certainty_;
};

}  // namespace ranvier::health
