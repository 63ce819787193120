#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tools/profile/testing.h"
#include "tools/profile/writers.h"

namespace ranvier::profile {
namespace {

using nlohmann::json;

TEST(Json, HasWhatTheHelpPromises) {
  const json expected = json::parse(R"({
    "model": "model.onnx",
    "shapes": {"x": [4, 500]},
    "threads": 2,
    "peak": {"instruction_set": "AVX2", "gflops": 100.0, "gb_per_s": 10.0, "bytes": 1234567},
    "runs": 1200,
    "group": 3,
    "clock_us": 0.02,
    "timed": {"min_us": 50.0, "p50_us": 52.0, "p99_us": 60.0},
    "untimed": {"min_us": 49.0, "p50_us": 50.0, "p99_us": 58.0},
    "steps": [
      {"name": "a/scope/with/a/name/longer/than/columns/are/dense",
       "operator": "ranvier.Dense + relu",
       "implementation": "simd",
       "inputs": [{"type": "float", "shape": [4, 500]}, {"type": "float", "shape": [500, 500]}],
       "outputs": [{"type": "float", "shape": [4, 500]}],
       "flops": 2000000, "bytes": 16000, "calls": 1200,
       "min_us": 39.0, "p50_us": 40.0, "p99_us": 45.0, "share": 0.8,
       "gflops": 50.0, "gb_per_s": 0.4, "share_of_peak_flops": 0.5, "share_of_peak_bandwidth": 0.04,
       "limit": "compute"},
      {"name": "y", "operator": "copy", "implementation": "copy",
       "inputs": [{"type": "float", "shape": [4, 500]}], "outputs": [{"type": "float", "shape": [4, 500]}],
       "flops": 0, "bytes": 50000, "calls": 1200,
       "min_us": 9.0, "p50_us": 10.0, "p99_us": 11.0, "share": 0.2,
       "gflops": 0.0, "gb_per_s": 5.0, "share_of_peak_flops": 0.0, "share_of_peak_bandwidth": 0.5,
       "limit": "memory"}]})");
  EXPECT_EQ(json::parse(json_of(testing::report())), expected);
}

}  // namespace
}  // namespace ranvier::profile
