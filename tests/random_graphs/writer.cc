#include "tests/random_graphs/writer.h"

#include <cmath>
#include <limits>

#include "tests/random_graphs/vocabulary.h"

namespace ranvier::random_graphs {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// How a binary operator is written with its operands the other way round.
std::string mirrored(const std::string& op_type) {
  if (op_type == "Greater") return "Less";
  if (op_type == "Less") return "Greater";
  if (op_type == "GreaterOrEqual") return "LessOrEqual";
  if (op_type == "LessOrEqual") return "GreaterOrEqual";
  return op_type;
}

}  // namespace

ValueId Writer::value(const Term& term) { return term.is_number() ? growth_.number(term.number, x_) : term.value; }

Term Writer::unary(const std::string& op_type, const Term& term, Attributes attributes) {
  const ValueId operand = value(term);
  return {0, growth_.node(op_type, {operand}, std::move(attributes))};
}

Term Writer::binary(const std::string& op_type, const Term& a, const Term& b) {
  const ValueId left = value(a), right = value(b);
  return {0, growth_.node(op_type, {left, right})};
}

Term Writer::commutative(const std::string& op_type, const Term& a, const Term& b) {
  return random_.chance(0.5) ? binary(op_type, a, b) : binary(mirrored(op_type), b, a);
}

Term Writer::compared(std::string op_type, const Term& a, const Term& b) {
  if (random_.chance(growth_.habits.slips)) {
    const std::size_t or_equal = op_type.find("OrEqual");
    op_type = or_equal == std::string::npos ? op_type + "OrEqual" : op_type.substr(0, or_equal);
  }
  return commutative(op_type, a, b);
}

Term Writer::negated(const Term& term) {
  if (term.is_number()) return {-term.number};
  return random_.chance(0.7) ? unary("Neg", term) : commutative("Mul", {-1}, term);
}

Term Writer::reciprocal(const Term& term) {
  if (term.is_number()) return {1 / term.number};
  return random_.chance(0.5) ? unary("Reciprocal", term) : binary("Div", {1}, term);
}

Term Writer::times(const Term& a, const Term& b) {
  if (a.is_number() && b.is_number()) return {a.number * b.number};
  if (a.is_number() && a.number == 1 && random_.chance(0.7)) return b;
  if (a.is_number() && a.number < 0 && random_.chance(0.3)) return times({-a.number}, negated(b));
  if (b.is_number()) return times(b, a);
  return commutative("Mul", a, b);
}

Term Writer::divided(const Term& a, const Term& b) {
  if (a.is_number() && b.is_number()) return {a.number / b.number};
  if (a.is_number() && a.number == 1) return reciprocal(b);
  return random_.chance(0.5) ? binary("Div", a, b) : times(a, reciprocal(b));
}

Term Writer::product(const std::vector<Part>& parts) {
  std::vector<Term> factors;
  for (const Part& part : parts)
    if (!part.inverse) factors.push_back(part.term);
  if (factors.empty()) factors.push_back({1});
  const auto join = [&] {
    while (factors.size() > 1) {
      const Term one = take(factors), other = take(factors);
      factors.push_back(times(one, other));
    }
  };
  if (random_.chance(0.5)) join();
  for (const Part& part : parts)
    if (part.inverse) {
      const Term one = take(factors);
      factors.push_back(divided(one, part.term));
    }
  join();
  return factors[0];
}

Term Writer::sum(std::vector<Part> parts) {
  while (parts.size() > 1) {
    const Part a = take(parts), b = take(parts);
    parts.push_back(added(a, b));
  }
  return parts[0].inverse ? negated(parts[0].term) : parts[0].term;
}

Term Writer::power(const Term& base, int exponent) {
  if (base.is_number()) return {std::pow(base.number, exponent)};
  if (random_.chance(0.5)) return binary("Pow", base, {static_cast<double>(exponent)});
  Term result = base;
  for (int i = 1; i < exponent; ++i) result = commutative("Mul", result, base);
  return result;
}

Term Writer::clip(const Term& term, double low, double high) {
  const auto bound = [](double x) { return std::isinf(x) ? std::nullopt : std::optional(x); };
  const ValueId u = value(term);
  if (random_.chance(0.4)) return {0, random_graphs::clip(growth_, u, bound(low), bound(high))};
  Term result{0, u};
  const bool high_first = random_.chance(0.5);
  const auto below = [&] {
    if (high != infinity) result = commutative("Min", result, {high});
  };
  if (high_first) below();
  if (low == 0 && random_.chance(0.6)) {
    result = unary("Relu", result);
  } else if (low != -infinity) {
    result = commutative("Max", result, {low});
  }
  if (!high_first) below();
  return result;
}

Term Writer::where(const Term& condition, const Term& then, const Term& otherwise) {
  if (growth_.habits.opset >= 9 && random_.chance(0.5)) {
    const ValueId c = value(condition), a = value(then), b = value(otherwise);
    return {0, growth_.node("Where", {c, a, b})};
  }
  // What tf2onnx makes of tf.where.
  const Term negation = unary("Not", condition);
  const Term off = {0, cast(growth_, negation.value, growth_.type(x_))};
  const Term on = {0, cast(growth_, condition.value, growth_.type(x_))};
  const Term a = masked(then, on), b = masked(otherwise, off);
  return commutative("Add", a, b);
}

Term Writer::half(const Term& term, std::size_t which, std::int64_t at) {
  const ValueId u = value(term);
  const std::int64_t rank = growth_.rank(u);
  if (at < -rank || at >= rank) fail(ErrorCode::unsupported, "no axis {}", at);
  const std::int64_t size = growth_.shape(u)[static_cast<std::size_t>(at < 0 ? at + rank : at)];
  const auto halves = halves_.find(u);
  if (halves != halves_.end()) return {0, halves->second[which]};
  const std::vector<std::int64_t> sizes = {(size + 1) / 2, size / 2};
  return {0, (halves_[u] = split(growth_, u, at, sizes))[which]};
}

template <class T>
T Writer::take(std::vector<T>& from) {
  const auto at = from.begin() + random_.below(static_cast<std::int64_t>(from.size()));
  const T taken = *at;
  from.erase(at);
  return taken;
}

Part Writer::added(const Part& a, const Part& b) {
  const auto sign = [](const Part& part) { return part.inverse ? -1.0 : 1.0; };
  if (a.term.is_number() && b.term.is_number()) return {{sign(a) * a.term.number + sign(b) * b.term.number}};
  if (a.inverse == b.inverse) return {commutative("Add", a.term, b.term), a.inverse};
  const Term &plus = a.inverse ? b.term : a.term, &minus = a.inverse ? a.term : b.term;
  if (random_.chance(0.3)) return {binary("Sub", minus, plus), true};
  if (random_.chance(0.3)) return {commutative("Add", plus, negated(minus))};
  return {binary("Sub", plus, minus)};
}

Term Writer::masked(const Term& term, const Term& mask) {
  if (!term.is_number()) return commutative("Mul", term, mask);
  if (term.number == 1 && random_.chance(0.5)) return mask;
  if (growth_.habits.opset < 9 || random_.chance(0.7)) return commutative("Mul", term, mask);
  const Term shape = {0, growth_.node("Shape", {x_})};
  const Attributes filling = {{"value", real_tensor(growth_.type(x_), {1}, {term.number})}};
  return commutative("Mul", unary("ConstantOfShape", shape, filling), mask);
}

}  // namespace ranvier::random_graphs
