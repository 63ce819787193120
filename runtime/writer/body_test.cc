#include "runtime/writer/body.h"

#include <gtest/gtest.h>

#include "runtime/writer/testing.h"

namespace ranvier::writer {
namespace {

/// "t1 = Neg(x)", a line for each node; attributes in brackets.
std::string text_of(const Definition& definition, DataType type = DataType::float32) {
  const onnx::FunctionProto proto = function_proto({"F", &definition, type, {-2, -1}}, 17);
  std::string text;
  for (const onnx::NodeProto& node : proto.node()) {
    text += fmt::format("{} = {}({})", fmt::join(node.output(), ", "), node.op_type(), fmt::join(node.input(), ", "));
    for (const onnx::AttributeProto& attribute : node.attribute()) {
      text += fmt::format(" [{} = ", attribute.name());
      if (!attribute.ref_attr_name().empty()) text += "@" + attribute.ref_attr_name();
      if (attribute.has_i()) text += std::to_string(attribute.i());
      if (attribute.has_f()) text += fmt::format("{}f", attribute.f());
      if (attribute.ints_size() > 0) text += fmt::format("{{{}}}", fmt::join(attribute.ints(), ", "));
      if (attribute.has_t()) text += fmt::format("{} of type {}", attribute.t().dims_size(), attribute.t().data_type());
      text += "]";
    }
    text += "\n";
  }
  return text;
}

TEST(Body, OperatorsBindAsUsual) {
  EXPECT_EQ(text_of({"F(a, b)", 1, "a + b * a - (a + b) / b"}),
            "t1 = Mul(b, a)\n"
            "t2 = Add(a, t1)\n"
            "t3 = Add(a, b)\n"
            "t4 = Div(t3, b)\n"
            "y = Sub(t2, t4)\n");
  EXPECT_EQ(text_of({"F(a, b)", 1, "-a <= -(b * a)"}),
            "t1 = Neg(a)\n"
            "t2 = Mul(b, a)\n"
            "t3 = Neg(t2)\n"
            "y = LessOrEqual(t1, t3)\n");
}

TEST(Body, StatementsNameWhatTheLastNodeMakes) {
  EXPECT_EQ(text_of({"F(x)", 1, "a, b = Split(x, axis = -1); c = Exp(a) + b; c * a"}),
            "a, b = Split(x) [axis = -1]\n"
            "t2 = Exp(a)\n"
            "c = Add(t2, b)\n"
            "y = Mul(c, a)\n");
}

TEST(Body, ConstantsAreMadeOnceAndOfTheFunctionsType) {
  const Definition definition = {"F(x)", 1, "0.5 * x + 0.5 * Pad(x, [1, 2])"};
  EXPECT_EQ(text_of(definition),
            "t1 = Constant() [value = 0 of type 1]\n"
            "t2 = Mul(t1, x)\n"
            "t3 = Constant() [value = 1 of type 7]\n"
            "t4 = Pad(x, t3)\n"
            "t5 = Mul(t1, t4)\n"
            "y = Add(t2, t5)\n");
  EXPECT_NE(text_of(definition, DataType::float16).find("0 of type 10"), std::string::npos);
}

TEST(Body, AttributesAreReferredTo) {
  const Definition definition = {"F(x; slope = 0.5, axis = -1)", 1, "@slope * CumSum(Elu(x, alpha = @slope), @axis)"};
  EXPECT_EQ(text_of(definition),
            "t1 = Constant() [value_float = @slope]\n"
            "t2 = Elu(x) [alpha = @slope]\n"
            "t3 = Constant() [value_int = @axis]\n"
            "t4 = CumSum(t2, t3)\n"
            "y = Mul(t1, t4)\n");
  EXPECT_EQ(text_of({"F(x; slope = 0.5)", 1, "@slope * x"}, DataType::float64),
            "t1 = Constant() [value_float = @slope]\n"
            "t2 = Cast(t1) [to = 11]\n"
            "y = Mul(t2, x)\n");
}

TEST(Body, AxesAreTheFunctions) {
  EXPECT_EQ(text_of({"F(x)", 1, "ReduceMean(x, axes = axes, keepdims = 1) + ReduceSum(x, axes)"}),
            "t1 = ReduceMean(x) [axes = {-2, -1}] [keepdims = 1]\n"
            "t2 = Constant() [value = 1 of type 7]\n"
            "t3 = ReduceSum(x, t2)\n"
            "y = Add(t1, t3)\n");
}

TEST(Body, WrongTextIsAnErrorOfOurs) {
  const auto error = [](std::string_view body) {
    const Definition definition = {"F(x)", 1, body};
    return testing::error_of([&] { text_of(definition); });
  };
  EXPECT_EQ(error("x + z"), "internal: 'x + z': expected something that 'z' is not before ''");
  EXPECT_EQ(error("Exp(x"), "internal: 'Exp(x': expected ',' before ''");
  EXPECT_EQ(error("Exp(x) x"), "internal: 'Exp(x) x': expected an operator before 'x'");
  EXPECT_EQ(error("@a * x"), "internal: '@a * x': expected an attribute that 'a' is not before '* x'");
  EXPECT_EQ(error("a = x; Exp(a)"), "internal: 'a = x; Exp(a)': expected something to name before '; Exp(a)'");
  EXPECT_EQ(error("x"), "internal: 'x': expected an operator before ''");
  EXPECT_EQ(error(""), "internal: '': expected an operand before ''");
}

}  // namespace
}  // namespace ranvier::writer
