#include "tools/health/tapped_model.h"

#include <gtest/gtest.h>

#include "ranvier/session.h"
#include "runtime/executor/model_parts.h"
#include "runtime/graph/testing.h"

namespace ranvier::health {
namespace {

using Elements = std::vector<float>;

Elements elements(const Tensor& tensor) { return {tensor.values<float>().begin(), tensor.values<float>().end()}; }

/// negative = -x, relu = max(negative, 0), with the outputs absolute = |relu| and relu.
struct Example {
  Example() {
    graph::testing::Builder builder;
    x = builder.input("x", DataType::float32, std::vector<graph::Dimension>{{-1, "rows"}});
    negative = builder.node("Neg", {x});
    relu = builder.node("Relu", {negative});
    absolute = builder.node("Abs", {relu});
    auto parts = std::make_shared<Model::Parts>();
    parts->graph = builder.finish({absolute, relu});
    parts->inputs = {{.name = "x", .type = DataType::float32, .ranked = true, .dimensions = {{-1, "rows"}}}};
    parts->outputs = {{.name = "absolute", .dimensions = {}}, {.name = "relu", .dimensions = {}}};
    model = std::make_unique<Model>(std::move(parts));
  }

  graph::ValueId x, negative, relu, absolute;
  std::unique_ptr<Model> model;
};

TEST(TappedModel, GivesInnerValuesAfterTheOutputsOfTheModel) {
  const Example example;
  const TappedModel tapped_model = tapped(*example.model, std::vector{example.negative, example.relu});
  EXPECT_EQ(tapped_model.places, (std::vector<std::size_t>{2, 1})) << "what is an output already stays where it is";
  ASSERT_EQ(tapped_model.model.outputs().size(), 3u);
  EXPECT_EQ(tapped_model.model.outputs()[0].name, "absolute");
  const std::vector<Tensor> outputs = Session(tapped_model.model).run({Tensor::of<float>({2}, {1, -2})});
  EXPECT_EQ(elements(outputs[0]), (Elements{0, 2}));
  EXPECT_EQ(elements(outputs[1]), (Elements{0, 2}));
  EXPECT_EQ(elements(outputs[2]), (Elements{-1, 2}));
}

TEST(TappedModel, LeavesTheModelAsItWas) {
  const Example example;
  tapped(*example.model, std::vector{example.negative});
  EXPECT_EQ(example.model->outputs().size(), 2u);
  EXPECT_EQ(example.model->parts().graph.outputs.size(), 2u);
}

TEST(TappedModel, GivesAValueOnceThatIsAskedForTwice) {
  const Example example;
  const TappedModel twice = tapped(*example.model, std::vector{example.negative, example.negative});
  EXPECT_EQ(twice.places, (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(twice.model.outputs().size(), 3u);
}

}  // namespace
}  // namespace ranvier::health
