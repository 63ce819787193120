#include "tests/random_graphs/growth.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "operators/table.h"
#include "runtime/core/convert.h"

namespace ranvier::random_graphs {
namespace {

using graph::Node;

/// What a value may have: more elements take time, larger numbers lose their digits in the sums that follow.
constexpr std::int64_t most_elements = 4096;
constexpr double largest = 1000;

void check(const Tensor& tensor) {
  if (tensor.elements() > most_elements) fail(ErrorCode::unsupported, "{} elements", tensor.elements());
  if (!is_real(tensor.type())) return;
  for (const double x : doubles(tensor))
    if (!(std::abs(x) <= largest)) fail(ErrorCode::unsupported, "{} is out of range", x);
}

/// Operators whose second operand has to fit into the first before opset 7, where an attribute allows it.
bool is_binary(const std::string& op_type) {
  static const std::set<std::string> all = {"Add", "And", "Div", "Equal", "Greater", "Less",
                                            "Mul", "Or",  "Pow", "Sub",   "Xor"};
  return all.contains(op_type);
}

/// The least opset at which the operator has the inputs and attributes that Growth's callers give it.
std::int64_t oldest_form(const std::string& op_type) {
  static const std::map<std::string, std::int64_t> all = {
      {"BatchNormalization", 7}, {"Cast", 6}, {"Concat", 4}, {"Gemm", 7}, {"PRelu", 7}, {"Reshape", 5}};
  const auto found = all.find(op_type);
  return found == all.end() ? 1 : found->second;
}

}  // namespace

Tensor real_tensor(DataType type, const Shape& shape, const std::vector<double>& elements) {
  Tensor tensor(type, shape);
  if (!is_real(type)) fail(ErrorCode::unsupported, "{} elements are no real numbers", name(type));
  convert(DataType::float64, elements.data(), type, tensor.mutable_data(), tensor.elements());
  return tensor;
}

std::vector<double> doubles(const Tensor& tensor) {
  std::vector<double> result(static_cast<std::size_t>(tensor.elements()));
  convert(tensor.type(), tensor.data(), DataType::float64, result.data(), tensor.elements());
  return result;
}

double nearly(Random& random, double value) {
  const double factor = random.pick({1.00005, 1.0002, 1.001, 1.01, 0.9, -1.0, 2.0, 0.0});
  return random.chance(0.2) ? value + factor : value * factor;
}

graph::DeclaredShape as_declared(const Shape& shape, bool known) {
  graph::DeclaredShape declared(std::in_place);
  for (const std::int64_t size : shape) declared->push_back({known ? size : -1, ""});
  return declared;
}

bool is_real(DataType type) { return FloatTypes::set.contains(type); }

ValueId Growth::add_value(const std::string& prefix, const Tensor& contents, bool fixed) {
  const std::string name = prefix + std::to_string(graph_.values.size());
  contents_.push_back(contents);
  fixed_.push_back(fixed);
  return graph_.add_value({.name = name, .type = contents.type()});
}

ValueId Growth::input(std::string name, const graph::DeclaredShape& declared, const Tensor& contents) {
  const ValueId id = add_value("", contents, false);
  graph_.values[id].name = std::move(name);
  graph_.values[id].shape = declared;
  graph_.inputs.push_back(id);
  return id;
}

ValueId Growth::initializer(const Tensor& tensor) {
  const ValueId id = add_value("c", tensor, true);
  graph_.values[id].constant = tensor;
  return id;
}

ValueId Growth::constant(const Tensor& tensor) {
  if (random.chance(habits.constant_nodes)) {
    const ValueId made = add({.op_type = "Constant", .version = habits.opset, .attributes = {{"value", tensor}}}, 1)[0];
    fixed_[made] = true;
    return made;
  }
  const ValueId id = initializer(tensor);
  if (is_real(tensor.type()) && random.chance(habits.defaults)) {
    graph_.values[id].shape = as_declared(tensor.shape());
    graph_.values[id].overridable = true;
    graph_.inputs.push_back(id);
  }
  return id;
}

ValueId Growth::integers(const std::vector<std::int64_t>& elements) {
  return constant(Tensor::of<std::int64_t>({static_cast<std::int64_t>(elements.size())}, elements));
}

ValueId Growth::number(double value, ValueId with) {
  if (random.chance(habits.slips)) value = nearly(random, value);
  const Shape& like = shape(with);
  Shape shape;
  if (random.chance(habits.odd_shapes)) {
    const std::size_t rank = like.rank();
    const auto choice = random.below(6);
    if (choice == 0) shape = {1};
    if (choice == 1) shape = Shape::filled(rank, 1);
    if (choice == 2 && rank > 0) shape = {like.back()};
    if (choice == 3) shape = like;
    if (choice == 4) shape = Shape::filled(rank + 1, 1);  // which adds a dimension
    if (choice == 5 && rank > 0) {                        // which may stretch one
      shape = Shape::filled(rank, 1);
      shape[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(rank)))] = 3;
    }
  }
  const auto count = static_cast<std::size_t>(shape.elements());
  return constant(real_tensor(type(with), shape, std::vector<double>(count, value)));
}

ValueId Growth::numbers(const Shape& shape, double low, double high, ValueId with) {
  std::vector<double> elements(static_cast<std::size_t>(shape.elements()));
  for (double& element : elements) element = random.between(low, high);
  return constant(real_tensor(type(with), shape, elements));
}

ValueId Growth::row(ValueId with, double low, double high) {
  const Shape& like = shape(with);
  if (like.empty()) fail(ErrorCode::unsupported, "a scalar has no rows");
  Shape shape = {like.back()};
  if (random.chance(habits.odd_shapes)) {
    const auto choice = random.below(4);
    if (choice == 0) shape = {1};
    if (choice == 1) shape.insert(0, 1);
    if (choice == 2) shape = like;
    if (choice == 3) shape.push_back(1);  // a column
  }
  return numbers(shape, low, high, with);
}

std::int64_t Growth::version_of(const std::string& op_type) {
  const std::int64_t least = oldest_form(op_type);
  if (random.chance(habits.old_nodes) && habits.opset > least) {
    const std::int64_t older = least + random.below(habits.opset - least);
    if (operators::find_operator("", op_type, older) != nullptr) return older;
  }
  return habits.opset;
}

ValueId Growth::through_no_op(ValueId id) {
  if (id == graph::none || !is_real(type(id))) return id;
  const auto choice = random.below(8);
  const std::int64_t version = habits.opset;
  if (choice < 3) return add({.op_type = "Identity", .version = version, .inputs = {id}}, 1)[0];
  if (choice < 6) {
    const bool other = random.chance(0.1);  // which rounds, or ends in an operator that has one type for all
    const DataType to = other ? random.pick({DataType::float16, DataType::float32, DataType::float64}) : type(id);
    const Attributes attributes = {{"to", std::int64_t{static_cast<int>(to)}}};
    const ValueId cast = add({.op_type = "Cast", .version = version, .inputs = {id}, .attributes = attributes}, 1)[0];
    if (to == type(id) || random.chance(0.1)) return cast;
    const Attributes back = {{"to", std::int64_t{static_cast<int>(type(id))}}};
    return add({.op_type = "Cast", .version = version, .inputs = {cast}, .attributes = back}, 1)[0];
  }
  const bool product = random.chance(0.5);
  std::vector<ValueId> operands = {id, number(product ? 1 : 0, id)};
  if (random.chance(0.5)) std::swap(operands[0], operands[1]);
  return add({.op_type = product ? "Mul" : "Add", .version = version, .inputs = operands}, 1)[0];
}

std::vector<ValueId> Growth::nodes(const std::string& op_type, std::vector<ValueId> inputs, std::size_t outputs,
                                   Attributes attributes, std::int64_t version) {
  for (ValueId& id : inputs) {
    if (!random.chance(habits.no_ops)) continue;
    try {
      id = through_no_op(id);
    } catch (const Error&) {  // too large, where it stretches a dimension
    }
  }
  Node node{.op_type = op_type, .version = version, .inputs = std::move(inputs), .attributes = std::move(attributes)};
  if (random.chance(habits.slips)) {
    try {
      Node slip = node;
      if (version == 0) slip.version = habits.opset;
      return add(slipped(*this, std::move(slip)), outputs);
    } catch (const Error&) {  // no valid node: the one that was meant, then
    }
  }
  if (version == 0) {
    node.version = version_of(op_type);
    if (node.version != habits.opset) {
      try {
        Node old = node;
        if (is_binary(op_type) && old.version < 7) old.attributes["broadcast"] = std::int64_t{1};
        return add(std::move(old), outputs);
      } catch (const Error&) {  // another form
        node.version = habits.opset;
      }
    }
  }
  return add(std::move(node), outputs);
}

std::vector<ValueId> Growth::add(Node node, std::size_t outputs) {
  const operators::Operator* op = operators::find_operator(node.domain, node.op_type, node.version);
  if (op == nullptr) fail(ErrorCode::unsupported, "opset {} has no {}", node.version, node.op_type);
  std::vector<const Tensor*> operands;
  for (const ValueId id : node.inputs) operands.push_back(id == graph::none ? nullptr : &contents_[id]);
  node.outputs.resize(outputs);  // evaluate looks at their number
  const std::vector<Tensor> results = operators::evaluate(*op, node, operands);
  for (const Tensor& result : results) check(result);
  for (std::size_t i = 0; i < outputs; ++i) node.outputs[i] = add_value("v", results[i], false);
  node.name = node.op_type + "_" + std::to_string(graph_.nodes.size());
  graph_.nodes.push_back(node);
  for (const ValueId id : node.outputs)
    if (random.chance(habits.leaks)) leaks_.push_back(id);
  return node.outputs;
}

std::vector<ValueId> Growth::made() const {
  std::vector<ValueId> all = graph_.inputs;
  for (const Node& node : graph_.nodes) all.insert(all.end(), node.outputs.begin(), node.outputs.end());
  return all;
}

std::vector<ValueId> Growth::made_like(ValueId id) const {
  std::vector<ValueId> all = made();
  std::erase_if(all, [&](ValueId other) { return type(other) != type(id) || shape(other) != shape(id); });
  return all;
}

std::vector<ValueId> Growth::constants_of(DataType element_type, const Shape& wanted) const {
  std::vector<ValueId> all;
  for (ValueId id = 0; id < graph_.values.size(); ++id)
    if (graph_.values[id].constant && type(id) == element_type && shape(id) == wanted) all.push_back(id);
  return all;
}

void Growth::shrink(std::size_t nodes) {
  graph_.nodes.resize(nodes);
  std::set<ValueId> exist;
  for (const Node& node : graph_.nodes) exist.insert(node.outputs.begin(), node.outputs.end());
  std::erase_if(leaks_, [&](ValueId id) { return !exist.contains(id); });
}

graph::Graph Growth::finish(const std::vector<ValueId>& outputs) {
  graph_.outputs = outputs;
  if (!habits.declares) return graph_;
  const auto is_known = [&](ValueId id) {
    const graph::DeclaredShape& declared = graph_.values[id].shape;
    return declared && std::ranges::all_of(*declared, &graph::Dimension::known);
  };
  const bool known = std::ranges::all_of(graph_.inputs, is_known);
  for (const Node& node : graph_.nodes)
    for (const ValueId id : node.outputs) graph_.values[id].shape = as_declared(shape(id), known);
  return graph_;
}

}  // namespace ranvier::random_graphs
