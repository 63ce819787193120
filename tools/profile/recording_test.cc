#include "tools/profile/recording.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "runtime/executor/testing.h"
#include "runtime/graph/testing.h"

namespace ranvier::profile {
namespace {

using graph::ValueId;
using graph::testing::Builder;
using graph::testing::error_of;

/// y = tanh(relu(x)).
graph::Graph two_steps() {
  Builder builder;
  const ValueId x = builder.input("x", DataType::float32, std::vector<graph::Dimension>{{-1, "rows"}});
  return builder.finish({builder.node("Tanh", {builder.node("Relu", {x})})});
}

void expect_ordered(const Spread& spread) {
  EXPECT_GT(spread.least, 0);
  EXPECT_LE(spread.least, spread.median);
  EXPECT_LE(spread.median, spread.p99);
}

Recording recording_of(std::int64_t rows, double seconds) {
  const Session session(testing::model_of(two_steps()), {.threads = 1});
  const Tensor x(DataType::float32, {rows});
  std::vector<Tensor> outputs = session.run({x});
  Binding binding = session.bind({x}, {outputs[0]});
  return record(binding, seconds);
}

TEST(Recording, EveryStepOfEveryRunHasItsTime) {
  const Recording recording = recording_of(5, 0.02);
  ASSERT_EQ(recording.steps.size(), 2u);
  for (const Spread& step : recording.steps) expect_ordered(step);
  expect_ordered(recording.timed);
  expect_ordered(recording.untimed);
  EXPECT_GT(recording.clock, 0);
  EXPECT_GT(recording.runs, 100);
  EXPECT_GT(recording.group, 1) << "they take less than a clock can tell";
  EXPECT_EQ(recording.runs % recording.group, 0);
  ASSERT_EQ(recording.last.size(), most_runs_kept);
  Moments all;
  for (const Moments& run : recording.last) {
    ASSERT_EQ(run.size(), 3u);
    all.insert(all.end(), run.begin(), run.end());
  }
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
}

TEST(Recording, ARunLongerThanTheTimeIsRecordedOnce) {
  const Recording recording = recording_of(1'000'000, 1e-6);
  EXPECT_EQ(recording.runs, 1);
  EXPECT_EQ(recording.group, 1);
  EXPECT_EQ(recording.last.size(), 1u);
  EXPECT_EQ(recording.timed.least, recording.timed.p99);
  ASSERT_EQ(recording.steps.size(), 1u) << "both steps run by blocks";
  EXPECT_LE(recording.steps[0].median, recording.timed.median);
}

TEST(Recording, ARunThatFailsSaysWhere) {
  Builder builder;
  const ValueId indices = builder.input("indices", DataType::int64, std::vector<graph::Dimension>{{1, ""}});
  const ValueId y = builder.node("Gather", {builder.constant(Tensor(DataType::float32, {3})), indices});
  const Session session(testing::model_of(builder.finish({y})), {.threads = 1});
  std::vector<Tensor> outputs = {Tensor(DataType::float32, {1})};
  const std::vector<Tensor> inputs = {Tensor::of<std::int64_t>({1}, {7})};
  Binding binding = session.bind(inputs, outputs);
  const std::string message = error_of([&] { record(binding, 0.01); });
  EXPECT_TRUE(message.starts_with("invalid_argument: node 'Gather_0' (Gather, opset 17): index 7 ")) << message;
}

}  // namespace
}  // namespace ranvier::profile
