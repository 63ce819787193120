#include <nlohmann/json.hpp>

#include "tools/profile/writers.h"

namespace ranvier::profile {
namespace {

using Json = nlohmann::ordered_json;

Json operands_json(const std::vector<Operand>& operands) {
  Json json = Json::array();
  for (const Operand& each : operands)
    json.push_back(
        {{"type", name(each.type)}, {"shape", std::vector<std::int64_t>(each.shape.begin(), each.shape.end())}});
  return json;
}

Json spread_json(const Spread& spread) {
  return {{"min_us", spread.least}, {"p50_us", spread.median}, {"p99_us", spread.p99}};
}

Json step_json(const Report& report, std::size_t i, const Rating& rating) {
  const Work& work = report.work.steps[i];
  Json json = {{"name", work.name},
               {"operator", work.op},
               {"implementation", work.implementation},
               {"inputs", operands_json(work.inputs)},
               {"outputs", operands_json(work.outputs)},
               {"flops", work.flops},
               {"bytes", work.bytes},
               {"calls", report.recording.runs}};
  json.update(spread_json(report.recording.steps[i]));
  json.update({{"share", rating.share},
               {"gflops", rating.flops / 1e9},
               {"gb_per_s", rating.bandwidth / 1e9},
               {"share_of_peak_flops", rating.share_of_flops},
               {"share_of_peak_bandwidth", rating.share_of_bandwidth},
               {"limit", rating.limit()}});
  return json;
}

}  // namespace

std::string json_of(const Report& report) {
  Json shapes = Json::object();
  for (const auto& [name, shape] : report.inputs) shapes[name] = std::vector<std::int64_t>(shape.begin(), shape.end());
  Json steps = Json::array();
  const std::vector<Rating> rated = ratings(report);
  for (std::size_t i = 0; i < rated.size(); ++i) steps.push_back(step_json(report, i, rated[i]));
  const Peak& peak = report.peak;
  const Recording& recording = report.recording;
  const Json json = {{"model", report.model},
                     {"shapes", shapes},
                     {"threads", report.threads},
                     {"peak",
                      {{"instruction_set", peak.instruction_set},
                       {"gflops", peak.flops / 1e9},
                       {"gb_per_s", peak.bandwidth / 1e9},
                       {"bytes", peak.footprint}}},
                     {"runs", recording.runs},
                     {"group", recording.group},
                     {"clock_us", recording.clock},
                     {"timed", spread_json(recording.timed)},
                     {"untimed", spread_json(recording.untimed)},
                     {"steps", steps}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace ranvier::profile
