// Leaving out of a failing example whatever can be left out.
#include <algorithm>

#include "runtime/graph/patch.h"
#include "tests/random_graphs/check.h"
#include "tests/random_graphs/growth.h"
#include "tests/random_graphs/interpreter.h"

namespace ranvier::random_graphs {
namespace {

using graph::Graph;
using graph::Node;

/// Everybody reads the second value in place of the first.
Graph replaced(Graph graph, ValueId old_value, ValueId new_value) {
  for (Node& node : graph.nodes) std::ranges::replace(node.inputs, old_value, new_value);
  std::ranges::replace(graph.outputs, old_value, new_value);
  return graph;
}

class Smaller {
 public:
  explicit Smaller(const Example& example) : example_(example) {}

  /// The example with fewer outputs, or fewer results of nodes that anybody reads.
  std::vector<Example> all() const {
    std::vector<Example> result;
    const Graph& graph = example_.graph;
    for (std::size_t i = 0; graph.outputs.size() > 1 && i < graph.outputs.size(); ++i) {
      Graph fewer = graph;
      fewer.outputs.erase(fewer.outputs.begin() + static_cast<std::ptrdiff_t>(i));
      result.push_back(with(std::move(fewer)));
    }
    const std::vector<Tensor> contents = values_of(graph, example_.inputs[0].tensors);
    const std::vector<std::uint32_t> uses = graph::use_counts(graph);
    for (std::size_t n = graph.nodes.size(); n-- > 0;) {
      for (const ValueId output : graph.nodes[n].outputs) {
        if (output == graph::none || uses[output] == 0) continue;
        result.push_back(with_input(output, contents[output]));
        for (const ValueId input : graph.nodes[n].inputs)
          if (input != graph::none && contents[input].type() == contents[output].type())
            result.push_back(with(replaced(graph, output, input)));
      }
    }
    return result;
  }

 private:
  Example with(Graph graph) const { return {graph::sweep(graph), example_.opset, example_.inputs}; }

  /// The value is an input, and what computes it is not there.
  Example with_input(ValueId id, const Tensor& contents) const {
    Graph graph = example_.graph;
    const std::string name = "in_" + graph.values[id].name;
    const ValueId input =
        graph.add_value({.name = name, .type = contents.type(), .shape = as_declared(contents.shape())});
    graph.inputs.push_back(input);
    Example result = with(replaced(std::move(graph), id, input));
    result.inputs[0].tensors.push_back(contents);
    return result;
  }

  const Example& example_;
};

}  // namespace

Example reduced(Example example, Failure& failure, const Fails& fails) {
  example.inputs = {example.inputs[failure.input]};
  for (bool changed = true; changed;) {
    changed = false;
    std::vector<Example> smaller;
    try {
      smaller = Smaller(example).all();
    } catch (const Error&) {  // the example fails because it does not run at all
    }
    for (Example& candidate : smaller) {
      const auto own = fails(candidate);
      if (!own) continue;
      failure = *own;
      example = std::move(candidate);
      changed = true;
      break;
    }
  }
  return example;
}

}  // namespace ranvier::random_graphs
