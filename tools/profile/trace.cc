#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tools/profile/writers.h"

namespace ranvier::profile {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

/// What a viewer shows as the name of the process or thread.
Json name_event(std::string_view what, const std::string& name) {
  return {{"ph", "M"}, {"pid", ::getpid()}, {"tid", ::gettid()}, {"name", what}, {"args", {{"name", name}}}};
}

Json arguments_of(const Work& work, std::size_t run) {
  return {{"run", run},
          {"operator", work.op},
          {"implementation", work.implementation},
          {"inputs", operands_text(work.inputs)},
          {"outputs", operands_text(work.outputs)},
          {"flops", work.flops},
          {"bytes", work.bytes}};
}

}  // namespace

std::string trace_of(const Report& report) {
  const std::vector<Moments>& runs = report.recording.last;
  Json events = {name_event("process_name", "ranvier profile " + report.model),
                 name_event("thread_name", "steps of the plan")};
  const auto microseconds = [](Clock::duration duration) {
    return std::chrono::duration<double, std::micro>(duration).count();
  };
  for (std::size_t run = 0; run < runs.size(); ++run)
    for (std::size_t step = 0; step < report.work.steps.size(); ++step) {
      const Work& work = report.work.steps[step];
      events.push_back({{"ph", "X"},
                        {"pid", ::getpid()},
                        {"tid", ::gettid()},
                        {"name", work.name},
                        {"cat", "step"},
                        {"ts", microseconds(runs[run][step] - runs.front().front())},
                        {"dur", microseconds(runs[run][step + 1] - runs[run][step])},
                        {"args", arguments_of(work, run)}});
    }
  const Json json = {{"displayTimeUnit", "ns"}, {"traceEvents", events}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace ranvier::profile
