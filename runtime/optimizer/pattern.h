// Patterns: what exporters write for one function, as a line of text.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operators/activation/activation.h"
#include "runtime/optimizer/formula.h"

namespace ranvier::optimizer {

/// An ONNX operator that patterns call by `name`: one tensor, and those of its attributes that may differ from their
/// defaults, which are written behind it: "elu(x)", "elu(x, 0.5)".
struct Function {
  std::string_view name;
  std::string_view onnx;
  std::vector<operators::Parameter> attributes = {};
};

/// All of them.
const std::vector<Function>& functions();

/// Reads a formula of the tensor `x`:
///
///   0.5  1e-3             numbers
///   a  b  ...             captures: any number, the same wherever the letter stands; p, q and r are not negative
///   w  v                  constant tensors that broadcast to x; w is the one that is read first
///   + - * /  ^2           arithmetic; powers are whole numbers
///   > >= < <=  not(p)  and(p, q)  or(p, q)  where(p, u, v)
///   relu(u)  min(u, 6)  max(u, 0)  clip(u, 0, 6)  sqrt(u)
///   half(u, 0)  half(u, 1)   of two halves that Split makes, along the axis that is the third argument
///   mean(u)  total(u)  largest(u)   over the last axis, which stays with size 1
///   mean(u, 1)  ...       over all axes from that one on
///   erf(u)  ...           the functions() above
///
/// @throws Error internal for text that is none, or that is ambiguous (see Formula).
Formula parse_pattern(std::string_view text);

/// What captures stand for.
using Captures = std::map<char, double>;

/// The value of a number. @throws Error internal for a capture without one.
double evaluate(const Number& number, const Captures& captures);

/// The captures for which the pattern is the formula; both have the same skeleton. Where there are none, `refusal` says
/// which number does not fit, but for a coefficient that nobody wrote. Numbers are equal where they differ by no more
/// than `tolerance` times themselves.
std::optional<Captures> solve(const Formula& pattern, const Formula& formula, double tolerance, std::string& refusal);

}  // namespace ranvier::optimizer
