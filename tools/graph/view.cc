#include "tools/graph/view.h"

#include <algorithm>
#include <array>

#include "runtime/core/thread_pool.h"
#include "runtime/executor/machine.h"
#include "runtime/executor/model_parts.h"
#include "runtime/model/weights.h"
#include "runtime/planner/analysis.h"
#include "tools/layers.h"

namespace ranvier::view {
namespace {

using graph::Graph;
using graph::NodeId;
using graph::ValueId;

std::vector<std::string> names(const Graph& graph, const std::vector<NodeId>& nodes) {
  std::vector<std::string> result;
  for (const NodeId n : nodes) result.push_back(node_name(graph, graph.nodes[n]));
  return result;
}

graph::DeclaredShape declared(const Shape& shape) {
  graph::DeclaredShape dims(std::in_place);
  for (const std::int64_t dim : shape) dims->push_back({dim, ""});
  return dims;
}

/// What the graph itself says of its values.
std::vector<Value> declared_values(const Graph& graph) {
  std::vector<Value> values;
  for (const graph::Value& value : graph.values) {
    if (value.constant) {
      values.push_back({value.constant->type(), declared(value.constant->shape()), {}});
    } else {
      values.push_back({value.type, value.shape, {}});
    }
  }
  return values;
}

/// The same in terms of the unknown sizes of the inputs, where the graph can be followed.
std::vector<Value> symbolic_values(const Graph& graph) {
  std::vector<Value> values = declared_values(graph);
  std::vector<planner::SymbolicValue> symbolic = tools::symbolic_values(graph);
  for (ValueId id = 0; id < symbolic.size(); ++id) {
    if (symbolic[id].type != DataType::undefined) values[id].type = symbolic[id].type;
    if (symbolic[id].shape) values[id].shape = std::move(symbolic[id].shape);
  }
  return values;
}

/// A view of the graph, without values.
View view_of(const std::string& file, Stage stage, const Graph& graph, const std::optional<tools::Sources>& sources) {
  View view;
  view.file = file;
  view.stage = stage;
  view.graph = graph;
  for (const tools::Layer& layer : tools::layers(graph, {}, sources))
    view.nodes.push_back(
        {.made_of = {}, .folded = {}, .passes = {}, .parameters = layer.parameters, .step = {}, .idle = {}});
  return view;
}

tools::Sources sources(const Model::Parts& parts) { return {parts.loaded.graph, parts.origins}; }

/// What the optimizer did, and did not do.
void add_provenance(View& view, const Model::Parts& parts) {
  const Graph& file = parts.loaded.graph;
  for (std::size_t n = 0; n < parts.origins.size(); ++n) {
    const optimizer::Origin& origin = parts.origins[n];
    Node& node = view.nodes[n];
    node.made_of = names(file, origin.nodes);
    node.folded = names(file, origin.folded);
    for (const std::size_t rewrite : origin.rewrites)
      if (const auto pass = parts.rewrites[rewrite].pass; std::ranges::count(node.passes, pass) == 0)
        node.passes.push_back(pass);
  }
  for (const optimizer::Rewrite& rewrite : parts.rewrites)
    view.rewrites.push_back({rewrite.pass, rewrite.reason, names(file, rewrite.nodes)});
  view.refusals =
      optimizer::refusals(model::with_dense_constants(parts.graph), {.strict_onnx = parts.options.strict_onnx});
}

/// Turns the view of an optimized graph into that of a plan for it.
class Planning {
 public:
  Planning(View& view, planner::Analysis analysis, const planner::Plan& plan)
      : view_(view), analysis_(std::move(analysis)), plan_(plan), steps_(view.nodes.size()) {
    for (const planner::Step& step : plan.steps)
      if (step.node != graph::none) steps_[step.node] = &step;
  }

  void apply() {
    know_values();
    add_steps();
    add_copies();
    drop_what_does_not_run();
  }

 private:
  void know_values() {
    for (ValueId id = 0; id < view_.values.size(); ++id) {
      const operators::TensorInfo& info = analysis_.values[id];
      if (!info.present()) continue;
      view_.values[id] = {info.type, declared(info.shape), {}};
      if (info.value != nullptr) view_.graph.values[id].constant = *info.value;
    }
  }

  std::optional<Place> place(const planner::Location& location, ValueId id) const {
    static constexpr std::array<std::string_view, 7> kinds = {"",      "constant", "input",  "output",
                                                              "arena", "block",    "strings"};
    const operators::TensorInfo& info = analysis_.values[id];
    if (std::holds_alternative<planner::Absent>(location) || !info.present()) return std::nullopt;
    Place place{kinds[location.index()], 0, byte_size(info.type, info.shape)};
    if (const auto* in_arena = std::get_if<planner::ArenaOffset>(&location)) place.offset = in_arena->bytes;
    if (const auto* in_block = std::get_if<planner::BlockOffset>(&location)) place.offset = in_block->bytes;
    return place;
  }

  void add_steps() {
    for (NodeId n = 0; n < steps_.size(); ++n) {
      const planner::Step* step = steps_[n];
      if (step == nullptr) continue;
      view_.nodes[n].step =
          Step{std::string(step->implementation), step->refusals, step->kernel.scratch_bytes, step->scratch_offset};
      const std::vector<ValueId>& outputs = view_.graph.nodes[n].outputs;
      for (std::size_t i = 0; i < outputs.size(); ++i)
        if (outputs[i] != graph::none) view_.values[outputs[i]].place = place(step->outputs[i], outputs[i]);
    }
    for (const planner::Blocks& blocks : plan_.blocks)
      for (std::size_t s = blocks.first_step; s < blocks.end_step; ++s)
        view_.nodes[plan_.steps[s].node].step->blocks = blocks;
  }

  void add_copies() {
    for (const planner::Step& step : plan_.steps) {
      if (step.node != graph::none) continue;
      const ValueId id = plan_.outputs[std::get<planner::PlanOutput>(step.outputs[0]).index].id;
      view_.copies.emplace_back(view_.graph.values[id].name, place(step.inputs[0], id)->kind);
    }
  }

  /// Keeps what takes a step, views of what runs, and what a run has to plan.
  void drop_what_does_not_run() {
    std::vector<bool> needed(view_.values.size(), false);
    for (const planner::Port& output : plan_.outputs) needed[output.id] = true;
    std::vector<graph::Node> nodes;
    std::vector<Node> kept;
    for (auto n = static_cast<NodeId>(steps_.size()); n-- > 0;) {
      const graph::Node& node = view_.graph.nodes[n];
      const planner::Fate fate = analysis_.nodes[n];
      if (fate == planner::Fate::folded) view_.planned_away.push_back(node_name(view_.graph, node));
      const bool read = std::ranges::any_of(node.outputs, [&](ValueId id) { return id != graph::none && needed[id]; });
      const bool shared = fate == planner::Fate::planned && steps_[n] == nullptr && read;
      if (shared) view_.nodes[n].idle = "shares the memory of its input";
      if (fate == planner::Fate::deferred) view_.nodes[n].idle = "is planned once a run knows elements before it";
      if (steps_[n] == nullptr && view_.nodes[n].idle.empty()) continue;
      for (const ValueId id : graph::values_read(node))
        needed[id] = needed[id] || analysis_.values[id].value == nullptr;
      nodes.push_back(node);
      kept.push_back(std::move(view_.nodes[n]));
    }
    std::ranges::reverse(view_.planned_away);
    view_.graph.nodes.assign(nodes.rbegin(), nodes.rend());
    view_.nodes.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
  }

  View& view_;
  const planner::Analysis analysis_;
  const planner::Plan& plan_;
  std::vector<const planner::Step*> steps_;  // by node
};

}  // namespace

std::string_view name(Stage stage) {
  static constexpr std::array<std::string_view, 3> stage_names = {"loaded", "optimized", "planned"};
  return stage_names[static_cast<std::size_t>(stage)];
}

std::string node_name(const Graph& graph, const graph::Node& node) {
  if (!node.name.empty()) return node.name;
  const auto made = std::ranges::find_if(node.outputs, [](ValueId id) { return id != graph::none; });
  return made == node.outputs.end() ? node.op_type : node.op_type + " -> " + graph.values[*made].name;
}

View loaded(const std::string& file, const loader::LoadedModel& model) {
  View view = view_of(file, Stage::loaded, model.graph, {});
  view.values = symbolic_values(view.graph);
  return view;
}

View optimized(const std::string& file, const Model& model) {
  View view = view_of(file, Stage::optimized, model.parts().graph, sources(model.parts()));
  view.values = symbolic_values(view.graph);
  add_provenance(view, model.parts());
  return view;
}

View planned(const std::string& file, const Model& model, const std::vector<std::optional<Shape>>& shapes,
             int threads) {
  const Model::Parts& parts = model.parts();
  View view = view_of(file, Stage::planned, parts.graph, sources(parts));
  view.values = declared_values(view.graph);
  add_provenance(view, parts);
  std::vector<planner::Given> given;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    if (shapes[i]) given.push_back({parts.graph.inputs[i], {model.inputs()[i].type, *shapes[i]}});
  ThreadPool pool(threads);
  const operators::Settings settings{.threads = threads,
                                     .strict_onnx = parts.options.strict_onnx,
                                     .packed = &parts.packed,
                                     .memory_limit = executor::available_memory(),
                                     .pool = &pool};
  const planner::Plan plan = planner::make_plan(parts.graph, given, {}, settings);
  view.arena_bytes = plan.arena_bytes;
  view.threads = threads;
  Planning(view, planner::analyse(parts.graph, given, {}, settings), plan).apply();
  return view;
}

}  // namespace ranvier::view
