#include "tools/profile/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "runtime/executor/binding_parts.h"
#include "runtime/executor/machine.h"
#include "runtime/executor/model_parts.h"
#include "runtime/planner/analysis.h"
#include "tools/layers.h"

namespace ranvier::profile {
namespace {

using graph::ValueId;
using operators::TensorInfo;

/// Of their first input, they read what they give.
constexpr std::array<std::string_view, 6> picking = {"CenterCropPad",  "Compress", "Gather",
                                                     "GatherElements", "GatherND", "Slice"};

std::int64_t bytes_of(const TensorInfo& info) { return static_cast<std::int64_t>(byte_size(info.type, info.shape)); }

/// What planning knows of each value.
planner::Analysis analysis_of(const Binding::Parts& parts) {
  const graph::Graph& graph = parts.model.parts().graph;
  std::vector<planner::Given> given;
  for (std::size_t i = 0; i < parts.inputs.size(); ++i)
    if (parts.inputs[i].defined())
      given.push_back({graph.inputs[i], {parts.inputs[i].type(), parts.inputs[i].shape()}});
  return planner::analyse(graph, given, {},
                          {.threads = 1,
                           .strict_onnx = parts.model.parts().options.strict_onnx,
                           .memory_limit = executor::available_memory()});
}

std::vector<tools::Layer> layers_of(const graph::Graph& graph, const std::vector<TensorInfo>& values) {
  std::vector<graph::DeclaredShape> shapes(values.size());
  for (ValueId id = 0; id < values.size(); ++id) {
    if (!values[id].present()) continue;
    shapes[id].emplace();
    for (const std::int64_t dim : values[id].shape) shapes[id]->push_back({dim, ""});
  }
  return tools::layers(graph, shapes);
}

class Counter {
 public:
  Counter(const graph::Graph& graph, const std::vector<TensorInfo>& values)
      : graph_(graph), values_(values), layers_(layers_of(graph, values)) {}

  Work of_node(graph::NodeId n, std::string_view implementation) {
    const graph::Node& node = graph_.nodes[n];
    Work work{.name = layers_[n].name,
              .op = layers_[n].op,
              .implementation = std::string(implementation),
              .inputs = {},
              .outputs = {},
              .flops = layers_[n].flops};
    for (const ValueId id : node.outputs) {
      if (id == graph::none) continue;
      work.outputs.push_back({values_[id].type, values_[id].shape});
      work.bytes += bytes_of(values_[id]);
    }
    const std::int64_t written = work.bytes;
    const bool picks = std::find(picking.begin(), picking.end(), node.op_type) != picking.end();
    std::set<ValueId> read;
    for (const ValueId id : graph::values_read(node)) {
      const TensorInfo& info = values_[id];
      if (!info.present()) continue;
      work.inputs.push_back({info.type, info.shape});
      if (!read.insert(id).second) continue;
      std::int64_t bytes = bytes_of(info);
      if (picks && id == node.inputs[0]) bytes = std::min(bytes, written);
      work.bytes += bytes;
      if (info.value != nullptr && constants_.insert(info.value->data()).second) constant_bytes_ += bytes;
    }
    return work;
  }

  /// What a step hands to others of its blocks, and takes from them, stays in the caches.
  std::int64_t bytes_within_blocks(const planner::Step& step) const {
    const graph::Node& node = graph_.nodes[step.node];
    std::set<ValueId> kept;
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (std::holds_alternative<planner::BlockOffset>(step.inputs[i])) kept.insert(node.inputs[i]);
    for (std::size_t i = 0; i < node.outputs.size(); ++i)
      if (std::holds_alternative<planner::BlockOffset>(step.outputs[i])) kept.insert(node.outputs[i]);
    std::int64_t bytes = 0;
    for (const ValueId id : kept) bytes += bytes_of(values_[id]);
    return bytes;
  }

  Work of_copy(const planner::Port& output, std::string_view implementation) const {
    const Operand operand{output.type, output.shape};
    return {.name = graph_.values[output.id].name,
            .op = "copy",
            .implementation = std::string(implementation),
            .inputs = {operand},
            .outputs = {operand},
            .flops = 0,
            .bytes = 2 * bytes_of(values_[output.id])};
  }

  /// Of the nodes so far.
  std::int64_t constant_bytes() const { return constant_bytes_; }

 private:
  const graph::Graph& graph_;
  const std::vector<TensorInfo>& values_;
  const std::vector<tools::Layer> layers_;
  std::set<const void*> constants_;
  std::int64_t constant_bytes_ = 0;
};

/// Steps that run by blocks of rows.
Work together(const std::vector<Work>& works) {
  Work sum{.name = fmt::format("{} .. {}", works.front().name, works.back().name),
           .op = fmt::format("{} steps by blocks", works.size()),
           .implementation = works.front().implementation,
           .inputs = works.front().inputs,
           .outputs = works.back().outputs};
  for (const Work& work : works) {
    sum.flops += work.flops;
    sum.bytes += work.bytes;
  }
  return sum;
}

}  // namespace

PlanWork work_of(const Binding& binding) {
  const Binding::Parts& parts = binding.parts();
  const planner::Plan& plan = parts.execution.plan();
  const planner::Analysis analysis = analysis_of(parts);
  Counter counter(parts.model.parts().graph, analysis.values);
  PlanWork result;
  const executor::Execution& execution = parts.execution;
  for (std::size_t call = 0; call < execution.calls(); ++call) {
    std::vector<Work> works;
    for (std::size_t s = execution.first_step(call); s < execution.first_step(call + 1); ++s) {
      const planner::Step& step = plan.steps[s];
      if (step.node == graph::none) {
        const std::size_t output = std::get<planner::PlanOutput>(step.outputs[0]).index;
        works.push_back(counter.of_copy(plan.outputs[output], step.implementation));
      } else {
        works.push_back(counter.of_node(step.node, step.implementation));
        works.back().bytes -= counter.bytes_within_blocks(step);
      }
    }
    result.steps.push_back(works.size() == 1 ? works[0] : together(works));
  }
  result.footprint = counter.constant_bytes() + static_cast<std::int64_t>(plan.arena_bytes);
  for (const std::vector<Tensor>* tensors : {&parts.inputs, &parts.outputs})
    for (const Tensor& each : *tensors)
      if (each.defined()) result.footprint += static_cast<std::int64_t>(each.bytes());
  return result;
}

std::string operands_text(const std::vector<Operand>& operands) {
  std::vector<std::string> words;
  for (const Operand& each : operands) words.push_back(fmt::format("{} {}", name(each.type), to_string(each.shape)));
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace ranvier::profile
