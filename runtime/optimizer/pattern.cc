#include "runtime/optimizer/pattern.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "runtime/core/error.h"

namespace ranvier::optimizer {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Recursive descent, one function for each level of precedence.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Formula parse() {
    Formula formula = comparison();
    if (!rest().empty()) wrong("an operator");
    if (formula.ambiguous()) fail(ErrorCode::internal, "pattern '{}' has two parts that differ only in numbers", text_);
    return formula;
  }

 private:
  Formula comparison() {
    const Formula left = sum();
    if (takes(">=")) return Formula::call("greater_or_equal", {left, sum()});
    if (takes("<=")) return Formula::call("greater_or_equal", {sum(), left});
    if (takes(">")) return Formula::call("greater", {left, sum()});
    if (takes("<")) return Formula::call("greater", {sum(), left});
    return left;
  }

  Formula sum() {
    Formula result = product();
    while (true) {
      if (takes("+")) {
        result = result + product();
      } else if (takes("-")) {
        result = result - product();
      } else {
        return result;
      }
    }
  }

  Formula product() {
    Formula result = signed_power();
    while (true) {
      if (takes("*")) {
        result = result * signed_power();
      } else if (takes("/")) {
        result = result * signed_power().to_the(-1);
      } else {
        return result;
      }
    }
  }

  Formula signed_power() {
    if (takes("-")) return Formula::number(-1) * signed_power();
    const Formula base = operand();
    return takes("^") ? base.to_the(static_cast<int>(number())) : base;
  }

  Formula operand() {
    if (takes("(")) {
      const Formula inner = comparison();
      expect(")");
      return inner;
    }
    const std::string_view left = rest();
    if (left.empty()) wrong("an operand");
    if (std::isdigit(static_cast<unsigned char>(left[0]))) return Formula::number(number());
    const std::string_view name = word();
    if (takes("(")) return call(name, arguments());
    if (name.size() != 1) wrong("'('");
    if (name == "x" || name == "w" || name == "v") return Formula::leaf(std::string(name));
    return Formula::number(Number{1, {{name[0], 1}}});
  }

  std::vector<Formula> arguments() {
    std::vector<Formula> result;
    do result.push_back(comparison());
    while (takes(","));
    expect(")");
    return result;
  }

  Formula call(std::string_view name, std::vector<Formula> given) {
    const auto is = [&](std::string_view other, std::size_t count) { return name == other && given.size() == count; };
    if (is("relu", 1)) return Formula::clip(given[0], Formula::number(0), Formula::number(infinity));
    if (is("max", 2) && given[1].is_number()) return Formula::clip(given[0], given[1], Formula::number(infinity));
    if (is("min", 2) && given[1].is_number()) return Formula::clip(given[0], Formula::number(-infinity), given[1]);
    if (is("clip", 3)) return Formula::clip(given[0], given[1], given[2]);
    if (is("not", 1)) return Formula::negation(given[0]);
    if (is("where", 3)) return Formula::where(given[0], given[1], given[2]);
    if (is("and", 2) || is("or", 2)) return Formula::symmetric(std::string(name), given);
    for (const std::string_view reduction : {"mean", "total", "largest"})
      if (is(reduction, 1) || is(reduction, 2)) return Formula::call(std::string(name), given);
    if (is("sqrt", 1) || is("half", 3)) return Formula::call(std::string(name), given);
    const auto found = std::find_if(functions().begin(), functions().end(),
                                    [&](const Function& function) { return function.name == name; });
    if (found == functions().end() || given.size() > 1 + found->attributes.size())
      fail(ErrorCode::internal, "pattern '{}': no function {}({})", text_, name, given.size());
    for (std::size_t i = given.size() - 1; i < found->attributes.size(); ++i)
      given.push_back(Formula::number(found->attributes[i].otherwise));
    return Formula::call(std::string(name), given);
  }

  double number() {
    const std::string_view left = rest();
    double value = 0;
    const auto [end, error] = std::from_chars(left.data(), left.data() + left.size(), value);
    if (error != std::errc()) wrong("a number");
    at_ += static_cast<std::size_t>(end - left.data());
    return value;
  }

  std::string_view word() {
    const std::string_view left = rest();
    const auto end =
        std::find_if(left.begin(), left.end(), [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; });
    if (end == left.begin()) wrong("a name");
    at_ += static_cast<std::size_t>(end - left.begin());
    return left.substr(0, static_cast<std::size_t>(end - left.begin()));
  }

  /// What is still to be read, without the space before it.
  std::string_view rest() {
    at_ = std::min(text_.find_first_not_of(' ', at_), text_.size());
    return text_.substr(at_);
  }

  bool takes(std::string_view token) {
    if (!rest().starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  void expect(std::string_view token) {
    if (!takes(token)) wrong(token);
  }

  [[noreturn]] void wrong(std::string_view expected) {
    fail(ErrorCode::internal, "pattern '{}': expected {} at '{}'", text_, expected, rest());
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool close(double expected, double got, double tolerance) {
  return std::isfinite(expected) && std::abs(expected - got) <= tolerance * std::abs(expected);
}

/// The only capture of `number` that has no value yet; '\0' where there are none or several.
char only_unknown(const Number& number, const Captures& captures) {
  char unknown = '\0';
  for (const auto& [name, exponent] : number.captures) {
    if (captures.contains(name)) continue;
    if (unknown != '\0') return '\0';
    unknown = name;
  }
  return unknown;
}

}  // namespace

const std::vector<Function>& functions() {
  static const std::vector<Function> all = {
      {"abs", "Abs"},
      {"celu", "Celu", {{"alpha", 1.0}}},
      {"elu", "Elu", {{"alpha", 1.0}}},
      {"erf", "Erf"},
      {"erfc", "Erfc"},
      {"exp", "Exp"},
      {"expm1", "Expm1"},
      {"hard_sigmoid", "HardSigmoid", {{"alpha", 0.2f}, {"beta", 0.5}}},
      {"is_infinite", "IsInf"},
      {"is_nan", "IsNaN"},
      {"log", "Log"},
      {"sigmoid", "Sigmoid"},
      {"softplus", "Softplus"},
      {"tanh", "Tanh"},
  };
  return all;
}

Formula parse_pattern(std::string_view text) { return Parser(text).parse(); }

double evaluate(const Number& number, const Captures& captures) {
  double value = number.value;
  for (const auto& [name, exponent] : number.captures) {
    const auto found = captures.find(name);
    if (found == captures.end()) fail(ErrorCode::internal, "capture '{}' stands for nothing", name);
    value *= std::pow(found->second, exponent);
  }
  return value;
}

std::optional<Captures> solve(const Formula& pattern, const Formula& formula, double tolerance, std::string& refusal) {
  const std::vector<Number> expected = pattern.numbers();
  const std::vector<Number> got = formula.numbers();
  Captures captures;
  // A capture is read off where it stands alone, if it does anywhere: only there it is what the file says, unrounded.
  const auto reads_off = [&](bool alone) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const char unknown = only_unknown(expected[i], captures);
      if (unknown == '\0') continue;
      const int exponent = expected[i].captures.at(unknown);
      if (alone ? expected[i] != Number{1, {{unknown, 1}}} : std::abs(exponent) != 1) continue;
      Number rest = expected[i];
      rest.captures.erase(unknown);
      const double value = std::pow(got[i].value / evaluate(rest, captures), exponent);
      if (!std::isfinite(value)) continue;
      captures[unknown] = value;
      return true;
    }
    return false;
  };
  while (reads_off(true) || reads_off(false)) continue;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const bool solved = std::all_of(expected[i].captures.begin(), expected[i].captures.end(),
                                    [&](const auto& capture) { return captures.contains(capture.first); });
    if (solved && close(evaluate(expected[i], captures), got[i].value, tolerance)) continue;
    if (!solved) {
      refusal = fmt::format("{} is no value for a parameter", got[i].value);
    } else if (std::abs(got[i].value) != 1) {
      refusal = fmt::format("{} stands where {} is expected", got[i].value, evaluate(expected[i], captures));
    }
    return std::nullopt;
  }
  for (const auto& [name, value] : captures) {
    if (name < 'p' || name > 'r' || value >= 0) continue;
    refusal = fmt::format("{} is negative", value);
    return std::nullopt;
  }
  return captures;
}

}  // namespace ranvier::optimizer
