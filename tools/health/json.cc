#include <cmath>
#include <nlohmann/json.hpp>

#include "tools/health/measures.h"
#include "tools/health/writers.h"

namespace ranvier::health {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json shape_json(const graph::DeclaredShape& shape) {
  if (!shape) return nullptr;
  Json dims = Json::array();
  for (const graph::Dimension& dim : *shape)
    dims.push_back(dim.known() ? Json(dim.size) : dim.symbol.empty() ? Json() : Json(dim.symbol));
  return dims;
}

Json units_json(const Observation& observation) {
  const Units& units = observation.statistics.units();
  if (units.count() == 0 || units.changing()) return nullptr;
  return {{"count", units.count()},
          {"axis", observation.activation.focus.units.index},
          {"never_on", units.never_on()},
          {"always_on", units.always_on()},
          {"dead", units.dead()}};
}

Json classes_json(const Certainty& certainty) {
  if (certainty.rows == 0) return nullptr;
  return {{"rows", certainty.rows}, {"mean_entropy", certainty.mean_entropy()}, {"certain_rows", certainty.certain}};
}

Json activation_json(const Report& report, std::size_t i) {
  const Observation& each = report.activations[i];
  const Statistics& seen = each.statistics;
  const bool any = seen.moments().count > 0;
  const Histogram::Bins bins = seen.histogram().bins();
  Json measured = Json::object();
  for (const Measure& measure : measures())
    if (const auto value = measure.of(report, i)) measured[std::string(measure.name)] = number(*value);
  return {{"name", each.activation.name},
          {"node", each.activation.node},
          {"operator", each.activation.op},
          {"function", each.activation.function},
          {"shape", shape_json(each.shape)},
          {"elements", seen.elements()},
          {"mean", any ? number(seen.moments().mean) : Json()},
          {"variance", any ? number(seen.moments().variance()) : Json()},
          {"minimum", any ? number(seen.minimum()) : Json()},
          {"maximum", any ? number(seen.maximum()) : Json()},
          {"nan", seen.nan()},
          {"infinite", seen.infinite()},
          {"zeros", seen.zeros()},
          {"flat", each.activation.kind->steep == nullptr ? Json() : Json(seen.flat())},
          {"units", units_json(each)},
          {"classes", classes_json(seen.certainty())},
          {"histogram", {{"from", bins.from}, {"to", bins.to}, {"counts", bins.counts}}},
          {"measures", measured}};
}

}  // namespace

std::string json_of(const Report& report) {
  Json activations = Json::array();
  for (std::size_t i = 0; i < report.activations.size(); ++i) activations.push_back(activation_json(report, i));
  Json bad = Json::array();
  for (const Finding& each : findings(report))
    bad.push_back({{"activation", report.activations[each.activation].activation.name},
                   {"measure", each.measure->name},
                   {"value", number(each.value)},
                   {"fact", each.fact},
                   {"advice", each.remedy}});
  const Json json = {{"model", report.model},      {"data", report.data},       {"rows", report.rows},
                     {"activations", activations}, {"not_seen", report.unseen}, {"findings", bad}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace ranvier::health
