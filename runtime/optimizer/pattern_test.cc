#include "runtime/optimizer/pattern.h"

#include <gtest/gtest.h>

#include "runtime/graph/testing.h"

namespace ranvier::optimizer {
namespace {

using graph::testing::error_of;

bool same(std::string_view a, std::string_view b) {
  const Formula one = parse_pattern(a);
  const Formula other = parse_pattern(b);
  return one.skeleton() == other.skeleton() && one.numbers() == other.numbers();
}

TEST(ParsePattern, FollowsTheUsualPrecedence) {
  EXPECT_TRUE(same("1 + 2 * x", "(x * 2) + 1"));
  EXPECT_TRUE(same("1 - x - x^2", "1 - (x + x^2)"));
  EXPECT_TRUE(same("8 / x / 2", "4 / x"));
  EXPECT_TRUE(same("-x^2", "-(x * x)"));
  EXPECT_TRUE(same("2 * -x", "-2*x"));
  EXPECT_TRUE(same("x < 1", "1 > x"));
  EXPECT_TRUE(same("x <= a", "a >= x"));
  EXPECT_FALSE(same("x < 1", "x <= 1"));
  EXPECT_TRUE(same("2.5e-1 * x", "0.25 * x"));
}

TEST(ParsePattern, KnowsItsFunctions) {
  EXPECT_TRUE(same("elu(x)", "elu(x, 1)"));
  EXPECT_TRUE(same("min(max(x, 0), 6)", "clip(x, 0, 6)"));
  EXPECT_TRUE(same("relu(x)", "max(x, 0)"));
  EXPECT_TRUE(same("where(not(x > 1), x, 0)", "where(x > 1, 0, x)"));
  EXPECT_TRUE(same("or(x > 1, x < 0)", "or(x < 0, x > 1)"));
}

TEST(ParsePattern, RefusesWhatIsNone) {
  const auto error = [](std::string_view text) { return error_of([&] { parse_pattern(text); }); };
  EXPECT_EQ(error("x +"), "internal: pattern 'x +': expected an operand at ''");
  EXPECT_EQ(error("x x"), "internal: pattern 'x x': expected an operator at 'x'");
  EXPECT_EQ(error("(x"), "internal: pattern '(x': expected ) at ''");
  EXPECT_EQ(error("foo(x)"), "internal: pattern 'foo(x)': no function foo(1)");
  EXPECT_EQ(error("elu(x, 1, 2)"), "internal: pattern 'elu(x, 1, 2)': no function elu(3)");
  EXPECT_EQ(error("foo"), "internal: pattern 'foo': expected '(' at ''");
  EXPECT_EQ(error("x^y"), "internal: pattern 'x^y': expected a number at 'y'");
  EXPECT_EQ(error("?"), "internal: pattern '?': expected a name at '?'");
  EXPECT_EQ(error("exp(x) + exp(2 * x)"),
            "internal: pattern 'exp(x) + exp(2 * x)' has two parts that differ only in numbers");
  EXPECT_EQ(error("relu(a * x)"), "internal: a formula bounds a multiple of a capture");
  EXPECT_EQ(error("x + 1 + a"), "internal: a formula adds two numbers");
}

/// The captures as "a=2 b=3", or why there are none.
std::string solution(std::string_view pattern, std::string_view formula, double tolerance = 1e-6) {
  std::string refusal;
  const auto captures = solve(parse_pattern(pattern), parse_pattern(formula), tolerance, refusal);
  if (!captures) return refusal;
  std::string text;
  for (const auto& [name, value] : *captures) text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  return text;
}

TEST(Solve, ReadsCapturesOff) {
  EXPECT_EQ(solution("x * sigmoid(a * x)", "x * sigmoid(1.5 * x)"), "a=1.5");
  EXPECT_EQ(solution("x * sigmoid(a * x)", "x * sigmoid(-x)"), "a=-1");
  EXPECT_EQ(solution("where(x > a, x, b)", "where(x > 0, x, 2)"), "a=0 b=2");
  EXPECT_EQ(solution("tanh(x / a) + x", "tanh(0.25 * x) + x"), "a=4");
  EXPECT_EQ(solution("a * tanh(x / a) * sigmoid(x / b)", "3 * tanh(0.33333334 * x) * sigmoid(x)"), "a=3 b=1")
      << "as it stands alone, not as it is divided by";
}

TEST(Solve, SaysWhichNumberDoesNotFit) {
  EXPECT_EQ(solution("0.5 * tanh(x)", "0.51 * tanh(x)"), "0.51 stands where 0.5 is expected");
  EXPECT_EQ(solution("a * tanh(a * x)", "2 * tanh(3 * x)"), "3 stands where 2 is expected");
  EXPECT_EQ(solution("a * tanh(x)", "tanh(x) / 0"), "inf is no value for a parameter");
}

TEST(Solve, NoNumberIsInfinite) {
  EXPECT_EQ(solution("max(x, 0) + a * min(x, 0)", "0.5 * min(x, 0) + max(x, 0)"), "a=0.5");
  EXPECT_EQ(solution("max(x, 0) + a * min(x, 0)", "0 * (max(x, 0) + min(x, 0))"), "") << "1 / a would be";
}

TEST(Solve, SomeCapturesAreNotNegative) {
  EXPECT_EQ(solution("where(x > p, x, q)", "where(x > 0, x, 2)"), "p=0 q=2");
  EXPECT_EQ(solution("where(x > p, x, q)", "where(x > 0, x, -2)"), "-2 is negative");
  EXPECT_EQ(solution("where(x > a, x, q)", "where(x > -1, x, 2)"), "a=-1 q=2");
}

TEST(Solve, SaysNothingOfWhatIsNotThere) {
  std::string refusal;
  EXPECT_EQ(solve(parse_pattern("2 * tanh(x)"), parse_pattern("tanh(x)"), 1e-6, refusal), std::nullopt);
  EXPECT_EQ(refusal, "");
}

TEST(Solve, AllowsForRounding) {
  EXPECT_EQ(solution("0.70710677 * x", "0.70710678118654752 * x"), "");
  EXPECT_EQ(solution("0.70710677 * x", "0.7071 * x"), "0.7071 stands where 0.70710677 is expected");
  EXPECT_EQ(solution("0.70710677 * x", "0.7071 * x", 1e-3), "");
  EXPECT_EQ(solution("where(x > 0, x, 0)", "where(x > 1e-9, x, 0)"), "1e-09 stands where 0 is expected");
}

}  // namespace
}  // namespace ranvier::optimizer
