#include "runtime/writer/body.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>

#include "runtime/core/convert.h"
#include "runtime/core/number_text.h"
#include "runtime/writer/graph_proto.h"

namespace ranvier::writer {
namespace {

using Whole = std::vector<std::int64_t>;

/// Adds nodes to a function's body, and reads the text that says which.
class Body {
 public:
  Body(const Function& function, const Signature& signature, onnx::FunctionProto& to)
      : function_(function), signature_(signature), to_(to), rest_(function.definition->body) {
    for (const std::string& input : signature.inputs) values_[input] = input;
  }

  /// All of it; the result is called `y`.
  void read() {
    while (true) {
      const std::vector<std::string> names = assigned();
      const std::string value = comparison();
      if (names.empty() && rest_.empty() && is_last(value)) break;
      if (names.empty()) fail_here("an operator");
      // What a statement names is what its last node makes.
      if (!is_last(value)) fail_here("something to name");
      onnx::NodeProto& last = *to_.mutable_node(to_.node_size() - 1);
      last.clear_output();
      for (const std::string& name : names) {
        last.add_output(name);
        values_[name] = name;
      }
      expect(';');
    }
    to_.mutable_node(to_.node_size() - 1)->set_output(0, "y");
  }

 private:
  /// Whether the value is what the last node makes.
  bool is_last(const std::string& value) const {
    return to_.node_size() > 0 && to_.node(to_.node_size() - 1).output(0) == value;
  }

  [[noreturn]] void fail_here(std::string_view expected) const {
    fail(ErrorCode::internal, "'{}': expected {} before '{}'", function_.definition->body, expected, rest_);
  }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  bool accept(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    skip_blanks();
    return true;
  }

  void expect(char c) {
    if (!accept({&c, 1})) fail_here(fmt::format("'{}'", c));
  }

  /// The letters, digits and underscores that come next; empty where none do.
  std::string word() {
    const auto end = std::ranges::find_if(rest_, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; });
    std::string found(rest_.begin(), end);
    rest_.remove_prefix(found.size());
    skip_blanks();
    return found;
  }

  /// The text of a number that comes next.
  std::string number() {
    double ignored = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), ignored);
    if (error != std::errc()) fail_here("an operand");
    std::string found(rest_.data(), end);
    rest_.remove_prefix(found.size());
    skip_blanks();
    return found;
  }

  /// The names that a statement begins with: "a, b =".
  std::vector<std::string> assigned() {
    const std::string_view before = rest_;
    std::vector<std::string> names;
    do {
      names.push_back(word());
    } while (accept(","));
    if (!rest_.starts_with("==") && accept("=")) return names;
    rest_ = before;
    return {};
  }

  std::string comparison() {
    const std::string left = sum();
    constexpr std::pair<std::string_view, std::string_view> operators[] = {
        {"<=", "LessOrEqual"}, {">=", "GreaterOrEqual"}, {"==", "Equal"}, {"<", "Less"}, {">", "Greater"}};
    for (const auto& [sign, op] : operators)
      if (accept(sign)) return apply(op, {left, sum()});
    return left;
  }

  std::string sum() {
    std::string left = product();
    while (true) {
      if (accept("+")) {
        left = apply("Add", {left, product()});
      } else if (accept("-")) {
        left = apply("Sub", {left, product()});
      } else {
        return left;
      }
    }
  }

  std::string product() {
    std::string left = operand();
    while (true) {
      if (accept("*")) {
        left = apply("Mul", {left, operand()});
      } else if (accept("/")) {
        left = apply("Div", {left, operand()});
      } else {
        return left;
      }
    }
  }

  std::string operand() {
    if (accept("(")) {
      std::string value = comparison();
      expect(')');
      return value;
    }
    if (rest_.starts_with("[")) return constant(whole_numbers());
    if (accept("@")) return attribute_as_operand(word());
    const bool negative = rest_.starts_with("-");
    if (negative && rest_.size() > 1 && std::isdigit(static_cast<unsigned char>(rest_[1])) == 0) {
      accept("-");
      return apply("Neg", {operand()});
    }
    if (rest_.empty()) fail_here("an operand");
    if (negative || std::isdigit(static_cast<unsigned char>(rest_.front())) != 0) return constant(number());
    const std::string name = word();
    if (accept("(")) return call(name);
    if (const auto found = values_.find(name); found != values_.end()) return found->second;
    if (name == "axes") return constant(function_.axes);
    fail_here("something that '" + name + "' is not");
  }

  /// The operands and attributes of an operator, and what follows its "(".
  std::string call(const std::string& op) {
    std::vector<std::string> operands;
    onnx::NodeProto node;
    while (!accept(")")) {
      const std::string_view before = rest_;
      const std::string name = word();
      if (!name.empty() && !rest_.starts_with("==") && accept("=")) {
        attribute(*node.add_attribute(), name);
      } else {
        rest_ = before;
        operands.push_back(comparison());
      }
      if (!rest_.starts_with(")")) expect(',');
    }
    return apply(op, operands, std::move(node));
  }

  void attribute(onnx::AttributeProto& to, const std::string& name) {
    if (accept("@")) {
      refer(to, name, word());
    } else if (accept("axes")) {
      write(name, function_.axes, to);
    } else if (const std::string text = number(); text.find_first_of(".e") != text.npos) {
      write(name, static_cast<float>(*parse_real(text)), to);
    } else {
      write(name, *parse_integer(text), to);
    }
  }

  Whole whole_numbers() {
    Whole numbers;
    expect('[');
    while (!accept("]")) {
      numbers.push_back(*parse_integer(number()));
      if (!rest_.starts_with("]")) expect(',');
    }
    return numbers;
  }

  /// Lets an attribute of a node be that of the function. Returns whether that is a float.
  bool refer(onnx::AttributeProto& to, const std::string& name, const std::string& of_function) const {
    const auto found =
        std::ranges::find(signature_.attributes, of_function, [](const auto& each) { return each.first; });
    if (found == signature_.attributes.end()) fail_here("an attribute that '" + of_function + "' is not");
    const bool is_float = std::holds_alternative<float>(found->second);
    to.set_name(name);
    to.set_ref_attr_name(of_function);
    to.set_type(is_float ? onnx::AttributeProto::FLOAT : onnx::AttributeProto::INT);
    return is_float;
  }

  std::string attribute_as_operand(const std::string& name) {
    std::string& value = values_["@" + name];
    if (!value.empty()) return value;
    onnx::NodeProto node;
    const bool is_float = refer(*node.add_attribute(), "value", name);
    node.mutable_attribute(0)->set_name(is_float ? "value_float" : "value_int");
    std::string made = apply("Constant", {}, std::move(node));
    if (is_float && function_.type != DataType::float32) {
      onnx::NodeProto cast;
      write("to", static_cast<std::int64_t>(function_.type), *cast.add_attribute());
      made = apply("Cast", {made}, std::move(cast));
    }
    return values_["@" + name] = made;
  }

  std::string constant(const std::string& text) {
    const double value = *parse_real(text);
    Tensor tensor(function_.type, {});
    convert(DataType::float64, &value, tensor.type(), tensor.mutable_data(), 1);
    return constant(text, tensor);
  }

  std::string constant(const Whole& numbers) {
    return constant(fmt::format("[{}]", fmt::join(numbers, ", ")),
                    Tensor::of<std::int64_t>({static_cast<std::int64_t>(numbers.size())}, numbers));
  }

  /// The value is made once.
  std::string constant(const std::string& text, const Tensor& tensor) {
    std::string& value = values_[text];
    if (!value.empty()) return value;
    onnx::NodeProto node;
    write("value", tensor, *node.add_attribute());
    return values_[text] = apply("Constant", {}, std::move(node));
  }

  std::string apply(std::string_view op, const std::vector<std::string>& operands, onnx::NodeProto node = {}) {
    node.set_op_type(std::string(op));
    for (const std::string& each : operands) node.add_input(each);
    node.add_output(fmt::format("t{}", to_.node_size() + 1));
    *to_.add_node() = std::move(node);
    return to_.node(to_.node_size() - 1).output(0);
  }

  const Function& function_;
  const Signature& signature_;
  onnx::FunctionProto& to_;
  std::string_view rest_;                      ///< Of the body.
  std::map<std::string, std::string> values_;  ///< By their spelling, the names of values.
};

}  // namespace

onnx::FunctionProto function_proto(const Function& function, std::int64_t opset) {
  const Signature signature = parse_signature(function.definition->signature);
  onnx::FunctionProto proto;
  proto.set_domain("ranvier");
  proto.set_name(function.name);
  for (const std::string& input : signature.inputs) proto.add_input(input);
  for (const auto& [name, otherwise] : signature.attributes) proto.add_attribute(name);
  proto.add_output("y");
  proto.add_opset_import()->set_version(opset);
  Body(function, signature, proto).read();
  return proto;
}

}  // namespace ranvier::writer
