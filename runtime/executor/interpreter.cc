#include "runtime/executor/interpreter.h"

#include <new>

#include "operators/table.h"
#include "runtime/executor/execution.h"

namespace ranvier::executor {

using graph::Node;
using graph::ValueId;

std::vector<Tensor> interpret(const graph::Graph& graph, const std::vector<Tensor>& inputs,
                              const operators::Settings& settings, const std::stop_token& stop) {
  std::vector<Tensor> values(graph.values.size());
  for (ValueId id = 0; id < values.size(); ++id)
    if (graph.values[id].constant) values[id] = *graph.values[id].constant;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].defined()) values[graph.inputs[i]] = inputs[i];
  std::vector<std::uint32_t> uses = graph::use_counts(graph);
  for (const Node& node : graph.nodes) {
    check(stop);
    try {
      const operators::Operator* op = operators::find_operator(node);
      if (op == nullptr) fail(ErrorCode::unsupported, "the operator is not supported");
      std::vector<const Tensor*> operands;
      for (const ValueId id : node.inputs) operands.push_back(id == graph::none ? nullptr : &values[id]);
      std::vector<Tensor> outputs = operators::evaluate(*op, node, operands, settings);
      for (std::size_t i = 0; i < node.outputs.size() && i < outputs.size(); ++i)
        if (node.outputs[i] != graph::none) values[node.outputs[i]] = std::move(outputs[i]);
    } catch (const Error& error) {
      throw error.within(node.describe(graph));
    } catch (const std::bad_alloc&) {
      fail(ErrorCode::out_of_memory, "{}: memory ran out", node.describe(graph));
    }
    for (const ValueId id : graph::values_read(node))
      if (--uses[id] == 0) values[id] = Tensor();
  }
  std::vector<Tensor> outputs;
  for (const ValueId id : graph.outputs) outputs.push_back(values[id].copy());
  return outputs;
}

}  // namespace ranvier::executor
