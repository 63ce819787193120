#include "runtime/planner/analysis.h"

#include <algorithm>
#include <new>

#include "operators/table.h"

namespace ranvier::planner {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;
using operators::Operator;
using operators::Spec;
using operators::TensorInfo;

/// Larger results of constant nodes are computed in each run rather than kept.
constexpr std::size_t largest_folded = std::size_t{16} << 20;

class Analyser {
 public:
  Analyser(const graph::Graph& graph, std::span<const Given> given, const operators::Settings& settings)
      : graph_(graph), settings_(settings) {
    result_.values.resize(graph.values.size());
    result_.nodes.resize(graph.nodes.size(), Fate::skipped);
    result_.definitions.resize(graph.nodes.size(), nullptr);
    for (ValueId id = 0; id < graph.values.size(); ++id)
      if (const auto& constant = graph.values[id].constant)
        result_.values[id] = {constant->type(), constant->shape(), &*constant, true};
    for (const Given& each : given) result_.values[each.id] = each.info;
  }

  void analyse(NodeId n) {
    const Node& node = graph_.nodes[n];
    try {
      result_.nodes[n] = fate(n, node);
    } catch (const Error& error) {
      const bool own_fault = error.code() == ErrorCode::invalid_argument && follows_from_model(node);
      throw Error(own_fault ? ErrorCode::invalid_model : error.code(), error.what()).within(node.describe(graph_));
    } catch (const std::bad_alloc&) {
      fail(ErrorCode::out_of_memory, "{}: memory ran out", node.describe(graph_));
    }
  }

  Analysis result() && { return std::move(result_); }

 private:
  Fate fate(NodeId n, const Node& node) {
    const Operator* op = operators::find_operator(node);
    if (op == nullptr) fail(ErrorCode::unsupported, "the operator is not supported");
    result_.definitions[n] = op;
    std::vector<TensorInfo> inputs;
    for (const ValueId id : node.inputs) {
      if (id != graph::none && !result_.values[id].present()) return Fate::deferred;
      inputs.push_back(id == graph::none ? TensorInfo{} : result_.values[id]);
    }
    Spec spec(node, std::move(inputs), settings_);
    operators::check_operands(*op, spec);
    if (awaits_values(*op, spec)) return Fate::deferred;
    const bool constant = !op->random && (op->reads_shapes_only || all_known(spec));
    if (op->evaluate == nullptr) {
      op->infer(spec);
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < spec.output_count(); ++i) {
        const TensorInfo& output = spec.output(i);
        if (!output.present()) continue;
        operators::check_size(i, output, settings_);
        bytes += byte_size(output.type, output.shape);
        result_.values[node.outputs[i]] = output;
      }
      if (!constant || bytes > largest_folded) return Fate::planned;
    }
    fold(*op, node, spec);
    return Fate::folded;
  }

  /// Whether all that the node sees is the same whatever the inputs are.
  bool follows_from_model(const Node& node) const {
    return std::all_of(node.inputs.begin(), node.inputs.end(),
                       [&](ValueId id) { return id == graph::none || result_.values[id].from_model; });
  }

  static bool all_known(const Spec& spec) {
    for (std::size_t i = 0; i < spec.input_count(); ++i)
      if (spec.input(i).present() && spec.input(i).value == nullptr) return false;
    return true;
  }

  /// Whether the node needs the contents of inputs that only a run knows; notes which.
  bool awaits_values(const Operator& op, const Spec& spec) {
    bool waits = false;
    const auto need = [&](std::size_t i) {
      if (!spec.input(i).present() || spec.input(i).value != nullptr) return;
      result_.awaited.push_back(spec.node().inputs[i]);
      waits = true;
    };
    if (op.evaluate != nullptr) {
      for (std::size_t i = 0; i < spec.input_count(); ++i) need(i);
    } else {
      for (const std::size_t i : operators::value_inputs(op, spec.node())) need(i);
    }
    return waits;
  }

  void fold(const Operator& op, const Node& node, const Spec& spec) {
    std::vector<Tensor> shapes_only(spec.input_count());
    std::vector<const Tensor*> inputs;
    for (std::size_t i = 0; i < spec.input_count(); ++i) {
      const TensorInfo& input = spec.input(i);
      if (input.present() && input.value == nullptr) {
        shapes_only[i] = Tensor::view(input.type, static_cast<const void*>(nullptr), input.shape);
        inputs.push_back(&shapes_only[i]);
      } else {
        inputs.push_back(input.value);
      }
    }
    std::vector<Tensor> outputs = operators::evaluate(op, node, inputs, settings_);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (!outputs[i].defined() || !spec.wants_output(i)) continue;
      const Tensor& kept = result_.folded.emplace_back(std::move(outputs[i]));
      result_.values[node.outputs[i]] = {kept.type(), kept.shape(), &kept, follows_from_model(node)};
    }
  }

  const graph::Graph& graph_;
  const operators::Settings settings_;
  Analysis result_;
};

}  // namespace

Analysis analyse(const graph::Graph& graph, std::span<const Given> given, const std::vector<bool>& wanted,
                 const operators::Settings& settings) {
  Analyser analyser(graph, given, settings);
  for (NodeId n = 0; n < graph.nodes.size(); ++n)
    if (wanted.empty() || wanted[n]) analyser.analyse(n);
  return std::move(analyser).result();
}

}  // namespace ranvier::planner
