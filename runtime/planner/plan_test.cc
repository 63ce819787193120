#include "runtime/planner/plan.h"

#include <gtest/gtest.h>

#include "runtime/core/panels.h"
#include "runtime/graph/testing.h"

namespace ranvier::planner {
namespace {

using graph::Graph;
using graph::ValueId;
using graph::testing::Builder;
using graph::testing::error_of;

/// Plans with inputs of these shapes, all float, in the graph's order.
Plan plan(const Graph& graph, const std::vector<Shape>& shapes, const operators::Settings& settings = {}) {
  std::vector<Given> given;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    given.push_back({graph.inputs[i], {graph.values[graph.inputs[i]].type, shapes[i], nullptr}});
  return make_plan(graph, given, {}, settings);
}

std::vector<std::string> steps(const Graph& graph, const Plan& made) {
  std::vector<std::string> result;
  for (const Step& step : made.steps)
    result.push_back(step.node == graph::none ? "copy" : graph.nodes[step.node].op_type);
  return result;
}

Tensor ints(std::initializer_list<std::int64_t> values) {
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

TEST(Plan, FoldsShapeArithmeticAndLetsViewsShareMemory) {
  // The reshape that exporters write around a Dense: the batch from Shape, the rest constant.
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId where = builder.node("Where", {builder.constant(Tensor::of<bool>({}, {true})), x, x});
  const ValueId like = builder.node("Reshape", {where, builder.node("Shape", {x})});
  const ValueId y = builder.node("Where", {builder.constant(Tensor::of<bool>({}, {false})), like, like});
  const Graph graph = builder.finish({y});
  const Plan made = plan(graph, {{2, 3}});
  EXPECT_EQ(steps(graph, made), (std::vector<std::string>{"Where", "Where"}));
  EXPECT_EQ(made.outputs[0].shape, (Shape{2, 3}));
  const auto* written = std::get_if<ArenaOffset>(&made.steps[0].outputs[0]);
  const auto* read = std::get_if<ArenaOffset>(&made.steps[1].inputs[1]);
  ASSERT_NE(written, nullptr);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(written->bytes, read->bytes);
}

TEST(Plan, MakesAnOutputInItsPlaceAlsoThroughAView) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId where = builder.node("Where", {builder.constant(Tensor::of<bool>({}, {true})), x, x});
  const ValueId flat = builder.node("Reshape", {where, builder.constant(ints({-1}))});
  const Graph graph = builder.finish({flat});
  const Plan made = plan(graph, {{2, 3}});
  EXPECT_EQ(steps(graph, made), std::vector<std::string>{"Where"});
  EXPECT_TRUE(std::holds_alternative<PlanOutput>(made.steps[0].outputs[0]));
  EXPECT_EQ(made.arena_bytes, 0u);
}

TEST(Plan, CopiesOutputsThatHaveNoPlaceOfTheirOwn) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId reshaped = builder.node("Reshape", {x, builder.constant(ints({-1}))});
  const ValueId shape = builder.node("Shape", {x});
  const ValueId where = builder.node("Where", {builder.constant(Tensor::of<bool>({}, {true})), x, x});
  const Graph graph = builder.finish({x, reshaped, shape, where, where});
  const Plan made = plan(graph, {{2, 3}});
  EXPECT_EQ(steps(graph, made), (std::vector<std::string>{"Reshape", "Where", "copy", "copy", "copy"}));
}

TEST(Plan, DropsNodesThatNoOutputNeeds) {
  Builder builder;
  const ValueId x = builder.input("x");
  builder.node("Where", {builder.constant(Tensor::of<bool>({}, {true})), x, x});
  const ValueId y = builder.node("Where", {builder.constant(Tensor::of<bool>({}, {true})), x, x});
  const Graph graph = builder.finish({y});
  EXPECT_EQ(plan(graph, {{2}}).steps.size(), 1u);
}

TEST(Plan, StopsWhereAShapeDependsOnElements) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId dims = builder.input("dims", DataType::int64);
  const ValueId before = builder.node("Where", {builder.constant(Tensor::of<bool>({}, {true})), x, x});
  const ValueId y = builder.node("Reshape", {before, dims});
  const Graph graph = builder.finish({y});
  const Plan made = plan(graph, {{2, 3}, {1}});
  EXPECT_EQ(made.deferred, (std::vector<bool>{false, true}));
  EXPECT_EQ(made.awaited, std::vector<ValueId>{dims});
  EXPECT_EQ(steps(graph, made), (std::vector<std::string>{"Where", "copy"}));
}

TEST(Plan, DoesNotHandConstantsOnToTheNextStage) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId y = builder.node("Reshape", {x, builder.input("dims", DataType::int64)});
  const ValueId sum = builder.node("Add", {y, builder.constant(Tensor::of<float>({}, {1}))});
  const Graph graph = builder.finish({sum});
  EXPECT_EQ(steps(graph, plan(graph, {{2, 3}, {1}})), (std::vector<std::string>{"copy", "copy"})) << "of the inputs";
}

TEST(Plan, GivesKernelsDenseConstants) {
  Builder builder;
  const ValueId x = builder.input("x");
  const Tensor matrix = Tensor::of<float>({2, 2}, {1, 2, 3, 4});
  const ValueId panels = builder.constant(in_panels(matrix, {.axis = 0, .width = 2}));
  const Graph graph = builder.finish({builder.node("Add", {x, panels}), panels});
  const Plan made = plan(graph, {{2, 2}});
  ASSERT_EQ(steps(graph, made), (std::vector<std::string>{"Add", "copy"}));
  for (const Location& location : {made.steps[0].inputs[1], made.steps[1].inputs[0]}) {
    const auto* elements = static_cast<const float*>(std::get<Constant>(location).data);
    EXPECT_EQ(std::vector<float>(elements, elements + 4), (std::vector<float>{1, 2, 3, 4}));
  }
  EXPECT_EQ(made.constants.size(), 1u) << "one copy for both";
}

TEST(Plan, SaysWhichNodeIsWrong) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId y = builder.node("Reshape", {x, builder.constant(ints({4}))});
  const Graph graph = builder.finish({y});
  EXPECT_EQ(
      error_of([&] {
        plan(graph, {{2, 3}});
      }),
      "invalid_argument: node 'Reshape_0' (Reshape, opset 17): an input of shape [2, 3] does not fit the shape [4]");
  Builder unknown;
  const ValueId z = unknown.node("Frobnicate", {unknown.input("x")});
  const Graph strange = unknown.finish({z});
  EXPECT_EQ(error_of([&] { plan(strange, {{1}}); }),
            "unsupported: node 'Frobnicate_0' (Frobnicate, opset 17): the operator is not supported");
}

TEST(Plan, SaysWhoseFaultItIs) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId reshaped = builder.node("Reshape", {x, builder.constant(ints({-7}))});
  const Graph bad_constant = builder.finish({reshaped});
  EXPECT_EQ(error_of([&] { plan(bad_constant, {{7}}); }),
            "invalid_model: node 'Reshape_0' (Reshape, opset 17): shape [-7] has a negative dimension");
  Builder alone;
  const ValueId filled = alone.node("ConstantOfShape", {alone.constant(ints({-1}))});
  const Graph without_inputs = alone.finish({filled});
  EXPECT_EQ(error_of([&] { plan(without_inputs, {}); }),
            "invalid_model: node 'ConstantOfShape_0' (ConstantOfShape, opset 17): shape [-1] has a negative dimension");
  Builder open;
  const ValueId dims = open.input("dims", DataType::int64, std::vector<graph::Dimension>{{1, ""}});
  const ValueId made = open.node("ConstantOfShape", {dims});
  const Graph of_input = open.finish({made});
  const Tensor negative = ints({-1});
  const Given given = {dims, {DataType::int64, {1}, &negative}};
  EXPECT_EQ(error_of([&] {
              make_plan(of_input, {&given, 1}, {}, {});
            }),
            "invalid_argument: node 'ConstantOfShape_0' (ConstantOfShape, opset 17): shape [-1] has a negative "
            "dimension");
}

TEST(Plan, KeepsToTheMemoryLimit) {
  Builder builder;
  const ValueId x = builder.input("x");
  const ValueId y = builder.node("Where", {builder.constant(Tensor::of<bool>({}, {true})), x, x});
  const Graph graph = builder.finish({y});
  operators::Settings settings;
  settings.memory_limit = 1000;
  EXPECT_EQ(
      error_of([&] { plan(graph, {{251}}, settings); }),
      "out_of_memory: node 'Where_0' (Where, opset 17): output 0 of shape [251] takes 1004 bytes, the limit is 1000");
}

}  // namespace
}  // namespace ranvier::planner
