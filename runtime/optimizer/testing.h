// Graphs as text, for the tests of passes.
#pragma once

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operators/table.h"
#include "runtime/core/convert.h"
#include "runtime/graph/testing.h"

namespace ranvier::optimizer::testing {

/// How the text of a graph is meant.
struct Dialect {
  std::int64_t version = 17;                  ///< Of every node.
  DataType type = DataType::float32;          ///< Of the input and of the numbers.
  std::vector<std::int64_t> shape = {40, 6};  ///< Of the input; -1 is called "batch".
};

/// Reads a graph with the input x; its outputs are the values of the last statement, or those named behind an arrow:
///
///     t1=Mul(0.5, x); t2=Elu{alpha=0.5}(x); y=Add(t1, t2) -> t1, y
///
/// Operands are values, scalar constants (2i, -1i: of int64), vectors of int64 ([1,-1]), constants W[2,6] of different
/// numbers, and _ for an absent one. Attributes are ints, floats (1.0), strings and lists of ints.
class Text {
 public:
  explicit Text(std::string_view text, const Dialect& dialect = {}) : rest_(text), dialect_(dialect) {
    graph::DeclaredShape shape(std::in_place);
    for (const std::int64_t dim : dialect.shape) shape->push_back({dim, dim < 0 ? "batch" : ""});
    values_["x"] = builder_.input("x", dialect.type, shape);
  }

  graph::Graph graph() {
    std::vector<graph::ValueId> outputs;
    do outputs = statement();
    while (takes(';'));
    if (takes('-')) {
      takes('>');
      outputs.clear();
      do outputs.push_back(values_.at(word()));
      while (takes(','));
    }
    return builder_.finish(outputs);
  }

 private:
  std::vector<graph::ValueId> statement() {
    std::vector<std::string> names;
    do names.push_back(word());
    while (takes(','));
    takes('=');
    const std::string op_type = word();
    graph::testing::Builder::Attributes attributes;
    if (takes('{')) {
      do {
        const std::string name = word();
        takes('=');
        attributes.emplace(name, attribute());
      } while (takes(','));
      takes('}');
    }
    takes('(');
    std::vector<graph::ValueId> inputs;
    do inputs.push_back(operand());
    while (takes(','));
    takes(')');
    const std::vector<graph::ValueId> outputs =
        builder_.nodes(op_type, inputs, names.size(), attributes, dialect_.version);
    for (std::size_t i = 0; i < names.size(); ++i) {
      builder_.rename(outputs[i], names[i]);
      values_[names[i]] = outputs[i];
    }
    builder_.graph().nodes.back().name = names[0];
    return outputs;
  }

  graph::ValueId operand() {
    if (takes('_')) return graph::none;
    if (next() == '[') return constant(integers());
    if (std::isalpha(static_cast<unsigned char>(next())) == 0) return number();
    const std::string name = word();
    if (next() != '[') return values_.at(name);
    const std::vector<std::int64_t> shape = integers();
    std::vector<double> elements(static_cast<std::size_t>(Shape(shape).elements()));
    for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = 0.125 * (static_cast<double>(i) + 1);
    return real(Shape(shape), elements);
  }

  graph::ValueId number() {
    const std::string text =
        take_while([](char c) { return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '+'; });
    if (text.back() == 'i') return builder_.constant(Tensor::of<std::int64_t>({}, {std::stoll(text)}));
    return real({}, {std::stod(text)});
  }

  graph::ValueId real(const Shape& shape, const std::vector<double>& elements) {
    Tensor tensor(dialect_.type, shape);
    convert(DataType::float64, elements.data(), dialect_.type, tensor.mutable_data(), tensor.elements());
    return builder_.constant(tensor);
  }

  graph::ValueId constant(const std::vector<std::int64_t>& elements) {
    return builder_.constant(Tensor::of<std::int64_t>({static_cast<std::int64_t>(elements.size())}, elements));
  }

  graph::Attribute attribute() {
    if (next() == '[') return integers();
    const std::string text = take_while([](char c) { return std::isalnum(c) != 0 || c == '.' || c == '-'; });
    if (std::isalpha(static_cast<unsigned char>(text[0])) != 0) return text;
    if (text.find('.') != std::string::npos) return std::stof(text);
    return std::int64_t{std::stoll(text)};
  }

  std::vector<std::int64_t> integers() {
    std::vector<std::int64_t> result;
    takes('[');
    do result.push_back(std::stoll(take_while([](char c) { return std::isdigit(c) != 0 || c == '-'; })));
    while (takes(','));
    takes(']');
    return result;
  }

  std::string word() {
    return take_while([](char c) { return std::isalnum(c) != 0 || c == '_'; });
  }

  template <class Predicate>
  std::string take_while(const Predicate& predicate) {
    next();
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), predicate);
    const std::string result(rest_.begin(), end);
    if (result.empty()) throw std::invalid_argument("graph text at '" + std::string(rest_) + "'");
    rest_.remove_prefix(result.size());
    return result;
  }

  /// The next character that is no space.
  char next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size()));
    return rest_.empty() ? '\0' : rest_.front();
  }

  bool takes(char c) {
    if (next() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
  const Dialect dialect_;
  graph::testing::Builder builder_;
  std::map<std::string, graph::ValueId> values_;
};

inline graph::Graph graph_of(std::string_view text, const Dialect& dialect = {}) { return Text(text, dialect).graph(); }

/// The first output of the graph for x, by the operators' references.
inline Tensor evaluated(const graph::Graph& graph, const Tensor& x) {
  std::vector<Tensor> values(graph.values.size());
  for (graph::ValueId id = 0; id < values.size(); ++id)
    if (const Tensor* constant = graph.constant(id)) values[id] = *constant;
  values[graph.inputs[0]] = x;
  for (const graph::Node& node : graph.nodes) {
    std::vector<const Tensor*> operands;
    for (const graph::ValueId id : node.inputs) operands.push_back(id == graph::none ? nullptr : &values[id]);
    const operators::Operator* op = operators::find_operator(node.domain, node.op_type, node.version);
    std::vector<Tensor> outputs = operators::evaluate(*op, node, operands);
    for (std::size_t i = 0; i < outputs.size(); ++i) values[node.outputs[i]] = outputs[i];
  }
  return values[graph.outputs[0]];
}

/// A node as text: "Elu{alpha=0.5}", with "ranvier::" before where it is one of Ranvier's own.
inline std::string describe(const graph::Node& node) {
  std::string text = (node.domain.empty() ? "" : node.domain + "::") + node.op_type;
  std::string separator = "{";
  for (const auto& [name, attribute] : node.attributes) {
    text += separator + name + "=";
    if (const auto* number = std::get_if<float>(&attribute)) text += fmt::format("{}", *number);
    if (const auto* integer = std::get_if<std::int64_t>(&attribute)) text += fmt::format("{}", *integer);
    if (const auto* word = std::get_if<std::string>(&attribute)) text += *word;
    separator = ", ";
  }
  return node.attributes.empty() ? text : text + "}";
}

/// All nodes of a graph, in order.
inline std::string describe(const graph::Graph& graph) {
  std::string text;
  for (const graph::Node& node : graph.nodes) text += (text.empty() ? "" : " ") + describe(node);
  return text;
}

}  // namespace ranvier::optimizer::testing
