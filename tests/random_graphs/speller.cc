#include "tests/random_graphs/speller.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "runtime/optimizer/pattern.h"
#include "tests/random_graphs/layers.h"
#include "tests/random_graphs/vocabulary.h"
#include "tests/random_graphs/writer.h"

namespace ranvier::random_graphs {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Reads the text and has it written, one function for each level of precedence.
class Reader {
 public:
  Reader(Growth& growth, std::string_view text, ValueId x) : writer_(growth, x), random_(growth.random), text_(text) {}

  ValueId read() {
    while (true) {
      const std::size_t before = at_;
      if (const std::string_view name = word(); name.size() > 1 && takes("=")) {
        names_[std::string(name)] = comparison();
        expect(";");
        continue;
      }
      at_ = before;
      const Term result = comparison();
      if (!rest().empty()) wrong("the end");
      return writer_.value(result);
    }
  }

 private:
  Term comparison() {
    const Term left = sum();
    for (const auto& [sign, op_type] :
         {std::pair{">=", "GreaterOrEqual"}, {"<=", "LessOrEqual"}, {">", "Greater"}, {"<", "Less"}})
      if (takes(sign)) {
        const Term right = sum();
        return writer_.compared(op_type, left, right);
      }
    return left;
  }

  Term sum() {
    std::vector<Part> parts = {{product()}};
    while (true) {
      if (takes("+")) {
        parts.push_back({product()});
      } else if (takes("-")) {
        parts.push_back({product(), true});
      } else {
        return writer_.sum(std::move(parts));
      }
    }
  }

  Term product() {
    std::vector<Part> parts = {{factor()}};
    while (true) {
      if (takes("*")) {
        parts.push_back({factor()});
      } else if (takes("/")) {
        parts.push_back({factor(), true});
      } else {
        return writer_.product(std::move(parts));
      }
    }
  }

  /// What stands twice, and is more than a name, is often written once.
  Term factor() {
    if (takes("-")) return writer_.negated(factor());
    rest();
    const std::size_t begin = at_;
    const std::size_t nodes = writer_.growth().graph().nodes.size();
    const Term base = operand();
    const Term term = takes("^") ? writer_.power(base, static_cast<int>(number())) : base;
    if (writer_.growth().graph().nodes.size() == nodes) return term;
    const auto [known, is_new] = written_.try_emplace(std::string(text_.substr(begin, at_ - begin)), term);
    return is_new || random_.chance(0.1) ? term : known->second;
  }

  Term operand() {
    if (takes("(")) {
      const Term inner = comparison();
      expect(")");
      return inner;
    }
    if (std::isdigit(static_cast<unsigned char>(rest()[0])) != 0) return {number()};
    const std::string name(word());
    if (name.empty()) wrong("an operand");
    if (takes("(")) return call(name, arguments());
    if (name == "x") return {0, writer_.x()};
    if (name.size() == 1) return captured(name[0]);
    const auto found = names_.find(name);
    if (found == names_.end()) wrong("a name that stands for something, not " + name);
    return found->second;
  }

  /// p, q and r are not negative, but for a slip.
  Term captured(char name) {
    const auto found = captures_.find(name);
    if (found != captures_.end()) return found->second;
    if (name == 'w') {
      const ValueId row = writer_.growth().row(writer_.x(), -1, 1);
      return captures_[name] = {0, row};
    }
    double value = random_.pick({0.1, 0.2, 0.25, 0.3, 0.5, 0.6, 1.0, 1.0, 1.5, 1.7, 2.0, 3.0, 6.0});
    const bool may_be_negative = name < 'p' || name > 'r';
    if (random_.chance(may_be_negative ? 0.2 : 0.03)) value = -value;
    if (random_.chance(0.03)) value = 0;
    return captures_[name] = {value};
  }

  std::vector<Term> arguments() {
    std::vector<Term> result;
    if (takes(")")) return result;
    do result.push_back(comparison());
    while (takes(","));
    expect(")");
    return result;
  }

  Term call(const std::string& name, const std::vector<Term>& given) {
    const auto is = [&](std::string_view other, std::size_t count) { return name == other && given.size() == count; };
    if (is("relu", 1)) return writer_.clip(given[0], 0, infinity);
    if (is("max", 2)) return writer_.clip(given[0], given[1].number, infinity);
    if (is("min", 2)) return writer_.clip(given[0], -infinity, given[1].number);
    if (is("clip", 3)) return writer_.clip(given[0], given[1].number, given[2].number);
    if (is("not", 1)) return writer_.unary("Not", given[0]);
    if (is("and", 2)) return writer_.commutative("And", given[0], given[1]);
    if (is("or", 2)) return writer_.commutative("Or", given[0], given[1]);
    if (is("where", 3)) return writer_.where(given[0], given[1], given[2]);
    if (is("sqrt", 1))
      return random_.chance(0.8) ? writer_.unary("Sqrt", given[0]) : writer_.binary("Pow", given[0], {0.5});
    if (is("half", 3)) return half(given);
    if (given.size() <= 1) {
      if (const auto own = own_call(name, given)) return *own;
    }
    return activation(name, given);
  }

  /// Along an axis that is one of the tensor's, most often the last.
  Term half(const std::vector<Term>& given) {
    double axis = given[2].number;
    if (std::abs(axis) != std::round(std::abs(axis))) axis = -1;
    return writer_.half(given[0], static_cast<std::size_t>(given[1].number), static_cast<std::int64_t>(axis));
  }

  /// What the optimizer's patterns do not have.
  std::optional<Term> own_call(const std::string& name, const std::vector<Term>& given) {
    Growth& growth = writer_.growth();
    if (name == "row") return Term{0, growth.row(writer_.x(), -1.5, 1.5)};
    if (name == "positive_row") return Term{0, growth.row(writer_.x(), 0.3, 2)};
    if (name == "other") {
      const std::vector<ValueId> all = growth.made_like(writer_.x());
      return Term{0, all.empty() ? writer_.x() : random_.pick(all)};
    }
    if (given.empty()) return std::nullopt;
    const ValueId u = writer_.value(given[0]);
    const std::int64_t last = random_.chance(0.5) ? -1 : growth.rank(u) - 1;
    if (name == "mean") return Term{0, mean(growth, u)};
    if (name == "sum") return Term{0, reduce(growth, "ReduceSum", u, {last})};
    if (name == "largest") return Term{0, reduce(growth, "ReduceMax", u, {last})};
    if (name == "sum_of_squares") return Term{0, reduce(growth, "ReduceSumSquare", u, {last})};
    if (name == "softmax") return Term{0, softmax(growth, "Softmax", u, last)};
    if (name == "dense") return Term{0, dense(growth, u)};
    return std::nullopt;
  }

  Term activation(const std::string& name, const std::vector<Term>& given) {
    const auto& all = optimizer::functions();
    const auto found = std::ranges::find(all, name, &optimizer::Function::name);
    if (found == all.end() || given.empty()) wrong("a function, not " + name);
    Attributes attributes;
    for (std::size_t i = 1; i < given.size(); ++i)
      attributes.emplace(found->attributes[i - 1].name, static_cast<float>(given[i].number));
    return writer_.unary(std::string(found->onnx), given[0], std::move(attributes));
  }

  double number() {
    const std::string_view left = rest();
    double result = 0;
    const auto [end, error] = std::from_chars(left.data(), left.data() + left.size(), result);
    if (error != std::errc()) wrong("a number");
    at_ += static_cast<std::size_t>(end - left.data());
    return result;
  }

  std::string_view word() {
    const std::string_view left = rest();
    const auto end = std::ranges::find_if(left, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; });
    const auto length = static_cast<std::size_t>(end - left.begin());
    at_ += length;
    return left.substr(0, length);
  }

  std::string_view rest() {
    at_ = std::min(text_.find_first_not_of(" \n", at_), text_.size());
    return text_.substr(at_);
  }

  bool takes(std::string_view token) {
    if (!rest().starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  void expect(std::string_view token) {
    if (!takes(token)) wrong(std::string(token));
  }

  [[noreturn]] void wrong(const std::string& expected) {
    fail(ErrorCode::internal, "formula '{}': expected {} at '{}'", text_, expected, rest());
  }

  Writer writer_;
  Random& random_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::map<std::string, Term> names_;
  std::map<char, Term> captures_;
  std::map<std::string, Term> written_;  // by their text
};

}  // namespace

ValueId spell(Growth& growth, std::string_view text, ValueId x) { return Reader(growth, text, x).read(); }

}  // namespace ranvier::random_graphs
