#include "operators/activation/epilogue.h"

#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

TEST(Epilogue, IsReadFromNodes) {
  graph::Node node{
      .op_type = "LeakyRelu", .version = 16, .inputs = {0}, .outputs = {1}, .attributes = {{"alpha", 0.5f}}};
  std::optional<Epilogue> epilogue = epilogue_of(node);
  ASSERT_TRUE(epilogue);
  EXPECT_EQ(std::get<Activation>(epilogue->activation), Activation::leaky_relu);
  EXPECT_EQ(epilogue->parameters, std::vector<float>{0.5f});
  node = {.op_type = "Gelu",
          .version = 20,
          .inputs = {0},
          .outputs = {1},
          .attributes = {{"approximate", std::string("tanh")}}};
  EXPECT_EQ(name(*epilogue_of(node)), "gelu_tanh");
  node = {.domain = "ranvier", .op_type = "Relu6", .version = 1, .inputs = {0}, .outputs = {1}};
  EXPECT_EQ(name(*epilogue_of(node)), "relu6");
  EXPECT_FALSE(epilogue_of({.op_type = "Clip", .version = 13, .inputs = {0, 2, 3}, .outputs = {1}}));
  EXPECT_FALSE(epilogue_of({.op_type = "Selu", .version = 1, .inputs = {0}, .outputs = {1}}));
}

TEST(Epilogue, OfRowsWhereTheLastAxisIsTakenTogether) {
  const auto of = [](std::string op, std::int64_t version, testing::Attributes attributes, std::size_t rank) {
    const auto epilogue = epilogue_of({.op_type = std::move(op),
                                       .version = version,
                                       .inputs = {0},
                                       .outputs = {1},
                                       .attributes = std::move(attributes)},
                                      rank);
    return std::string(epilogue ? name(*epilogue) : "none");
  };
  const auto axis = [](std::int64_t value) { return testing::Attributes{{"axis", value}}; };
  EXPECT_EQ(of("Softmax", 13, {}, 0), "softmax");
  EXPECT_EQ(of("LogSoftmax", 13, axis(-1), 0), "log_softmax");
  EXPECT_EQ(of("Softmax", 13, axis(2), 3), "softmax");
  EXPECT_EQ(of("Softmax", 13, axis(1), 3), "none");
  EXPECT_EQ(of("Softmax", 13, axis(2), 0), "none") << "the rank is not known";
  EXPECT_EQ(of("Softmax", 11, {}, 2), "softmax") << "all axes from 1 on";
  EXPECT_EQ(of("Softmax", 11, {}, 3), "none");
  EXPECT_EQ(of("Hardmax", 13, {}, 2), "none");
}

}  // namespace
}  // namespace ranvier::operators
