#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/matmul/product.h"
#include "operators/table.h"
#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

constexpr float infinity = std::numeric_limits<float>::infinity();

template <class T = float>
Tensor counting(const Shape& shape, int first = 1) {
  Tensor tensor(data_type_of<T>, shape);
  int next = first;
  for (T& element : tensor.mutable_values<T>()) element = static_cast<T>(static_cast<Compute<T>>(next++ % 13 - 6));
  return tensor;
}

/// One element of the product, from the definition.
float element(const Tensor& a, const Tensor& b, std::int64_t a_matrix, std::int64_t b_matrix, std::int64_t m,
              std::int64_t n) {
  const std::int64_t rows = a.shape()[a.shape().rank() - 2], inner = a.shape().back(), columns = b.shape().back();
  float sum = 0;
  for (std::int64_t k = 0; k < inner; ++k)
    sum +=
        a.values<float>()[(a_matrix * rows + m) * inner + k] * b.values<float>()[(b_matrix * inner + k) * columns + n];
  return sum;
}

TEST(MatMulOperator, MultipliesMatrices) {
  const Tensor a = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor b = Tensor::of<float>({3, 2}, {1, 0, 2, 1, 0, 3});
  const Tensor out = run({"MatMul", 1}, {a, b})[0];
  EXPECT_EQ(out.shape(), (Shape{2, 2}));
  EXPECT_EQ(elements<float>(out), (std::vector<float>{5, 11, 14, 23}));
}

TEST(MatMulOperator, TakesVectorsAsRowsOnTheLeftAndColumnsOnTheRight) {
  const Tensor vector = Tensor::of<float>({2}, {1, 2});
  const Tensor matrix = Tensor::of<float>({2, 2}, {1, 2, 3, 4});
  const Tensor inner = run({"MatMul"}, {vector, vector})[0];
  EXPECT_EQ(inner.shape(), Shape{});
  EXPECT_EQ(elements<float>(inner), std::vector<float>{5});
  const Tensor left = run({"MatMul"}, {vector, matrix})[0];
  EXPECT_EQ(left.shape(), Shape{2});
  EXPECT_EQ(elements<float>(left), (std::vector<float>{7, 10}));
  EXPECT_EQ(elements<float>(run({"MatMul"}, {matrix, vector})[0]), (std::vector<float>{5, 11}));
  EXPECT_EQ(run({"MatMul"}, {counting({4, 5, 3, 2}), vector})[0].shape(), (Shape{4, 5, 3}));
  EXPECT_EQ(run({"MatMul"}, {vector, counting({4, 5, 2, 3})})[0].shape(), (Shape{4, 5, 3}));
}

TEST(MatMulOperator, BroadcastsStacks) {
  const Tensor a = counting({2, 1, 3, 4}), b = counting({5, 4, 6}, 3);
  const Tensor out = run({"MatMul"}, {a, b})[0];
  ASSERT_EQ(out.shape(), (Shape{2, 5, 3, 6}));
  for (std::int64_t i = 0; i < out.elements(); ++i)
    EXPECT_EQ(out.values<float>()[i], element(a, b, i / 90, i / 18 % 5, i / 6 % 3, i % 6)) << i;
}

TEST(MatMulOperator, EveryImplementationAgreesOnEveryKindOfStack) {
  const std::pair<Shape, Shape> shapes[] = {{{1, 16}, {16, 32}},     {{17, 9}, {9, 1}},
                                            {{7, 64, 33}, {33, 10}}, {{2, 3, 4, 5}, {2, 3, 5, 6}},
                                            {{3, 4, 5}, {1, 5, 6}},  {{1, 4, 5}, {3, 5, 6}},
                                            {{4, 5}, {3, 5, 6}},     {{2, 1, 4, 5}, {1, 3, 5, 2}},
                                            {{1, 1, 1}, {1, 1, 1}},  {{3, 4, 5}, {1, 1, 5, 6}},
                                            {{5}, {3, 5, 2}},        {{2, 2, 5}, {5}},
                                            {{128, 96}, {96, 112}},  {{2, 1, 1, 4, 5}, {3, 1, 5, 6}}};
  for (const auto& [a, b] : shapes) {
    SCOPED_TRACE(to_string(a) + " x " + to_string(b));
    run({"MatMul"}, {counting(a), counting(b, 5)}, 0);
  }
}

TEST(MatMulOperator, HandsOnNanAndInfinity) {
  const Tensor a = Tensor::of<float>({3, 2}, {std::nanf(""), 1, infinity, 1, 2, 3});
  const std::vector<float> out = elements<float>(run({"MatMul"}, {a, Tensor::of<float>({2, 2}, {0, 1, 1, 0})})[0]);
  EXPECT_TRUE(std::isnan(out[0]) && std::isnan(out[1]) && std::isnan(out[2]));
  EXPECT_EQ((std::vector<float>{out.begin() + 3, out.end()}), (std::vector<float>{infinity, 3, 2}));
}

TEST(MatMulOperator, AnEmptySumIsZeroAndAnEmptyOutputIsEmpty) {
  EXPECT_EQ(elements<float>(run({"MatMul"}, {counting({2, 0}), counting({0, 2})})[0]), std::vector<float>(4, 0.0f));
  EXPECT_EQ(run({"MatMul"}, {counting({0, 3}), counting({3, 2})})[0].shape(), (Shape{0, 2}));
  EXPECT_EQ(run({"MatMul"}, {counting({0, 2, 3}), counting({1, 3, 2})})[0].shape(), (Shape{0, 2, 2}));
  EXPECT_EQ(run({"MatMul"}, {counting({0, 0}), counting({0, std::int64_t{1} << 40})})[0].elements(), 0);
}

template <class T>
class MatMulTypes : public ::testing::Test {};
using AllTypes =
    ::testing::Types<float, double, Float16, BFloat16, std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>;
TYPED_TEST_SUITE(MatMulTypes, AllTypes);

TYPED_TEST(MatMulTypes, AreMultiplied) {
  using T = TypeParam;
  const T one(1), two(2), three(3);
  const Tensor a = Tensor::of<T>({1, 2}, {two, three});
  const Tensor b = Tensor::of<T>({2, 1}, {three, one});
  EXPECT_EQ(static_cast<double>(static_cast<Compute<T>>(run({"MatMul"}, {a, b})[0].template values<T>()[0])), 9.0);
}

TEST(MatMulOperator, IntegersWrapAround) {
  const auto most = std::numeric_limits<std::int32_t>::max();
  const Tensor a = Tensor::of<std::int32_t>({1, 2}, {most, -3});
  EXPECT_EQ(elements<std::int32_t>(run({"MatMul"}, {a, Tensor::of<std::int32_t>({2, 1}, {2, 5})})[0]),
            std::vector<std::int32_t>{-17});
}

TEST(MatMulOperator, HalfPrecisionIsRoundedOnce) {
  // 2048 + 1 + 1 is 2050 in one rounding; halves would stay at 2048 after each step.
  const Float16 one(1.0f), big(2048.0f);
  const Tensor a = Tensor::of<Float16>({1, 3}, {big, one, one});
  const Tensor b = Tensor::of<Float16>({3, 1}, {one, one, one});
  EXPECT_EQ(static_cast<float>(run({"MatMul"}, {a, b})[0].values<Float16>()[0]), 2050.0f);
}

TEST(MatMulOperator, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of([] {
              run({"MatMul"}, {counting({2, 3}), counting({4, 5})});
            }),
            "invalid_argument: shapes [2, 3] and [4, 5] do not fit: 3 columns meet 4 rows");
  EXPECT_EQ(error_of([] {
              run({"MatMul"}, {counting({2, 3}), counting({})});
            }),
            "invalid_argument: input 1 is a scalar, expected at least one dimension");
  EXPECT_EQ(error_of([] {
              run({"MatMul"}, {counting({2, 3}), counting<double>({3, 2})});
            }),
            "invalid_model: inputs 0 and 1 have types float and double, expected the same");
  EXPECT_EQ(error_of([] {
              run({"MatMul"}, {counting<std::int8_t>({2, 3}), counting<std::int8_t>({3, 2})});
            }),
            "unsupported: input 0 has type int8, supported are: float, int32, int64, float16, double, uint32, uint64, "
            "bfloat16");
  EXPECT_EQ(error_of([] {
              run({"MatMul"}, {counting({2, 2, 3}), counting({3, 3, 2})});
            }),
            "invalid_argument: shapes [2] and [3] do not broadcast: 2 against 3");
}

/// The spec of a product of an input of shape `a` with constant weights.
Spec product_of(const graph::Node& node, DataType type, const Shape& a, const Tensor& weights, PackedWeights* packed) {
  Spec spec(node, {{type, a, nullptr}, {weights.type(), weights.shape(), &weights}}, {.packed = packed});
  find_operator("", "MatMul", 13)->infer(spec);
  return spec;
}

TEST(MatMulOperator, OneDnnSaysWhyItRefuses) {
  const graph::Node node{.op_type = "MatMul", .inputs = {0, 1}, .outputs = {2}};
  const auto refusal = find_operator("", "MatMul", 13)->implementations[0].refusal;
  EXPECT_EQ(refusal(product_of(node, DataType::float64, {2, 3}, counting<double>({3, 4}), nullptr)),
            "elements of type double; oneDNN is used for float");
  EXPECT_EQ(refusal(product_of(node, DataType::float32, {2, 0}, counting({0, 4}), nullptr)),
            "input 0 of shape [2, 0] has no elements");
  EXPECT_EQ(refusal(product_of(node, DataType::float32, {2, 3}, counting({3, 4}), nullptr)), std::nullopt);
}

TEST(MatMulOperator, PlansShareThePackedWeightsOfOneTensor) {
  PackedWeights cache;
  const Tensor weights = counting({64, 48});
  const onednn::MatMulProblem problem{.rows = 32, .inner = 64, .columns = 48, .constant_weights = true};
  const onednn::MatMul product(problem);
  if (product.packed_bytes() == 0) GTEST_SKIP() << "oneDNN takes these weights as they are on this machine";
  const TensorInfo info{weights.type(), weights.shape(), &weights};
  const Product first(problem, info, {.packed = &cache}), second(problem, info, {.packed = &cache});
  const Product alone(problem, info, {});
  EXPECT_NE(first.packed(), nullptr);
  EXPECT_EQ(first.packed(), second.packed());
  EXPECT_NE(first.packed(), alone.packed());
}

}  // namespace
}  // namespace ranvier::operators
