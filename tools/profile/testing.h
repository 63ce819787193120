// A report for tests, of round numbers.
#pragma once

#include "tools/profile/report.h"

namespace ranvier::profile::testing {

/// Two runs of two steps, of 40 and 10 microseconds: one multiplies, one copies, each half as fast as it could.
inline Report report() {
  Report report{.model = "model.onnx",
                .inputs = {{"x", {4, 500}}},
                .threads = 2,
                .peak = {.instruction_set = "AVX2", .flops = 100e9, .bandwidth = 10e9, .footprint = 1'234'567},
                .work = {},
                .recording = {}};
  const Operand x{DataType::float32, {4, 500}}, weights{DataType::float32, {500, 500}};
  report.work.steps = {{.name = "a/scope/with/a/name/longer/than/columns/are/dense",
                        .op = "ranvier.Dense + relu",
                        .implementation = "simd",
                        .inputs = {x, weights},
                        .outputs = {x},
                        .flops = 2'000'000,
                        .bytes = 16'000},
                       {.name = "y",
                        .op = "copy",
                        .implementation = "copy",
                        .inputs = {x},
                        .outputs = {x},
                        .flops = 0,
                        .bytes = 50'000}};
  report.work.footprint = 1'234'567;
  report.recording = {.steps = {{39, 40, 45}, {9, 10, 11}},
                      .timed = {50, 52, 60},
                      .untimed = {49, 50, 58},
                      .runs = 1'200,
                      .group = 3,
                      .clock = 0.02,
                      .last = {}};
  const std::chrono::steady_clock::time_point begin{std::chrono::hours(1)};
  for (const int run : {0, 100}) {
    Moments& moments = report.recording.last.emplace_back();
    for (const int microseconds : {0, 40, 50})
      moments.push_back(begin + std::chrono::nanoseconds(500) + std::chrono::microseconds(run + microseconds));
  }
  return report;
}

}  // namespace ranvier::profile::testing
