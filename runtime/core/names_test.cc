#include "runtime/core/names.h"

#include <gtest/gtest.h>

#include <vector>

namespace ranvier {
namespace {

TEST(NamesInstead, ListsFew) {
  EXPECT_EQ(names_instead("z", {}), "it has none");
  EXPECT_EQ(names_instead("z", std::vector<std::string>{"x", "y"}), "it has 'x', 'y'");
}

TEST(NamesInstead, OfManyGivesTheNearest) {
  const std::vector<std::string> names = {"input",          "dense/MatMul:0", "dense/BiasAdd:0", "dense/Relu:0",
                                          "dense_1/Relu:0", "softmax",        "probabilities"};
  EXPECT_EQ(names_instead("dense_1/Rely:0", names),
            "the nearest are 'dense_1/Relu:0', 'dense/Relu:0', 'dense/MatMul:0'");
  EXPECT_EQ(names_instead("BiasAdd", names), "the nearest are 'dense/BiasAdd:0', 'input', 'softmax'")
      << "a name that has the wanted one in it comes first";
  EXPECT_EQ(names_instead("", names).find("the nearest are "), 0u);
}

TEST(NamesInstead, ComparesLongNamesByTheirEnds) {
  std::vector<std::string> names(7, std::string(10'000, 'x'));
  names[5] += "/Relu";
  const std::string message = names_instead(std::string(10'000, 'y') + "/Relu", names);
  EXPECT_TRUE(message.starts_with("the nearest are '" + names[5] + "', "));
}

}  // namespace
}  // namespace ranvier
