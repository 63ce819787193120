#include <cmath>
#include <nlohmann/json.hpp>

#include "tools/graph/labels.h"
#include "tools/graph/writers.h"
#include "tools/layers.h"

namespace ranvier::view {
namespace {

using Json = nlohmann::ordered_json;

Json id_json(graph::ValueId id) { return id == graph::none ? Json() : Json(id); }

Json ids_json(const std::vector<graph::ValueId>& ids) {
  Json json = Json::array();
  for (const graph::ValueId id : ids) json.push_back(id_json(id));
  return json;
}

/// JSON has no infinities and no NaN: those are strings.
Json number_json(float number) { return std::isfinite(number) ? Json(number) : Json(fmt::format("{}", number)); }

Json tensor_json(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  return {{"type", ranvier::name(tensor.type())}, {"shape", std::vector<std::int64_t>(shape.begin(), shape.end())}};
}

Json attribute_json(const graph::Attribute& attribute) {
  return std::visit(
      [](const auto& value) -> Json {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, float>) {
          return number_json(value);
        } else if constexpr (std::is_same_v<T, Tensor>) {
          return tensor_json(value);
        } else if constexpr (std::is_same_v<T, graph::Subgraph>) {
          return {{"nodes", value.graph->nodes.size()}};
        } else if constexpr (std::is_same_v<T, std::vector<float>> || std::is_same_v<T, std::vector<Tensor>>) {
          Json json = Json::array();
          for (const auto& each : value) json.push_back(attribute_json(each));
          return json;
        } else {
          return value;
        }
      },
      attribute);
}

Json attributes_json(const graph::Node& node) {
  Json json = Json::object();
  for (const auto& [name, attribute] : node.attributes) json[name] = attribute_json(attribute);
  return json;
}

void add_step(Json& json, const Node& node) {
  json["implementation"] = node.step ? Json(node.step->implementation) : Json();
  if (!node.step) return;
  Json refused = Json::array();
  for (const planner::Refusal& refusal : node.step->refusals)
    refused.push_back({{"implementation", refusal.implementation}, {"reason", refusal.reason}});
  json["refused"] = refused;
  json["scratch_offset"] = node.step->scratch_offset;
  json["scratch_bytes"] = node.step->scratch_bytes;
  if (const auto& blocks = node.step->blocks)
    json["blocks"] = {{"rows", blocks->rows}, {"block", blocks->block}, {"parts", blocks->parts.count}};
  else
    json["blocks"] = nullptr;
}

Json nodes_json(const View& view) {
  Json list = Json::array();
  for (std::size_t n = 0; n < view.nodes.size(); ++n) {
    const graph::Node& node = view.graph.nodes[n];
    Json json = {{"id", n},
                 {"name", node_name(view.graph, node)},
                 {"operator", node.domain.empty() ? node.op_type : node.domain + "." + node.op_type},
                 {"version", node.version},
                 {"attributes", attributes_json(node)},
                 {"inputs", ids_json(node.inputs)},
                 {"outputs", ids_json(node.outputs)},
                 {"parameters", view.nodes[n].parameters},
                 {"made_of", view.nodes[n].made_of},
                 {"folded", view.nodes[n].folded},
                 {"passes", view.nodes[n].passes}};
    if (view.stage == Stage::planned) add_step(json, view.nodes[n]);
    list.push_back(std::move(json));
  }
  return list;
}

std::vector<bool> used_values(const graph::Graph& graph) {
  std::vector<bool> used(graph.values.size(), false);
  const auto use = [&](const std::vector<graph::ValueId>& ids) {
    for (const graph::ValueId id : ids)
      if (id != graph::none) used[id] = true;
  };
  use(graph.inputs);
  use(graph.outputs);
  for (const graph::Node& node : graph.nodes) {
    use(graph::values_read(node));
    use(node.outputs);
  }
  return used;
}

Json values_json(const View& view) {
  const std::vector<bool> used = used_values(view.graph);
  Json list = Json::array();
  for (graph::ValueId id = 0; id < view.values.size(); ++id) {
    if (!used[id]) continue;
    const Value& value = view.values[id];
    Json json = {{"id", id},
                 {"name", view.graph.values[id].name},
                 {"type", value.type == DataType::undefined ? Json() : Json(ranvier::name(value.type))},
                 {"shape", tools::shape_json(value.shape)},
                 {"constant", view.graph.constant(id) != nullptr}};
    if (value.place)
      json["place"] = {{"kind", value.place->kind}, {"offset", value.place->offset}, {"bytes", value.place->bytes}};
    list.push_back(std::move(json));
  }
  return list;
}

Json rewrites_json(const View& view) {
  Json list = Json::array();
  for (const Rewrite& rewrite : view.rewrites)
    list.push_back({{"pass", rewrite.pass}, {"reason", rewrite.reason}, {"nodes", rewrite.nodes}});
  return list;
}

}  // namespace

std::string to_json(const View& view) {
  Json json = {{"model", view.file},
               {"stage", name(view.stage)},
               {"nodes", nodes_json(view)},
               {"values", values_json(view)},
               {"inputs", ids_json(view.graph.inputs)},
               {"outputs", ids_json(view.graph.outputs)},
               {"rewrites", rewrites_json(view)},
               {"refusals", view.refusals}};
  if (view.stage == Stage::planned) {
    json["threads"] = view.threads;
    json["arena_bytes"] = view.arena_bytes;
    json["planned_away"] = view.planned_away;
    json["copies"] = Json::array();
    for (const auto& [output, source] : view.copies) json["copies"].push_back({{"output", output}, {"from", source}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ranvier::view
