#include "tools/health/kinds.h"

#include <gtest/gtest.h>

#include "operators/activation/activation.h"
#include "runtime/graph/testing.h"

namespace ranvier::health {
namespace {

using graph::testing::Builder;

/// What one node on an input applies.
Application applied(const std::string& op_type, const Builder::Attributes& attributes = {}, std::int64_t version = 17,
                    const std::string& domain = "") {
  Builder builder;
  builder.node(op_type, {builder.input("x")}, attributes, version);
  builder.graph().nodes[0].domain = domain;
  return application(builder.graph(), builder.graph().nodes[0]);
}

TEST(Kinds, HaveEveryRowOfTheTableOfActivationsInItsOrder) {
  ASSERT_GT(kinds().size(), operators::activations().size());
  for (std::size_t i = 0; i < operators::activations().size(); ++i)
    EXPECT_EQ(kinds()[i].name, operators::activations()[i].name);
}

TEST(Kinds, SayInWordsWhereTheyAreFlat) {
  for (const Kind& kind : kinds()) EXPECT_EQ(kind.steep == nullptr, kind.flat.empty()) << kind.name;
}

TEST(Application, IsFoundInDense) {
  const auto dense = [](const Builder::Attributes& attributes) { return applied("Dense", attributes, 1, "ranvier"); };
  EXPECT_EQ(dense({}).kind, nullptr);
  EXPECT_EQ(dense({{"activation", std::string("relu")}}).kind->name, "relu");
  const Application elu = dense({{"activation", std::string("elu")}, {"activation_parameters", std::vector<float>{2}}});
  EXPECT_EQ(elu.kind->name, "elu");
  EXPECT_EQ(elu.steep.low, -1.98);
}

TEST(Application, IsFoundByTheOperatorOfEveryActivation) {
  for (const operators::ActivationRow& row : operators::activations()) {
    if (row.activation == operators::Activation::gelu_tanh) continue;
    const bool own = row.onnx.starts_with("ranvier.");
    const std::string op(own ? row.onnx.substr(8) : row.onnx);
    const Application found = applied(op, {}, 10, own ? "ranvier" : "");
    ASSERT_NE(found.kind, nullptr) << row.name;
    EXPECT_EQ(found.kind->name, row.name);
  }
  for (const char* op : {"Softmax", "LogSoftmax", "Hardmax", "PRelu"}) EXPECT_NE(applied(op).kind, nullptr) << op;
  for (const char* op : {"Glu", "Sparsemax"}) EXPECT_NE(applied(op, {}, 1, "ranvier").kind, nullptr) << op;
  for (const char* op : {"Add", "MatMul", "Dropout"}) EXPECT_EQ(applied(op).kind, nullptr) << op;
  EXPECT_EQ(applied("Relu", {}, 1, "ranvier").kind->name, "keras_relu");
}

TEST(Application, TellsTheTwoGelusApart) {
  EXPECT_EQ(applied("Gelu", {}, 20).kind->name, "gelu");
  EXPECT_EQ(applied("Gelu", {{"approximate", std::string("tanh")}}, 20).kind->name, "gelu_tanh");
}

TEST(Application, IsCalledAsInKeras) {
  EXPECT_EQ(applied("Swish", {}, 24).function, "silu");
  EXPECT_EQ(applied("Clip").function, "clip");
  EXPECT_EQ(applied("LogSoftmax").function, "log_softmax");
}

TEST(Application, IsFlatWhereItsParametersSay) {
  EXPECT_DOUBLE_EQ(applied("Elu").steep.low, -0.99);
  EXPECT_DOUBLE_EQ(applied("Elu", {{"alpha", 2.0f}}).steep.low, -1.98);
  EXPECT_NEAR(applied("Selu").steep.low, -0.99 * 1.7580993, 1e-6);
  EXPECT_EQ(applied("Relu", {{"max_value", 4.0f}}, 1, "ranvier").steep.high, 4);
  EXPECT_EQ(applied("Relu6", {}, 1, "ranvier").steep.high, 6);
  EXPECT_EQ(applied("Sigmoid").steep.high, 0.99);
  EXPECT_EQ(applied("Relu").steep.high, std::numeric_limits<double>::infinity());
}

TEST(Application, KnowsTheBoundsOfClip) {
  const Application old = applied("Clip", {{"min", -1.0f}, {"max", 2.0f}}, 6);
  EXPECT_EQ(old.steep.low, -1);
  EXPECT_EQ(old.steep.high, 2);
  Builder builder;
  const graph::ValueId x = builder.input("x");
  const graph::ValueId high = builder.constant(Tensor::of<float>({}, {5}));
  builder.node("Clip", {x, graph::none, high});
  builder.node("Clip", {x, builder.input("low")});
  const Application fixed = application(builder.graph(), builder.graph().nodes[0]);
  EXPECT_EQ(fixed.steep.low, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(fixed.steep.high, 5);
  EXPECT_EQ(fixed.kind->name, "clip");
  EXPECT_EQ(application(builder.graph(), builder.graph().nodes[1]).steep.low, -std::numeric_limits<double>::infinity());
}

TEST(Application, TakesAClipFromZeroForARelu) {
  const Application relu6 = applied("Clip", {{"min", 0.0f}, {"max", 6.0f}}, 6);
  EXPECT_EQ(relu6.kind->name, "relu6");
  EXPECT_EQ(relu6.function, "relu6");
  EXPECT_EQ(relu6.steep.low, -std::numeric_limits<double>::infinity()) << "0 is where a relu is off, not flat";
  EXPECT_EQ(relu6.steep.high, 6);
  const Application other = applied("Clip", {{"min", 0.0f}, {"max", 1.0f}}, 6);
  EXPECT_EQ(other.kind->name, "keras_relu");
  EXPECT_EQ(other.function, "relu");
  EXPECT_EQ(other.steep.high, 1);
}

}  // namespace
}  // namespace ranvier::health
