#include "runtime/optimizer/formula.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "runtime/core/error.h"

namespace ranvier::optimizer {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::string_view sum = "sum";
constexpr std::string_view clipped = "clip";
constexpr std::string_view not_ = "not";

double clamped(double x, double low, double high) { return std::min(std::max(x, low), high); }

}  // namespace

Number operator*(const Number& a, const Number& b) {
  Number product{a.value * b.value, a.captures};
  for (const auto& [name, exponent] : b.captures)
    if ((product.captures[name] += exponent) == 0) product.captures.erase(name);
  return product;
}

Number power(const Number& number, int exponent) {
  Number result{std::pow(number.value, exponent), number.captures};
  for (auto& [name, own] : result.captures) own *= exponent;
  return result;
}

Formula Formula::number(const Number& value) { return Formula(value, {}); }

Formula Formula::leaf(std::string name) { return Formula(Number{1}, {{atom(std::move(name), {})}}); }

Formula Formula::call(std::string name, std::vector<Formula> arguments) {
  return Formula(Number{1}, {{atom(std::move(name), std::move(arguments))}});
}

Formula Formula::symmetric(std::string name, std::vector<Formula> arguments) {
  return call(std::move(name), sorted(std::move(arguments)));
}

std::vector<Formula> Formula::sorted(std::vector<Formula> formulas) {
  std::vector<std::pair<std::string, Formula>> keyed;
  for (Formula& formula : formulas) {
    std::string key = formula.skeleton();
    keyed.emplace_back(std::move(key), std::move(formula));
  }
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  formulas.clear();
  for (auto& [key, formula] : keyed) formulas.push_back(std::move(formula));
  return formulas;
}

std::shared_ptr<const Formula::Atom> Formula::atom(std::string name, std::vector<Formula> arguments) {
  Atom result{std::move(name), std::move(arguments), {}, {}};
  result.skeleton = result.name;
  std::string separator = "(";
  for (const Formula& argument : result.arguments) {
    result.skeleton += separator + argument.skeleton();
    separator = ", ";
    const std::vector<Number> numbers = argument.numbers();
    result.numbers.insert(result.numbers.end(), numbers.begin(), numbers.end());
    result.ambiguous |= argument.ambiguous();
  }
  if (!result.arguments.empty()) result.skeleton += ")";
  if (result.name == sum || result.name == "and" || result.name == "or")
    for (std::size_t i = 1; i < result.arguments.size(); ++i)
      result.ambiguous |= result.arguments[i - 1].skeleton() == result.arguments[i].skeleton();
  return std::make_shared<const Atom>(std::move(result));
}

const Formula::Atom* Formula::single(std::string_view name) const {
  const bool one = factors_.size() == 1 && factors_[0].exponent == 1 && factors_[0].atom->name == name;
  return one ? factors_[0].atom.get() : nullptr;
}

Formula Formula::scaled(const Number& factor) const { return Formula(coefficient_ * factor, factors_); }

std::string Formula::skeleton() const {
  std::string result = "#";
  for (const Factor& factor : factors_) {
    result += "*" + factor.atom->skeleton;
    if (factor.exponent != 1) result += "^" + std::to_string(factor.exponent);
  }
  return result;
}

std::vector<Number> Formula::numbers() const {
  std::vector<Number> result = {coefficient_};
  for (const Factor& factor : factors_)
    result.insert(result.end(), factor.atom->numbers.begin(), factor.atom->numbers.end());
  return result;
}

bool Formula::ambiguous() const {
  for (std::size_t i = 0; i < factors_.size(); ++i) {
    if (factors_[i].atom->ambiguous) return true;
    if (i > 0 && factors_[i].atom->skeleton == factors_[i - 1].atom->skeleton) return true;
  }
  return false;
}

Formula Formula::to_the(int exponent) const {
  Formula result(power(coefficient_, exponent), factors_);
  for (Factor& factor : result.factors_) factor.exponent *= exponent;
  return result;
}

Formula operator*(const Formula& a, const Formula& b) {
  Formula product(a.coefficient_ * b.coefficient_, a.factors_);
  for (const Formula::Factor& factor : b.factors_) {
    const auto same = std::find_if(product.factors_.begin(), product.factors_.end(), [&](const auto& other) {
      return other.atom->skeleton == factor.atom->skeleton && other.atom->numbers == factor.atom->numbers;
    });
    if (same == product.factors_.end()) {
      product.factors_.push_back(factor);
    } else {
      same->exponent += factor.exponent;
    }
  }
  std::stable_sort(product.factors_.begin(), product.factors_.end(), [](const auto& one, const auto& other) {
    return std::tie(one.atom->skeleton, one.exponent) < std::tie(other.atom->skeleton, other.exponent);
  });
  return product;
}

Formula operator+(const Formula& a, const Formula& b) {
  std::vector<Formula> parts;
  Formula constant = Formula::number(0);
  const auto add = [&](const Formula& part) {
    if (!part.is_number()) {
      parts.push_back(part);
    } else if (constant.coefficient_.value == 0) {
      constant = part;
    } else if (part.coefficient_.value != 0) {
      fail(ErrorCode::internal, "a formula adds two numbers");
    }
  };
  for (const Formula* each : {&a, &b}) {
    if (const Formula::Atom* inner = each->single(sum)) {
      for (const Formula& part : inner->arguments) add(part.scaled(each->coefficient_));
    } else {
      add(*each);
    }
  }
  if (parts.empty()) return constant;
  parts = Formula::sorted(std::move(parts));
  const bool has_constant = constant.coefficient_.value != 0;
  if (parts.size() == 1 && !has_constant) return parts[0];
  if (has_constant) parts.insert(parts.begin(), constant);
  const Number leading = parts[has_constant ? 1 : 0].coefficient_;
  for (Formula& part : parts) part = part.scaled(power(leading, -1));
  return Formula::call(std::string(sum), std::move(parts)).scaled(leading);
}

Formula operator-(const Formula& a, const Formula& b) { return a + b.scaled(Number{-1}); }

Formula Formula::clip(const Formula& formula, const Formula& low, const Formula& high) {
  const Number scale = formula.coefficient_;
  if (!scale.captures.empty()) fail(ErrorCode::internal, "a formula bounds a multiple of a capture");
  if (formula.is_number() || scale.value == 0) return Formula::call(std::string(clipped), {formula, low, high});
  Number least = low.coefficient_ * power(scale, -1);
  Number most = high.coefficient_ * power(scale, -1);
  if (scale.value < 0) std::swap(least, most);
  Formula inner = formula.bare();
  if (const Formula::Atom* bounded = formula.single(clipped)) {
    const Formula& first = bounded->arguments[1];
    const Formula& second = bounded->arguments[2];
    const double inner_least = first.is_number() ? first.coefficient_.value : -infinity;
    const double inner_most = second.is_number() ? second.coefficient_.value : infinity;
    const bool has_capture = !least.captures.empty() || !most.captures.empty() ||
                             !first.coefficient_.captures.empty() || !second.coefficient_.captures.empty();
    if (!has_capture && inner_least <= inner_most && least.value <= most.value) {
      inner = bounded->arguments[0];
      const double joined_least = clamped(inner_least, least.value, most.value);
      most.value = clamped(inner_most, least.value, most.value);
      least.value = joined_least;
    }
  }
  const auto bound = [](const Number& number) {
    return std::isinf(number.value) ? Formula::leaf("none") : Formula::number(number);
  };
  return Formula::call(std::string(clipped), {inner, bound(least), bound(most)}).scaled(scale);
}

Formula Formula::negation(const Formula& condition) {
  const Formula::Atom* inner = condition.single(not_);
  return inner != nullptr ? inner->arguments[0] : Formula::call(std::string(not_), {condition});
}

Formula Formula::where(const Formula& condition, const Formula& then, const Formula& otherwise) {
  const Formula::Atom* inner = condition.single(not_);
  return inner != nullptr ? Formula::call("where", {inner->arguments[0], otherwise, then})
                          : Formula::call("where", {condition, then, otherwise});
}

}  // namespace ranvier::optimizer
