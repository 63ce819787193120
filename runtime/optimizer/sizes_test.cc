#include "runtime/optimizer/sizes.h"

#include <gtest/gtest.h>

#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

/// "3*a*b": unknown sizes by the order of their numbers.
std::string text(const std::vector<Size>* sizes) {
  if (sizes == nullptr) return "nothing";
  std::string result;
  for (const Size& size : *sizes) {
    result += (result.empty() ? "" : " ") + std::to_string(size.factor);
    for (const std::uint32_t unknown : size.unknowns) result += std::string("*") + static_cast<char>('a' + unknown);
  }
  return result;
}

const Dialect open = {.shape = {-1, -1, 6}};

std::string shape_of(std::string_view graph_text, const Dialect& dialect = open) {
  const graph::Graph graph = graph_of(graph_text, dialect);
  const std::vector<Fact> facts = facts_of(graph);
  return text(Sizes(graph, facts).shape(graph.outputs[0]));
}

std::string elements_of(std::string_view graph_text, const Dialect& dialect = open) {
  const graph::Graph graph = graph_of(graph_text, dialect);
  const std::vector<Fact> facts = facts_of(graph);
  return text(Sizes(graph, facts).elements(graph.outputs[0]));
}

TEST(Size, ProductsAndQuotients) {
  const Size a{1, {0}}, b{1, {1}};
  const Size both = *product(a, *product(b, Size{6}));
  EXPECT_EQ(both, (Size{6, {0, 1}}));
  EXPECT_EQ(*quotient(both, Size{3}), (Size{2, {0, 1}}));
  EXPECT_EQ(*quotient(both, b), (Size{6, {0}}));
  EXPECT_FALSE(quotient(both, Size{4})) << "it would be no whole number";
  EXPECT_FALSE(quotient(a, b)) << "which one is larger is not known";
  EXPECT_FALSE(quotient(a, Size{0}));
  EXPECT_FALSE(product(Size{INT64_MAX}, Size{2}));
}

TEST(Sizes, FollowShapes) {
  EXPECT_EQ(shape_of("y=Relu(x)"), "1*a 1*b 6");
  EXPECT_EQ(shape_of("y=Add(x, W[6])"), "1*a 1*b 6");
  EXPECT_EQ(shape_of("t=Relu(x); y=Add(t, x)"), "1*a 1*b 6");
  EXPECT_EQ(shape_of("y=MatMul(x, W[6,3])"), "1*a 1*b 3");
  EXPECT_EQ(shape_of("y=Transpose{perm=[2,0,1]}(x)"), "6 1*a 1*b");
  EXPECT_EQ(shape_of("t=Unsqueeze(x, [0,2]); y=Squeeze(t, [0])"), "1*a 1 1*b 6");
  EXPECT_EQ(shape_of("y=Reshape(x, [0,-1])"), "1*a 6*b");
  EXPECT_EQ(shape_of("y=Reshape(x, [-1,3])"), "2*a*b 3");
  EXPECT_EQ(shape_of("y=Flatten(x)"), "1*a 6*b");
  EXPECT_EQ(shape_of("y=Slice(x, [1], [3])"), "1*c 1*d 1*e") << "sizes of their own";
  EXPECT_EQ(shape_of("t=Transpose{perm=[1,0,2]}(x); y=Add(t, x)"), "1*c 1*d 6") << "whichever of two is not 1";
  EXPECT_EQ(shape_of("y=Mystery(x)"), "nothing");
}

TEST(Sizes, FollowWholeNumbers) {
  EXPECT_EQ(elements_of("y=Shape(x)"), "1*a 1*b 6");
  EXPECT_EQ(elements_of("s=Shape(x); y=Gather(s, [2,0])"), "6 1*a");
  EXPECT_EQ(elements_of("s=Shape(x); y=Gather(s, -1i)"), "6");
  EXPECT_EQ(elements_of("s=Shape(x); c=Cast{to=6}(s); t=Slice(c, [1], [3]); y=Cast{to=7}(t)"), "1*b 6");
  EXPECT_EQ(elements_of("s=Shape(x); y=ReduceProd(s)"), "6*a*b");
  EXPECT_EQ(elements_of("s=Shape(x); t=Gather(s, [0]); y=Concat{axis=0}(t, [-1], [8])"), "1*a -1 8");
  EXPECT_EQ(elements_of("s=Shape(x); y=Mul(s, 2i)"), "2*a 2*b 12");
  EXPECT_EQ(elements_of("s=Shape(x); t=Relu(x); u=Shape(t); y=Max(s, u)"), "1*a 1*b 6");
  EXPECT_EQ(elements_of("s=Shape(x); t=Shape(W[3,4,5]); y=Max(s, t)"), "nothing");
  EXPECT_EQ(elements_of("s=Shape(x); y=Cast{to=1}(s)"), "nothing") << "no whole numbers";
  EXPECT_EQ(elements_of("s=Shape(x); y=Gather(s, 3i)"), "nothing") << "there is no such axis";
}

}  // namespace
}  // namespace ranvier::optimizer
