// Building small graphs in tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/graph/graph.h"

namespace ranvier::graph::testing {

/// A graph under construction; names are made up where a test does not care.
class Builder {
 public:
  ValueId input(const std::string& name, DataType type = DataType::float32, DeclaredShape shape = std::nullopt) {
    const ValueId id = graph_.add_value({.name = name, .type = type, .shape = std::move(shape), .constant = {}});
    graph_.inputs.push_back(id);
    return id;
  }

  ValueId constant(const Tensor& tensor) {
    return graph_.add_value({.name = fresh_name(), .type = tensor.type(), .shape = {}, .constant = tensor});
  }

  using Attributes = std::map<std::string, Attribute, std::less<>>;

  std::vector<ValueId> nodes(const std::string& op_type, std::vector<ValueId> inputs, std::size_t outputs,
                             Attributes attributes = {}, std::int64_t version = 17) {
    Node node{.name = op_type + "_" + std::to_string(graph_.nodes.size()),
              .domain = "",
              .op_type = op_type,
              .version = version,
              .inputs = std::move(inputs),
              .outputs = {},
              .attributes = std::move(attributes)};
    for (std::size_t i = 0; i < outputs; ++i)
      node.outputs.push_back(graph_.add_value({.name = fresh_name(), .shape = {}, .constant = {}}));
    graph_.nodes.push_back(node);
    return node.outputs;
  }

  ValueId node(const std::string& op_type, std::vector<ValueId> inputs, Attributes attributes = {},
               std::int64_t version = 17) {
    return nodes(op_type, std::move(inputs), 1, std::move(attributes), version)[0];
  }

  void rename(ValueId id, const std::string& name) { graph_.values[id].name = name; }

  Graph finish(std::vector<ValueId> outputs) {
    graph_.outputs = std::move(outputs);
    return graph_;
  }

  Graph& graph() { return graph_; }

 private:
  std::string fresh_name() const { return "v" + std::to_string(graph_.values.size()); }

  Graph graph_;
};

/// The operators of a graph's nodes, in order.
inline std::vector<std::string> operators_of(const Graph& graph) {
  std::vector<std::string> result;
  for (const Node& node : graph.nodes) result.push_back(node.op_type);
  return result;
}

/// The message of the Error that `function` throws, after its code; "" where it throws none.
template <class Function>
std::string error_of(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return std::string(ranvier::name(error.code())) + ": " + error.what();
  }
  return "";
}

}  // namespace ranvier::graph::testing
