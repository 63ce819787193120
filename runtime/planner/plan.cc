#include "runtime/planner/plan.h"

#include <algorithm>
#include <optional>

#include "operators/copy.h"
#include "runtime/planner/placement.h"

namespace ranvier::planner {
namespace {

using graph::Node;
using graph::NodeId;
using graph::ValueId;
using operators::Implementation;
using operators::Operator;
using operators::Spec;
using operators::TensorInfo;

/// Builds a Plan from an Analysis: which steps remain, which kernels they get, where their operands lie.
class Planner {
 public:
  Planner(const graph::Graph& graph, std::span<const Given> given, Analysis analysis,
          const operators::Settings& settings)
      : graph_(graph),
        settings_(settings),
        analysis_(std::move(analysis)),
        roots_(graph.values.size()),
        locations_(graph.values.size()) {
    for (ValueId id = 0; id < roots_.size(); ++id) roots_[id] = id;
    for (const Given& each : given) {
      if (each.info.value == nullptr) locations_[each.id] = PlanInput{plan_.inputs.size()};
      plan_.inputs.push_back({each.id, each.info.type, each.info.shape});
    }
  }

  Plan make() && {
    choose_outputs();
    choose_nodes();
    share_views();
    place_outputs();
    for (const NodeId n : nodes_) add_step(n);
    choose_blocks();
    add_copies();
    place_in_arena();
    for (Step& step : plan_.steps)
      if (step.node != graph::none) locate_operands(step);
    for (const Blocks& blocks : plan_.blocks)
      for (std::size_t s = blocks.first_step; s < blocks.end_step; ++s) measure_rows(plan_.steps[s], blocks.rows);
    plan_.constants = std::move(analysis_.folded);
    return std::move(plan_);
  }

 private:
  const TensorInfo& info(ValueId id) const { return analysis_.values[id]; }
  bool constant(ValueId id) const { return info(id).value != nullptr; }
  bool given(ValueId id) const { return std::holds_alternative<PlanInput>(locations_[id]); }
  bool unplaced(ValueId id) const { return std::holds_alternative<Absent>(locations_[id]); }

  /// The outputs are the graph's, unless nodes are deferred: then those that are known, and what the deferred read.
  void choose_outputs() {
    const auto add = [&](ValueId id) { plan_.outputs.push_back({id, info(id).type, info(id).shape}); };
    if (std::count(analysis_.nodes.begin(), analysis_.nodes.end(), Fate::deferred) == 0) {
      for (const ValueId id : graph_.outputs) add(id);
      return;
    }
    std::vector<bool> added(graph_.values.size(), false);
    const auto add_once = [&](ValueId id) {
      if (!info(id).present() || added[id]) return;
      added[id] = true;
      add(id);
    };
    for (const ValueId id : graph_.outputs) add_once(id);
    plan_.deferred.resize(graph_.nodes.size(), false);
    for (NodeId n = 0; n < graph_.nodes.size(); ++n) {
      if (analysis_.nodes[n] != Fate::deferred) continue;
      plan_.deferred[n] = true;
      for (const ValueId id : values_read(graph_.nodes[n]))
        if (graph_.constant(id) == nullptr) add_once(id);
    }
    plan_.awaited = std::move(analysis_.awaited);
    for (const Port& output : plan_.outputs)
      if (constant(output.id)) plan_.awaited.push_back(output.id);
  }

  /// The planned nodes that an output needs, in order.
  void choose_nodes() {
    std::vector<bool> needed(graph_.values.size(), false);
    for (const Port& output : plan_.outputs) needed[output.id] = true;
    for (auto n = static_cast<NodeId>(graph_.nodes.size()); n-- > 0;) {
      if (analysis_.nodes[n] != Fate::planned) continue;
      const Node& node = graph_.nodes[n];
      const bool used = std::any_of(node.outputs.begin(), node.outputs.end(),
                                    [&](ValueId id) { return id != graph::none && needed[id]; });
      if (!used) continue;
      nodes_.push_back(n);
      for (const ValueId id : values_read(node)) needed[id] = true;
    }
    std::reverse(nodes_.begin(), nodes_.end());
  }

  /// Drops nodes whose output is their input under another shape: both then have the same root.
  void share_views() {
    std::vector<bool> is_output(graph_.values.size(), false);
    for (const Port& output : plan_.outputs) is_output[output.id] = true;
    std::vector<bool> root_is_output = is_output;
    std::erase_if(nodes_, [&](NodeId n) {
      const Node& node = graph_.nodes[n];
      if (!analysis_.definitions[n]->is_view || node.outputs.size() != 1) return false;
      const ValueId from = roots_[node.inputs[0]];
      const ValueId to = node.outputs[0];
      if (info(from).type != info(to).type) return false;
      if (is_output[to] && (constant(from) || given(from) || root_is_output[from])) return false;
      roots_[to] = from;
      if (is_output[to]) root_is_output[from] = true;
      return true;
    });
  }

  /// A value that is made for an output is made in its place.
  void place_outputs() {
    for (std::size_t i = 0; i < plan_.outputs.size(); ++i) {
      const ValueId id = roots_[plan_.outputs[i].id];
      if (constant(id) || !unplaced(id)) {
        copies_.push_back(i);
      } else {
        locations_[id] = PlanOutput{i};
      }
    }
  }

  void add_step(NodeId n) {
    const Node& node = graph_.nodes[n];
    const Operator& op = *analysis_.definitions[n];
    Step step;
    step.node = n;
    step.description = node.describe(graph_);
    try {
      Spec spec = inferred(node, op);
      const Implementation& chosen = choose(op, spec, step.refusals);
      if (!chosen.takes_panels && make_inputs_dense(node)) spec = inferred(node, op);
      step.implementation = chosen.name;
      step.kernel = chosen.prepare(spec);
    } catch (const Error& error) {
      throw error.within(step.description);
    }
    plan_.steps.push_back(std::move(step));
  }

  Spec inferred(const Node& node, const Operator& op) const {
    std::vector<TensorInfo> inputs;
    for (const ValueId id : node.inputs) inputs.push_back(id == graph::none ? TensorInfo{} : info(id));
    Spec spec(node, std::move(inputs), settings_);
    op.infer(spec);
    return spec;
  }

  /// Has the plan keep a copy of a constant that is not dense; false for any other value.
  bool make_dense(ValueId id) {
    const Tensor* value = info(id).value;
    if (value == nullptr || value->dense()) return false;
    analysis_.values[id].value = &analysis_.folded.emplace_back(value->copy());
    return true;
  }

  bool make_inputs_dense(const Node& node) {
    bool made = false;
    for (const ValueId id : values_read(node)) made |= make_dense(id);
    return made;
  }

  static const Implementation& choose(const Operator& op, const Spec& spec, std::vector<Refusal>& refusals) {
    for (const Implementation& implementation : op.implementations) {
      if (implementation.refusal == nullptr) return implementation;
      std::optional<std::string> reason = implementation.refusal(spec);
      if (!reason) return implementation;
      refusals.push_back({implementation.name, std::move(*reason)});
    }
    fail(ErrorCode::unsupported, "no implementation serves it: {}",
         refusals.empty() ? "there is none" : refusals.back().reason);
  }

  /// An output that is also an input, a constant, or another output already, is copied last.
  void add_copies() {
    for (const std::size_t i : copies_) {
      const Port& output = plan_.outputs[i];
      make_dense(roots_[output.id]);
      const DataType type = output.type;
      const std::size_t bytes = byte_size(type, output.shape);
      Step step;
      step.implementation = "copy";
      step.kernel.run = [=](const operators::Buffers& buffers) {
        operators::copy_elements(type, buffers.inputs[0], buffers.outputs[0], bytes);
      };
      step.inputs = {location(output.id)};
      step.outputs = {PlanOutput{i}};
      plan_.steps.push_back(std::move(step));
    }
  }

  void choose_blocks() {
    std::vector<std::size_t> made_before(graph_.values.size(), 0);  // by value: the step after that which makes it
    std::vector<RowStep> steps;
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) {
      const Node& node = graph_.nodes[plan_.steps[s].node];
      RowStep step{.rows = &plan_.steps[s].kernel.rows, .elements = 0};
      for (std::size_t i = 0; step.rows->run && i < node.inputs.size(); ++i) {
        if (node.inputs[i] == graph::none) continue;
        if (has_rows(*step.rows, i)) {
          step.bytes_with_rows += bytes(node.inputs[i]);
        } else {
          step.bytes_without += bytes(node.inputs[i]);
          step.earliest = std::max(step.earliest, made_before[roots_[node.inputs[i]]]);
        }
      }
      for (const ValueId id : node.outputs) {
        if (id == graph::none) continue;
        made_before[roots_[id]] = s + 1;
        step.bytes_with_rows += bytes(id);
        if (step.elements == 0) step.elements = static_cast<std::size_t>(info(id).shape.elements());
      }
      steps.push_back(step);
    }
    plan_.blocks = planner::choose_blocks(steps, settings_);
  }

  static bool has_rows(const operators::Rows& rows, std::size_t input) { return (rows.inputs >> input & 1) != 0; }

  std::size_t bytes(ValueId id) const { return byte_size(info(id).type, info(id).shape); }

  /// Places the values that have no place yet, and the kernels' scratch. Strings get buffers of their own, since they
  /// have to be constructed.
  void place_in_arena() {
    std::vector<StepMemory> memory(plan_.steps.size());
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) {
      const Step& step = plan_.steps[s];
      if (step.node == graph::none) continue;
      memory[s].scratch_bytes = step.kernel.scratch_bytes;
      memory[s].row_scratch_bytes = step.kernel.rows.scratch_bytes;
      const auto add = [&](ValueId value) {
        if (value == graph::none || !info(value).present()) return;
        const ValueId id = roots_[value];
        if (constant(id) || !unplaced(id)) return;
        if (info(id).type != DataType::string) return memory[s].values.push_back(id);
        locations_[id] = StringBuffer{plan_.string_buffers.size()};
        plan_.string_buffers.push_back(static_cast<std::size_t>(info(id).shape.elements()));
      };
      for (const ValueId id : values_read(graph_.nodes[step.node])) add(id);
      for (const ValueId id : graph_.nodes[step.node].outputs) add(id);
    }
    const Placement placement = place(
        memory, [this](ValueId id) { return bytes(id); }, graph_.values.size(), plan_.blocks);
    plan_.arena_bytes = placement.arena_bytes;
    if (settings_.memory_limit != 0 && plan_.arena_bytes > settings_.memory_limit)
      fail(ErrorCode::out_of_memory, "a run takes {} bytes of working memory, the limit is {}", plan_.arena_bytes,
           settings_.memory_limit);
    for (const auto& [id, offset] : placement.in_arena) locations_[id] = ArenaOffset{offset};
    for (const auto& [id, offset] : placement.in_blocks) locations_[id] = BlockOffset{offset};
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) plan_.steps[s].scratch_offset = placement.scratch_offsets[s];
  }

  Location location(ValueId id) const {
    if (id == graph::none || !info(id).present()) return Absent{};
    const ValueId root = roots_[id];
    return constant(root) ? Location(Constant{info(root).value->data()}) : locations_[root];
  }

  void locate_operands(Step& step) const {
    for (const ValueId id : graph_.nodes[step.node].inputs) step.inputs.push_back(location(id));
    // Optional operands that the node leaves out at the end read as absent.
    const std::size_t most = analysis_.definitions[step.node]->inputs.most;
    if (most != operators::any_number) step.inputs.resize(std::max(step.inputs.size(), most));
    for (const ValueId id : graph_.nodes[step.node].outputs) step.outputs.push_back(location(id));
  }

  void measure_rows(Step& step, std::size_t rows) const {
    const Node& node = graph_.nodes[step.node];
    step.input_strides.resize(step.inputs.size(), 0);
    step.output_strides.resize(step.outputs.size(), 0);
    const auto stride = [&](const Location& location, ValueId id) {
      return id == graph::none || std::holds_alternative<BlockOffset>(location) ? 0 : bytes(id) / rows;
    };
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (has_rows(step.kernel.rows, i)) step.input_strides[i] = stride(step.inputs[i], node.inputs[i]);
    for (std::size_t i = 0; i < node.outputs.size(); ++i)
      step.output_strides[i] = stride(step.outputs[i], node.outputs[i]);
  }

  const graph::Graph& graph_;
  const operators::Settings settings_;
  Analysis analysis_;
  Plan plan_;
  std::vector<ValueId> roots_;       // by value: whose elements these are
  std::vector<Location> locations_;  // by value, of roots that are not constant
  std::vector<NodeId> nodes_;        // that become steps
  std::vector<std::size_t> copies_;  // outputs that are copied
};

}  // namespace

Plan make_plan(const graph::Graph& graph, std::span<const Given> given, const std::vector<bool>& wanted,
               const operators::Settings& settings) {
  return Planner(graph, given, analyse(graph, given, wanted, settings), settings).make();
}

}  // namespace ranvier::planner
