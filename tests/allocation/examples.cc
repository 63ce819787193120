#include "tests/allocation/examples.h"

#include <optional>
#include <utility>

#include "operators/table.h"
#include "runtime/core/error.h"
#include "runtime/executor/testing.h"
#include "runtime/graph/testing.h"
#include "runtime/planner/plan.h"
#include "tools/golden/golden.h"

namespace ranvier::allocation {
namespace {

using graph::ValueId;
using graph::testing::Builder;

/// Two: what is shared out among threads has to keep the promises too.
constexpr int threads = 2;
constexpr std::int64_t newest = 26;  ///< The opset of single operators.

std::set<std::string_view> implementations_of(const Model& model, const std::vector<Tensor>& inputs) {
  const graph::Graph& graph = model.parts().graph;
  std::vector<planner::Given> given;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    given.push_back({graph.inputs[i], {inputs[i].type(), inputs[i].shape(), nullptr}});
  std::set<std::string_view> names;
  for (const planner::Step& step : planner::make_plan(graph, given, {}, {.threads = threads}).steps)
    names.insert(step.implementation);
  return names;
}

/// @throws Error where the model does not run, or its outputs cannot be bound.
Example example(std::string name, const Model& model, std::vector<Tensor> inputs) {
  const Session session(model, {.threads = threads});
  std::vector<Tensor> outputs = session.run(inputs);
  auto binding = std::make_unique<Binding>(session.bind(inputs, outputs));
  if (!binding->run()) throw Error(*binding->error());
  std::set<std::string_view> implementations = implementations_of(model, inputs);
  return {std::move(name), std::move(inputs), std::move(outputs), std::move(binding), std::move(implementations)};
}

/// The operator on `arity` inputs of the type; nothing where it does not take them.
std::optional<Example> single(const operators::Row& row, DataType type, std::size_t arity) {
  Builder builder;
  std::vector<ValueId> operands;
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < arity; ++i) {
    operands.push_back(builder.input(std::to_string(i), type));
    inputs.emplace_back(type, Shape{2, 2});
  }
  const ValueId output = builder.node(std::string(row.name), operands, {}, newest);
  try {
    return example(std::string(row.name), testing::model_of(builder.finish({output})), std::move(inputs));
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<Example> single(const operators::Row& row) {
  for (const DataType type : {DataType::float32, DataType::int64, DataType::boolean})
    for (const std::size_t arity : {1, 2, 3})
      if (auto made = single(row, type, arity)) return made;
  return std::nullopt;
}

ValueId integers(Builder& builder, const std::vector<std::int64_t>& values) {
  return builder.constant(Tensor::of(Shape{static_cast<std::int64_t>(values.size())}, values));
}

Tensor floats(const Shape& shape) {
  Tensor tensor(DataType::float32, shape);
  float next = -2;
  for (float& element : tensor.mutable_values<float>()) element = next += 0.125f;
  return tensor;
}

CustomOperator twice() {
  return {.domain = "com.example",
          .name = "Twice",
          .types = [](const CustomNode& node) { return std::vector{node.input_type(0)}; },
          .compute =
              [](const CustomCall& call) {
                const auto from = call.input(0).values<float>();
                const auto to = call.output(0).mutable_values<float>();
                for (std::size_t i = 0; i < from.size(); ++i) to[i] = call.attribute<float>("factor", 2) * from[i];
              }};
}

}  // namespace

std::vector<Example> single_operators() {
  std::vector<Example> examples;
  for (const operators::Row& row : operators::table()) {
    if (!row.domain.empty() || (!examples.empty() && examples.back().name == row.name)) continue;
    if (auto made = single(row)) examples.push_back(std::move(*made));
  }
  return examples;
}

std::vector<Example> small_graphs() {
  std::vector<Example> examples;
  {
    Builder builder;  // a chain of activations, two of them with parameters
    ValueId x = builder.input("x");
    for (const char* op : {"Relu", "Sigmoid", "Tanh", "Softplus", "Softsign"}) x = builder.node(op, {x});
    x = builder.node("Elu", {x}, {{"alpha", 0.5f}});
    x = builder.node("LeakyRelu", {x}, {{"alpha", 0.25f}});
    x = builder.node("Softmax", {x}, {{"axis", std::int64_t{0}}});
    examples.push_back(example("activations", testing::model_of(builder.finish({x})), {floats({3, 5})}));
  }
  {
    Builder builder;  // swish and a residual, with broadcasting
    const ValueId x = builder.input("x");
    const ValueId scale = builder.constant(floats({5}));
    const ValueId scaled = builder.node("Mul", {x, scale});
    const ValueId swish = builder.node("Mul", {scaled, builder.node("Sigmoid", {scaled})});
    const ValueId sum = builder.node("Add", {swish, x});
    const ValueId positive = builder.node("Greater", {sum, builder.constant(floats({1}))});
    const ValueId y = builder.node("Where", {positive, sum, builder.node("Exp", {sum})});
    examples.push_back(example("elementwise", testing::model_of(builder.finish({y})), {floats({3, 5})}));
  }
  {
    Builder builder;  // pools
    const Builder::Attributes windows = {{"kernel_shape", std::vector<std::int64_t>{2, 3}}};
    const ValueId x = builder.input("x");
    const ValueId y = builder.node("AveragePool", {builder.node("MaxPool", {x}, windows)}, windows);
    examples.push_back(example("pools", testing::model_of(builder.finish({y})), {floats({1, 2, 6, 7})}));
  }
  {
    Builder builder;  // what moves elements
    ValueId x = builder.input("x");
    x = builder.node("Reshape", {x, integers(builder, {3, 2, -1})});
    x = builder.node("Transpose", {x}, {{"perm", std::vector<std::int64_t>{2, 0, 1}}});
    x = builder.node("Slice", {x, integers(builder, {1}), integers(builder, {4}), integers(builder, {0})});
    x = builder.node("Gather", {x, integers(builder, {2, 0, -1})}, {{"axis", std::int64_t{1}}});
    x = builder.node("Concat", {x, x}, {{"axis", std::int64_t{2}}});
    x = builder.node("Unsqueeze", {x, integers(builder, {0})});
    x = builder.node("Expand", {x, integers(builder, {2, 1, 1, 1})});
    x = builder.node("Tile", {x, integers(builder, {1, 2, 1, 1})});
    x = builder.node("Pad", {x, integers(builder, {0, 0, 1, 0, 0, 0, 0, 1})});
    x = builder.node("Cast", {x}, {{"to", std::int64_t{11}}});
    const std::vector<ValueId> halves = builder.nodes("Split", {x}, 2, {{"axis", std::int64_t{0}}});
    examples.push_back(example("shapes", testing::model_of(builder.finish(halves)), {floats({4, 6})}));
  }
  {
    Builder builder;  // an operator of the user's own, and an input that each run gathers
    const ValueId x = builder.input("x");
    const ValueId y = builder.node("Twice", {x});
    builder.graph().nodes[0].custom = std::make_shared<const CustomOperator>(twice());
    const auto columns = std::make_shared<const Tensor>(floats({5, 3}));
    examples.push_back(example("custom", testing::model_of(builder.finish({y})),
                               {Tensor::strided_view(DataType::float32, columns->data(), {3, 5}, {1, 3}, columns)}));
  }
  return examples;
}

std::vector<Example> models_in(const std::string& folder) {
  std::vector<Example> examples;
  for (const golden::Golden& model : golden::find(RANVIER_SOURCE_DIR "/" + folder)) {
    try {
      examples.push_back(
          example(model.folder.filename().string(), Model::load(model.model()), golden::load(model.sets[0]).inputs));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unsupported) throw;
    }
  }
  return examples;
}

}  // namespace ranvier::allocation
