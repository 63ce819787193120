#include <gtest/gtest.h>

#include <cmath>

#include "operators/matmul/einsum_product.h"
#include "operators/table.h"
#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;

template <class T = float>
Tensor counting(const Shape& shape, int first = 1) {
  Tensor tensor(data_type_of<T>, shape);
  int next = first;
  for (T& element : tensor.mutable_values<T>()) element = static_cast<T>(next++ % 13 - 6);
  return tensor;
}

Tensor einsum_of(const std::string& equation, const std::vector<Tensor>& inputs) {
  return testing::run({"Einsum", 12, {{"equation", equation}}}, inputs, 0)[0];
}

std::string error(const std::string& equation, const std::vector<Tensor>& inputs) {
  return error_of([&] { einsum_of(equation, inputs); });
}

const Tensor matrix = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
const Tensor square = Tensor::of<float>({2, 2}, {1, 2, 3, 4});

TEST(Einsum, OneInput) {
  EXPECT_EQ(elements<float>(einsum_of("ij->ji", {matrix})), (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(einsum_of("ij->ji", {matrix}).shape(), (Shape{3, 2}));
  EXPECT_EQ(elements<float>(einsum_of("ij->i", {matrix})), (std::vector<float>{6, 15}));
  EXPECT_EQ(elements<float>(einsum_of("ij->", {matrix})), std::vector<float>{21});
  EXPECT_EQ(einsum_of("ij->", {matrix}).shape(), Shape{});
  EXPECT_EQ(elements<float>(einsum_of("ii->i", {square})), (std::vector<float>{1, 4}));
  EXPECT_EQ(elements<float>(einsum_of("ii", {square})), std::vector<float>{5});
  EXPECT_EQ(elements<float>(einsum_of("", {Tensor::of<float>({}, {7})})), std::vector<float>{7});
}

TEST(Einsum, TheImplicitOutputIsSorted) {
  EXPECT_EQ(einsum_of("ba", {matrix}).shape(), (Shape{3, 2}));
  EXPECT_EQ(elements<float>(einsum_of("ba", {matrix})), (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(elements<float>(einsum_of(" i j , j ", {matrix, Tensor::of<float>({3}, {1, 0, 2})})),
            (std::vector<float>{7, 16}));
  EXPECT_EQ(einsum_of("z...a", {counting({2, 3, 4})}).shape(), (Shape{3, 4, 2}));
}

TEST(Einsum, TheEllipsisStandsForWhatIsLeftAndBroadcasts) {
  EXPECT_EQ(einsum_of("...ij,...jk->...ik", {counting({5, 1, 2, 3}), counting({1, 4, 3, 6})}).shape(),
            (Shape{5, 4, 2, 6}));
  EXPECT_EQ(elements<float>(einsum_of("...ii->...i", {counting({2, 2, 2}, 7)})), (std::vector<float>{1, 4, 5, -5}));
  EXPECT_EQ(elements<float>(einsum_of("i...->i", {matrix})), (std::vector<float>{6, 15}));
  EXPECT_EQ(elements<float>(einsum_of("...j,j->...", {matrix, Tensor::of<float>({3}, {1, 0, 2})})),
            (std::vector<float>{7, 16}));
}

TEST(Einsum, SeveralInputs) {
  const Tensor vector = Tensor::of<float>({2}, {1, 2});
  EXPECT_EQ(elements<float>(einsum_of("i,j->ij", {vector, vector})), (std::vector<float>{1, 2, 2, 4}));
  EXPECT_EQ(elements<float>(einsum_of("i,i", {vector, vector})), std::vector<float>{5});
  EXPECT_EQ(elements<float>(einsum_of("i,ij,j->", {vector, square, vector})), std::vector<float>{27});
  EXPECT_EQ(elements<float>(einsum_of("ij,ij->ij", {square, square})), (std::vector<float>{1, 4, 9, 16}));
}

/// What numpy says, by the definition: every index of the equation is a loop.
TEST(Einsum, ProductsAgreeWithTheReferenceHoweverTheirDimensionsLie) {
  struct Case {
    std::string equation;
    Shape a, b;
  };
  const Case cases[] = {{"ij,jk->ik", {4, 5}, {5, 6}},
                        {"ij,jk->ki", {4, 5}, {5, 6}},
                        {"ji,jk->ik", {5, 4}, {5, 6}},
                        {"ij,kj->ik", {4, 5}, {6, 5}},
                        {"abc,cde->abde", {2, 3, 4}, {4, 5, 6}},          // Keras' EinsumDense: a projection to heads
                        {"abcd,cde->abe", {2, 3, 4, 5}, {4, 5, 6}},       // and back
                        {"aecd,abcd->acbe", {2, 7, 3, 4}, {2, 6, 3, 4}},  // MultiHeadAttention: scores
                        {"acbe,aecd->abcd", {2, 3, 6, 7}, {2, 7, 3, 4}},  // and values
                        {"abcd,cde->abe", {2, 3, 4, 5}, {4, 5, 1}},
                        {"bij,bjk->bik", {3, 4, 5}, {1, 5, 6}},
                        {"...ij,jk->...ik", {2, 3, 4, 5}, {5, 6}},
                        {"i,j->ij", {3}, {4}},
                        {"i,j->ji", {3}, {4}},
                        {"bi,bj->bij", {2, 3}, {2, 4}},
                        {"bi,bi->b", {2, 3}, {2, 3}},
                        {"i,i->", {5}, {5}},
                        {"abcd,dcef->aebf", {2, 3, 4, 5}, {5, 4, 2, 3}},
                        {"ij,jk->ik", {96, 128}, {128, 64}}};
  for (const Case& one : cases) {
    SCOPED_TRACE(one.equation);
    const graph::Node node{
        .op_type = "Einsum", .inputs = {0, 1}, .outputs = {2}, .attributes = {{"equation", one.equation}}};
    const Spec spec(node, {{DataType::float32, one.a, nullptr}, {DataType::float32, one.b, nullptr}});
    EXPECT_EQ(einsum_product_refusal(spec), std::nullopt);
    einsum_of(one.equation, {counting(one.a), counting(one.b, 4)});
  }
}

TEST(Einsum, OneDnnSaysWhyItRefuses) {
  const auto refusal = [](const std::string& equation, const std::vector<Shape>& shapes,
                          DataType type = DataType::float32) {
    const graph::Node node{.op_type = "Einsum", .outputs = {9}, .attributes = {{"equation", equation}}};
    std::vector<TensorInfo> infos;
    infos.reserve(shapes.size());
    for (const Shape& shape : shapes) infos.push_back({type, shape, nullptr});
    return einsum_product_refusal(Spec(node, infos));
  };
  EXPECT_EQ(refusal("ij->ji", {{2, 3}}), "1 inputs; a product has 2");
  EXPECT_EQ(refusal("ii,ij->ij", {{3, 3}, {3, 4}}), "index 'i' occurs twice in the term of input 0");
  EXPECT_EQ(refusal("ij,k->k", {{2, 3}, {4}}), "index 'j' of input 0 is summed alone");
  EXPECT_EQ(refusal("ij,jk->ik", {{2, 3}, {3, 0}}), "input 1 of shape [3, 0] has no elements");
  EXPECT_EQ(refusal("ij,jk->ik", {{2, 3}, {3, 4}}, DataType::int32),
            "elements of type int32; oneDNN is used for float");
}

TEST(Einsum, NanInfinityAndEmptySums) {
  const Tensor bad = Tensor::of<float>({2}, {std::nanf(""), INFINITY});
  const std::vector<float> out = elements<float>(einsum_of("i,j->ij", {bad, Tensor::of<float>({2}, {0, 1})}));
  EXPECT_TRUE(std::isnan(out[0]) && std::isnan(out[1]) && std::isnan(out[2]));
  EXPECT_EQ(out[3], INFINITY);
  EXPECT_EQ(elements<float>(einsum_of("ij,jk->ik", {counting({2, 0}), counting({0, 1})})), (std::vector<float>{0, 0}));
  EXPECT_EQ(einsum_of("ij,jk->ik", {counting({0, 2}), counting({2, 3})}).shape(), (Shape{0, 3}));
}

TEST(Einsum, IntegersWrapAround) {
  const Tensor small = Tensor::of<std::int8_t>({2}, {100, 100});
  EXPECT_EQ(elements<std::int8_t>(einsum_of("i,i->i", {small, small})), (std::vector<std::int8_t>{16, 16}));
  EXPECT_EQ(elements<std::int8_t>(einsum_of("i->", {small})), std::vector<std::int8_t>{-56});
}

TEST(Einsum, SaysWhatIsMalformed) {
  EXPECT_EQ(error("i1->i", {matrix}),
            "invalid_model: equation 'i1->i': '1' in term 'i1' is neither a letter nor part of an ellipsis");
  EXPECT_EQ(error("i..->i", {matrix}),
            "invalid_model: equation 'i..->i': '.' in term 'i..' is neither a letter nor part of an ellipsis");
  EXPECT_EQ(error("i->j->k", {matrix}),
            "invalid_model: equation 'i->j->k': '-' in term 'j->k' is neither a letter nor part of an ellipsis");
  EXPECT_EQ(error("...i...", {matrix}), "invalid_model: equation '...i...': term '...i...' has more than one ellipsis");
  EXPECT_EQ(error("ij->ik", {matrix}), "invalid_model: equation 'ij->ik': index 'k' of the output is in no input");
  EXPECT_EQ(error("ij->ii", {matrix}), "invalid_model: equation 'ij->ii': index 'i' occurs twice in the output");
  EXPECT_EQ(error("ij,jk->ik", {matrix}), "invalid_model: equation 'ij,jk->ik' has 2 terms for 1 inputs");
  EXPECT_EQ(error("ij", {matrix, matrix}), "invalid_model: equation 'ij' has 1 terms for 2 inputs");
}

TEST(Einsum, SaysWhatDoesNotFit) {
  EXPECT_EQ(error("ijk->i", {matrix}), "invalid_argument: input 0 has shape [2, 3], but its term has 3 indices");
  EXPECT_EQ(error("...ijk->i", {matrix}),
            "invalid_argument: input 0 has shape [2, 3], but its term has at least 3 indices");
  EXPECT_EQ(error("ij,jk", {matrix, matrix}),
            "invalid_argument: index 'j' of the equation is 2 in input 1, but 3 before it");
  EXPECT_EQ(error("...,...j", {matrix, matrix}),
            "invalid_argument: the ellipsis stands for 2 dimensions in input 0 and for 1 in input 1");
  EXPECT_EQ(error("i,i", {counting({2}), counting<double>({2})}),
            "invalid_model: inputs 0 and 1 have types float and double, expected the same");
  EXPECT_EQ(error_of([] { testing::run({"Einsum"}, {matrix}); }), "invalid_model: attribute 'equation' is missing");
}

}  // namespace
}  // namespace ranvier::operators
