// Formulas in a normal form, so that every spelling of one function looks the same.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ranvier::optimizer {

/// A number, in terms of captures: value * a^p * b^q ...
struct Number {
  double value = 0;
  std::map<char, int> captures = {};

  friend bool operator==(const Number&, const Number&) = default;
};

Number operator*(const Number& a, const Number& b);
Number power(const Number& number, int exponent);

/// A formula of one tensor. Built by the functions below, it is in normal form: products and sums are flat and sorted,
/// their constants collected in front; a - b is a + -1 * b, a / b is a * b^-1; bounds (max, min, clip and relu are all
/// "clip") apply to arguments without coefficients, and those of bounded arguments are joined. It falls into a
/// skeleton, which has '#' for each number, and these numbers: two formulas mean the same where both are the same.
///
/// Parts of a sum or factors of a product that differ only in numbers have no order of their own (`ambiguous`).
/// Captures count as neither 0 nor infinite. Nothing cancels: x / x is x^0, and a sum of two numbers is an error, as
/// (x + 1e8) - 1e8 may well be meant to round. @throws Error internal.
class Formula {
 public:
  static Formula number(const Number& value);
  static Formula number(double value) { return number(Number{value}); }
  /// The tensor, or a constant tensor, by its name.
  static Formula leaf(std::string name);
  static Formula call(std::string name, std::vector<Formula> arguments);
  /// A call whose arguments may stand in any order.
  static Formula symmetric(std::string name, std::vector<Formula> arguments);

  /// `formula` between two numbers, of which either may be infinite, as ONNX' Clip has it.
  static Formula clip(const Formula& formula, const Formula& low, const Formula& high);
  /// Where the condition is a negation, the choice is the other way round.
  static Formula where(const Formula& condition, const Formula& then, const Formula& otherwise);
  static Formula negation(const Formula& condition);

  Formula to_the(int exponent) const;
  friend Formula operator*(const Formula& a, const Formula& b);
  friend Formula operator+(const Formula& a, const Formula& b);
  friend Formula operator-(const Formula& a, const Formula& b);

  bool is_number() const { return factors_.empty(); }
  /// The number that it is, or the coefficient in front.
  const Number& coefficient() const { return coefficient_; }

  std::string skeleton() const;
  std::vector<Number> numbers() const;
  bool ambiguous() const;

 private:
  /// A leaf, a call or a sum. A sum's arguments are its parts, of which the first that is no number has the
  /// coefficient 1.
  struct Atom {
    std::string name;
    std::vector<Formula> arguments;
    std::string skeleton;
    std::vector<Number> numbers;
    bool ambiguous = false;
  };
  struct Factor {
    std::shared_ptr<const Atom> atom;
    int exponent = 1;
  };

  Formula(Number coefficient, std::vector<Factor> factors)
      : coefficient_(std::move(coefficient)), factors_(std::move(factors)) {}

  /// By skeleton.
  static std::vector<Formula> sorted(std::vector<Formula> formulas);
  static std::shared_ptr<const Atom> atom(std::string name, std::vector<Formula> arguments);
  /// The one call or sum of that name that this is, apart from the coefficient; null where it is something else.
  const Atom* single(std::string_view name) const;
  Formula scaled(const Number& factor) const;
  /// Without a coefficient.
  Formula bare() const { return Formula(Number{1}, factors_); }

  Number coefficient_;
  std::vector<Factor> factors_;  ///< Sorted by skeleton.
};

}  // namespace ranvier::optimizer
