#include "ranvier/session.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "runtime/executor/binding_parts.h"
#include "runtime/executor/plan_cache.h"
#include "runtime/executor/testing.h"
#include "runtime/graph/testing.h"

namespace ranvier {
namespace {

using graph::Dimension;
using graph::ValueId;
using graph::testing::Builder;
using graph::testing::error_of;
using testing::model_of;

/// y = condition ? x : 0, with x of shape [batch, 3].
Model masking() {
  Builder builder;
  const ValueId condition = builder.input("condition", DataType::boolean, std::vector<Dimension>{{3, ""}});
  const ValueId x = builder.input("x", DataType::float32, std::vector<Dimension>{{-1, "batch"}, {3, ""}});
  const ValueId y = builder.node("Where", {condition, x, builder.constant(Tensor::of<float>({}, {0}))});
  builder.rename(y, "y");
  return model_of(builder.finish({y}));
}

Tensor condition() { return Tensor::of<bool>({3}, {true, false, true}); }
Tensor rows(std::int64_t count) {
  Tensor tensor(DataType::float32, {count, 3});
  float next = 1;
  for (float& element : tensor.mutable_values<float>()) element = next++;
  return tensor;
}
std::vector<float> floats(const Tensor& tensor) {
  const auto values = tensor.values<float>();
  return {values.begin(), values.end()};
}

TEST(Session, RunsByPositionAndByName) {
  const Session session(masking());
  const std::vector<float> expected = {1, 0, 3, 4, 0, 6};
  EXPECT_EQ(floats(session.run({condition(), rows(2)})[0]), expected);
  const std::vector<std::pair<std::string, Tensor>> named = {{"x", rows(2)}, {"condition", condition()}};
  EXPECT_EQ(floats(session.run(named)[0]), expected);
  EXPECT_EQ(floats(session.run({{"x", rows(2)}, {"condition", condition()}})[0]), expected);
  EXPECT_EQ(session.run({condition(), rows(0)})[0].shape(), (Shape{0, 3}));
}

TEST(Session, ReturnsTheOutputsThatAreAskedFor) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId a = builder.node("Neg", {x});
  const ValueId b = builder.node("Abs", {a});
  builder.rename(a, "a");
  builder.rename(b, "b");
  const Session session(model_of(builder.finish({a, b})));
  const std::vector<Tensor> outputs = session.run({Tensor::of<float>({1}, {2})}, {.outputs = {"b", "a", "b"}});
  ASSERT_EQ(outputs.size(), 3u);
  EXPECT_EQ(floats(outputs[0]), std::vector<float>{2});
  EXPECT_EQ(floats(outputs[1]), std::vector<float>{-2});
  EXPECT_EQ(floats(outputs[2]), std::vector<float>{2});
  EXPECT_EQ(error_of([&] { session.run({Tensor()}, {.outputs = {"c"}}); }),
            "invalid_argument: the model has no output 'c'; it has 'a', 'b'");
}

/// The transpose of a matrix of 3 by 2, as a view of 2 by 3.
Tensor transposed(std::vector<float>& matrix) { return Tensor::strided_view(std::span(matrix), {2, 3}, {1, 2}); }

TEST(Session, TakesStridedInputs) {
  std::vector<float> matrix = {1, 4, 2, 5, 3, 6};
  for (const bool reference : {false, true}) {
    const Session session(masking(), {.reference = reference});
    EXPECT_EQ(floats(session.run({condition(), transposed(matrix)})[0]), (std::vector<float>{1, 0, 3, 4, 0, 6}));
  }
}

TEST(Session, TheReferenceInterpreterAgrees) {
  const Session session(masking(), {.reference = true});
  EXPECT_EQ(floats(session.run({condition(), rows(2)})[0]), (std::vector<float>{1, 0, 3, 4, 0, 6}));
}

TEST(Session, SaysWhatIsWrongWithItsInputs) {
  const Session session(masking());
  const Tensor numbers = Tensor::of<std::int64_t>({1, 3}, {1, 2, 3});
  EXPECT_EQ(error_of([&] { session.run({condition()}); }), "invalid_argument: input 'x' is missing");
  EXPECT_EQ(error_of([&] {
              session.run({condition(), rows(1), rows(1)});
            }),
            "invalid_argument: 3 inputs were given, the model has 2");
  EXPECT_EQ(error_of([&] {
              session.run({condition(), numbers});
            }),
            "invalid_argument: input 'x' has type int64, expected float");
  EXPECT_EQ(error_of([&] {
              session.run({condition(), rows(2).reshaped({6})});
            }),
            "invalid_argument: input 'x' has shape [6], expected [batch, 3]");
  EXPECT_EQ(error_of([&] {
              session.run({condition(), rows(2).reshaped({3, 2})});
            }),
            "invalid_argument: input 'x' has shape [3, 2], expected [batch, 3]");
  const std::vector<std::pair<std::string, Tensor>> wrong = {{"z", rows(1)}};
  EXPECT_EQ(error_of([&] { session.run(wrong); }),
            "invalid_argument: the model has no input 'z'; it has 'condition', 'x'");
  const std::vector<std::pair<std::string, Tensor>> twice = {{"x", rows(1)}, {"x", rows(1)}};
  EXPECT_EQ(error_of([&] { session.run(twice); }), "invalid_argument: input 'x' is given twice");
}

TEST(Session, ChecksItsOptions) {
  EXPECT_EQ(error_of([] { Session(masking(), {.threads = -1}); }),
            "invalid_argument: threads is -1, expected 0 (as many as there are) to 1024");
  EXPECT_EQ(error_of([] { Session(masking(), {.threads = 1025}); }),
            "invalid_argument: threads is 1025, expected 0 (as many as there are) to 1024");
  EXPECT_EQ(error_of([] { Session(masking(), {.plans = 0}); }), "invalid_argument: plans is 0, expected at least 1");
}

TEST(Session, GivesTheShapesOfItsOutputs) {
  const Session session(masking());
  const Shape shapes[] = {{3}, {5, 3}};
  EXPECT_EQ(session.output_shapes(shapes)[0], (Shape{5, 3}));
}

TEST(Session, AnInputWithADefaultMayBeLeftOutOrGiven) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId dims = builder.constant(Tensor::of<std::int64_t>({1}, {-1}));
  builder.graph().values[dims].overridable = true;
  builder.graph().inputs.push_back(dims);
  const Session session(model_of(builder.finish({builder.node("Reshape", {x, dims})})));
  EXPECT_EQ(session.run({rows(2)})[0].shape(), (Shape{6}));
  EXPECT_EQ(session.run({rows(2), Tensor::of<std::int64_t>({2}, {3, 2})})[0].shape(), (Shape{3, 2}));
  EXPECT_EQ(session.run({rows(2)})[0].shape(), (Shape{6}));
}

TEST(Session, PlansWhatDependsOnElementsWhenItKnowsThem) {
  // y = where(c, reshape(x, dims), 0), and its shape: nothing of it is known before the run.
  Builder builder;
  const ValueId c = builder.constant(Tensor::of<bool>({}, {true}));
  const ValueId x = builder.input("x");
  const ValueId dims = builder.input("dims", DataType::int64);
  const ValueId more = builder.node("Where", {c, dims, dims});
  const ValueId reshaped = builder.node("Reshape", {x, more});
  const ValueId y = builder.node("Where", {c, reshaped, builder.constant(Tensor::of<float>({}, {0}))});
  const Session session(model_of(builder.finish({y, builder.node("Shape", {y}), x})));
  for (const Shape& shape : {Shape{6}, Shape{3, 2}, Shape{1, 6, 1}}) {
    const Tensor wanted =
        Tensor::of<std::int64_t>({static_cast<std::int64_t>(shape.rank())}, std::span(shape.begin(), shape.end()));
    const std::vector<Tensor> outputs = session.run({rows(2), wanted});
    EXPECT_EQ(outputs[0].shape(), shape);
    EXPECT_EQ(floats(outputs[0]), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(outputs[1].values<std::int64_t>()[0], shape[0]);
    EXPECT_EQ(outputs[2].shape(), (Shape{2, 3}));
  }
  EXPECT_EQ(error_of([&] {
              session.bind({rows(2), Tensor(DataType::int64, {1})}, {});
            }),
            "unsupported: outputs cannot be bound: their shapes depend on the elements of the inputs");
}

TEST(Session, MayBeRunByManyThreadsAtOnce) {
  const Session session(masking(), {.plans = 2});
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::int64_t batch = 1 + (i + t) % 5;
        const std::vector<float> got = floats(session.run({condition(), rows(batch)})[0]);
        if (got.size() != static_cast<std::size_t>(3 * batch) || got.back() != 3.f * static_cast<float>(batch)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Binding, ComputesFromWhatItsInputsHoldNow) {
  const Session session(masking());
  Tensor x = rows(1);
  Tensor y(DataType::float32, {1, 3});
  Binding binding = session.bind({condition(), x}, {y});
  ASSERT_TRUE(binding.run());
  EXPECT_EQ(floats(y), (std::vector<float>{1, 0, 3}));
  x.mutable_values<float>()[0] = 9;
  ASSERT_TRUE(binding.run());
  EXPECT_EQ(floats(y), (std::vector<float>{9, 0, 3}));
}

TEST(Binding, GathersStridedInputsInEachRun) {
  std::vector<float> matrix = {1, 4, 2, 5, 3, 6};
  Binding binding = Session(masking()).bind({condition(), transposed(matrix)}, {Tensor()});
  ASSERT_TRUE(binding.run());
  EXPECT_EQ(floats(binding.outputs()[0]), (std::vector<float>{1, 0, 3, 4, 0, 6}));
  matrix[1] = 9;
  ASSERT_TRUE(binding.run());
  EXPECT_EQ(floats(binding.outputs()[0]), (std::vector<float>{1, 0, 3, 9, 0, 6}));
}

TEST(Binding, IsMadeByNameToo) {
  const Session session(masking());
  Tensor y(DataType::float32, {1, 3});
  Binding binding = session.bind({{"x", rows(1)}, {"condition", condition()}}, {{"y", y}});
  ASSERT_TRUE(binding.run());
  EXPECT_EQ(floats(y), (std::vector<float>{1, 0, 3}));
  EXPECT_EQ(binding.inputs()[1].shape(), (Shape{1, 3}));
  Binding own = session.bind(std::vector<NamedTensor>{{"x", rows(1)}, {"condition", condition()}},
                             std::span<const NamedTensor>());
  ASSERT_TRUE(own.run());
  EXPECT_EQ(floats(own.outputs()[0]), (std::vector<float>{1, 0, 3}));
  EXPECT_EQ(error_of([&] {
              session.bind({{"x", rows(1)}, {"condition", condition()}}, {{"z", y}});
            }),
            "invalid_argument: the model has no output 'z'; it has 'y'");
  EXPECT_EQ(error_of([&] {
              session.bind({{"x", rows(1)}, {"condition", condition()}}, {{"y", y}, {"y", y}});
            }),
            "invalid_argument: output 'y' is given twice");
}

TEST(Binding, ChecksItsOutputs) {
  const Session session(masking());
  const auto bind = [&](const Tensor& output) {
    return error_of([&] { session.bind({condition(), rows(1)}, {output}); });
  };
  EXPECT_EQ(bind(Tensor(DataType::float32, {3})),
            "invalid_argument: output 'y' is given as float [3], expected float [1, 3]");
  EXPECT_EQ(bind(Tensor(DataType::int32, {1, 3})),
            "invalid_argument: output 'y' is given as int32 [1, 3], expected float [1, 3]");
  const std::vector<float> constant(3);
  EXPECT_EQ(bind(Tensor::view(constant, {1, 3})),
            "invalid_argument: output 'y' is given as a view of constant elements");
  std::vector<float> apart(6);
  EXPECT_EQ(bind(Tensor::strided_view(std::span(apart), {1, 3}, {6, 2})),
            "invalid_argument: output 'y' is given as a strided view; only inputs may be");
}

TEST(Binding, KeepsItsOutputsApart) {
  Builder builder;
  const ValueId x = builder.input("x", DataType::float32, std::vector<Dimension>{{-1, "batch"}, {3, ""}});
  const ValueId y = builder.node("Relu", {x});
  const ValueId z = builder.node("Abs", {x});
  builder.rename(y, "y");
  builder.rename(z, "z");
  const Session session(model_of(builder.finish({y, z})));
  std::vector<float> memory(9);
  const std::span<float> all(memory);
  const auto at = [&](std::size_t first) { return Tensor::view(all.subspan(first, 3), {1, 3}); };
  EXPECT_EQ(error_of([&] {
              session.bind({at(0)}, {at(3), at(2)});
            }),
            "invalid_argument: output 'z' lies in the memory of input 'x'");
  EXPECT_EQ(error_of([&] {
              session.bind({at(0)}, {at(3), at(5)});
            }),
            "invalid_argument: output 'z' lies in the memory of output 'y'");
  EXPECT_TRUE(session.bind({at(0)}, {at(3), at(6)}).run());
  EXPECT_TRUE(session.bind({Tensor::strided_view(all, {1, 3}, {3, 2})}, {at(0), at(3)}).run())
      << "it is gathered first";
}

TEST(Binding, CallByCallIsARun) {
  Builder builder;
  const ValueId x = builder.input("x", DataType::float32, std::vector<Dimension>{{-1, "batch"}, {3, ""}});
  const Session session(model_of(builder.finish({builder.node("Neg", {builder.node("Floor", {x})})})));
  Tensor input = rows(2), output(DataType::float32, {2, 3});
  input.mutable_values<float>()[0] = 1.5f;
  const Binding binding = session.bind({input}, {output});
  const executor::Execution& execution = binding.parts().execution;
  ASSERT_EQ(execution.calls(), 2u);
  execution.call(0);
  EXPECT_EQ(floats(output), std::vector<float>(6)) << "nothing has come so far";
  execution.call(1);
  EXPECT_EQ(floats(output), (std::vector<float>{-1, -2, -3, -4, -5, -6}));
}

TEST(Session, AModelWithLittleWorkStartsNoThreads) {
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
  };
  const auto before = threads();
  const Session session(masking(), {.threads = 4});
  session.run({condition(), rows(2)});
  EXPECT_EQ(threads(), before);
}

TEST(Execution, KeepsThePoolThatItsKernelsCall) {
  auto pool = std::make_shared<ThreadPool>(2);
  const std::weak_ptr<ThreadPool> watched = pool;
  {
    const executor::Execution execution(executor::shared_plan({}, std::move(pool)));
    EXPECT_FALSE(watched.expired());
  }
  EXPECT_TRUE(watched.expired());
}

/// A cache of plans that do nothing, which counts how many it makes.
struct Plans {
  int made = 0;
  executor::PlanCache cache{2, [this](const executor::PlanKey&) {
                              ++made;
                              return std::make_shared<const planner::Plan>();
                            }};

  /// Whether a plan for so many rows had to be made.
  bool makes(std::int64_t rows) {
    const int before = made;
    const Tensor input(DataType::float32, {rows});
    cache.borrow({&input, 1});
    return made != before;
  }
};

TEST(PlanCache, ForgetsTheLeastRecentlyUsed) {
  Plans plans;
  EXPECT_TRUE(plans.makes(1));
  EXPECT_TRUE(plans.makes(2));
  EXPECT_FALSE(plans.makes(1));
  EXPECT_TRUE(plans.makes(3));
  EXPECT_FALSE(plans.makes(1)) << "used after 2";
  EXPECT_EQ(plans.cache.size(), 2u);
  EXPECT_TRUE(plans.makes(2));
  EXPECT_TRUE(plans.makes(3));
}

TEST(PlanCache, LendsAnExecutionToOneAtATime) {
  Plans plans;
  const Tensor input(DataType::float32, {1});
  const auto address = [](const auto& borrowed) { return &borrowed.plan(); };
  std::vector<executor::PlanCache::Borrowed> borrowed;
  for (int i = 0; i < 100; ++i) borrowed.push_back(plans.cache.borrow({&input, 1}));  // more than there are seats
  for (const auto& each : borrowed) EXPECT_EQ(address(each), address(borrowed[0])) << "of the one plan";
  EXPECT_EQ(plans.made, 1);
  borrowed.clear();
  EXPECT_FALSE(plans.makes(1));
}

TEST(PlanCache, IsForManyThreads) {
  const Session session(masking(), {.plans = 2});
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 300; ++i) {
        const std::int64_t count = 1 + (i + t) % 4;
        const std::vector<Tensor> made = session.run({condition(), rows(count)});
        std::vector<float> expected = floats(rows(count));
        for (std::size_t e = 1; e < expected.size(); e += 3) expected[e] = 0;
        wrong += floats(made[0]) != expected;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace ranvier
