// One part of a formula after the other, each written in one of the ways in which exporters write it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/random_graphs/growth.h"

namespace ranvier::random_graphs {

/// A number that is not yet a constant, or a value.
struct Term {
  double number = 0;
  ValueId value = graph::none;

  bool is_number() const { return value == graph::none; }
};

/// A factor, or what is divided by; a part of a sum, or what is subtracted.
struct Part {
  Term term;
  bool inverse = false;
};

/// Adds the nodes of a formula of x. What has several spellings is written in one of them, at random.
class Writer {
 public:
  Writer(Growth& growth, ValueId x) : growth_(growth), random_(growth.random), x_(x) {}

  Growth& growth() const { return growth_; }
  ValueId x() const { return x_; }

  ValueId value(const Term& term);
  Term unary(const std::string& op_type, const Term& term, Attributes attributes = {});
  Term binary(const std::string& op_type, const Term& a, const Term& b);
  /// The operands in either order.
  Term commutative(const std::string& op_type, const Term& a, const Term& b);
  /// Greater, LessOrEqual, ...; with a slip, also where the operands are equal, or no more there.
  Term compared(std::string op_type, const Term& a, const Term& b);
  Term negated(const Term& term);
  /// In any order.
  Term product(const std::vector<Part>& parts);
  Term sum(std::vector<Part> parts);
  Term power(const Term& base, int exponent);
  Term clip(const Term& term, double low, double high);
  Term where(const Term& condition, const Term& then, const Term& otherwise);
  /// One of two parts, which together are made once.
  Term half(const Term& term, std::size_t which, std::int64_t axis);

 private:
  template <class T>
  T take(std::vector<T>& from);
  Term times(const Term& a, const Term& b);
  Term reciprocal(const Term& term);
  Term divided(const Term& a, const Term& b);
  Part added(const Part& a, const Part& b);
  Term masked(const Term& term, const Term& mask);

  Growth& growth_;
  Random& random_;
  const ValueId x_;
  std::map<ValueId, std::vector<ValueId>> halves_;
};

}  // namespace ranvier::random_graphs
