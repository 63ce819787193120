#include "tests/random_graphs/interpreter.h"

#include "operators/table.h"

namespace ranvier::random_graphs {

std::vector<Tensor> by_reference(const operators::Operator& op, const graph::Node& node,
                                 const std::vector<const Tensor*>& operands) {
  return operators::evaluate(op, node, operands);
}

std::vector<Tensor> values_of(const graph::Graph& graph, const std::vector<Tensor>& inputs, const Evaluate& evaluate) {
  std::vector<Tensor> values(graph.values.size());
  for (graph::ValueId id = 0; id < values.size(); ++id)
    if (graph.values[id].constant) values[id] = *graph.values[id].constant;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].defined()) values[graph.inputs[i]] = inputs[i];
  for (const graph::Node& node : graph.nodes) {
    std::vector<const Tensor*> operands;
    for (const graph::ValueId id : node.inputs) operands.push_back(id == graph::none ? nullptr : &values[id]);
    const operators::Operator* op = operators::find_operator(node.domain, node.op_type, node.version);
    std::vector<Tensor> results = evaluate(*op, node, operands);
    for (std::size_t i = 0; i < node.outputs.size(); ++i)
      if (node.outputs[i] != graph::none) values[node.outputs[i]] = std::move(results[i]);
  }
  return values;
}

}  // namespace ranvier::random_graphs
