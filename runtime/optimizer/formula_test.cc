#include "runtime/optimizer/formula.h"

#include <gtest/gtest.h>

#include <limits>

#include "runtime/core/error.h"

namespace ranvier::optimizer {
namespace {

const Formula x = Formula::leaf("x");

Formula n(double value) { return Formula::number(value); }

/// The skeleton and the numbers: "#*sum(#, #*x) 2 1 1".
std::string text(const Formula& formula) {
  std::string result = formula.skeleton();
  for (const Number& number : formula.numbers()) {
    result += " " + std::to_string(number.value);
    result.erase(result.find_last_not_of('0') + 1);
    if (result.back() == '.') result.pop_back();
    for (const auto& [name, exponent] : number.captures) result += name + std::to_string(exponent);
  }
  return result;
}

TEST(Formula, ProductsAreFlatAndHaveOneCoefficient) {
  const Formula y = Formula::call("exp", {x});
  EXPECT_EQ(text(n(0.5) * x * (n(4) * y)), "#*exp(#*x)*x 2 1");
  EXPECT_EQ(text(y * n(2) * x), text(x * (y * n(2))));
  EXPECT_EQ(text(x * x * x), "#*x^3 1");
  EXPECT_EQ(text(x * y * x.to_the(-1)), "#*exp(#*x)*x^0 1 1");
  EXPECT_EQ(text((n(4) * x).to_the(-1)), "#*x^-1 0.25");
}

TEST(Formula, SumsAreFlatAndTheirFirstPartHasNoCoefficient) {
  const Formula y = Formula::call("exp", {x});
  EXPECT_EQ(text(n(1) + x), "#*sum(#, #*x) 1 1 1");
  EXPECT_THROW(n(1) + x + n(2), Error);
  EXPECT_EQ(text(n(2) * y - (x + n(1))), "#*sum(#, #*exp(#*x), #*x) 2 -0.5 1 1 -0.5");
  EXPECT_EQ(text(n(0.5) + n(0.5) * y), text(n(0.5) * (y + n(1))));
  EXPECT_EQ(text(x + n(0)), "#*x 1");
  EXPECT_EQ(text(n(1) - x), text(n(-1) * (x - n(1))));
}

TEST(Formula, BoundsApplyToArgumentsWithoutCoefficient) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(text(Formula::clip(n(2) * x, n(-1), n(4))), "#*clip(#*x, #, #) 2 1 -0.5 2");
  EXPECT_EQ(text(Formula::clip(n(-1) * x, n(0), n(infinity))), "#*clip(#*x, #*none, #) -1 1 1 -0")
      << "relu(-x) is -min(x, 0)";
  EXPECT_EQ(text(Formula::clip(Formula::clip(x, n(0), n(infinity)), n(-1), n(6))), "#*clip(#*x, #, #) 1 1 0 6");
  EXPECT_EQ(text(Formula::clip(Formula::clip(x, n(-8), n(-2)), n(-1), n(6))), "#*clip(#*x, #, #) 1 1 -1 -1");
  EXPECT_EQ(Formula::clip(Formula::clip(x, n(2), n(1)), n(0), n(6)).skeleton(), "#*clip(#*clip(#*x, #, #), #, #)")
      << "bounds the wrong way round";
}

TEST(Formula, NegationsGoAway) {
  const Formula p = Formula::call("greater", {x, n(0)});
  EXPECT_EQ(text(Formula::negation(Formula::negation(p))), text(p));
  EXPECT_EQ(text(Formula::where(Formula::negation(p), x, n(0))), text(Formula::where(p, n(0), x)));
}

TEST(Formula, KnowsWhereItHasNoOrder) {
  EXPECT_FALSE((x + Formula::call("exp", {x})).ambiguous());
  EXPECT_TRUE((Formula::call("exp", {x}) + Formula::call("exp", {n(2) * x})).ambiguous());
  EXPECT_TRUE((Formula::call("exp", {x}) * Formula::call("exp", {n(2) * x})).ambiguous());
  EXPECT_TRUE(Formula::call("tanh", {Formula::symmetric("or", {x, n(2) * x})}).ambiguous());
}

}  // namespace
}  // namespace ranvier::optimizer
