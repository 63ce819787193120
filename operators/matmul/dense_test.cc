#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "operators/matmul/dense_kernels.h"
#include "operators/table.h"
#include "operators/testing.h"
#include "runtime/core/arena.h"
#include "runtime/core/panels.h"

namespace ranvier::operators {
namespace {

using testing::elements;

Tensor uniform(const Shape& shape, unsigned seed) {
  std::minstd_rand engine(seed);
  std::uniform_real_distribution<float> between(-1, 1);
  std::vector<float> values(static_cast<std::size_t>(shape.elements()));
  for (float& value : values) value = between(engine);
  return Tensor::of<float>(shape, values);
}

std::vector<Tensor> dense(const std::vector<Tensor>& inputs, const testing::Attributes& attributes = {},
                          double tolerance = 1e-5) {
  return testing::run({.op_type = "Dense", .version = 1, .attributes = attributes, .domain = "ranvier"}, inputs,
                      tolerance);
}

std::string error_of(const std::vector<Tensor>& inputs, const testing::Attributes& attributes = {}) {
  return testing::error_of({.op_type = "Dense", .version = 1, .attributes = attributes, .domain = "ranvier"}, inputs);
}

TEST(Dense, IsTheActivationOfTheProductAndTheBias) {
  const Tensor x = Tensor::of<float>({2, 2}, {1, 2, 3, 4});
  const Tensor weights = Tensor::of<float>({2, 3}, {1, 0, -1, 0, 1, -1});
  const Tensor bias = Tensor::of<float>({3}, {0.5f, 0, 0});
  EXPECT_EQ(elements<float>(dense({x, weights})[0]), (std::vector<float>{1, 2, -3, 3, 4, -7}));
  EXPECT_EQ(elements<float>(dense({x, weights, bias}, {{"activation", std::string("relu")}})[0]),
            (std::vector<float>{1.5f, 2, 0, 3.5f, 4, 0}));
  EXPECT_EQ(elements<float>(dense({x, weights}, {{"activation", std::string("leaky_relu")},
                                                 {"activation_parameters", std::vector<float>{0.5f}}})[0]),
            (std::vector<float>{1, 2, -1.5f, 3, 4, -3.5f}));
}

TEST(Dense, TakesTheElementsOfARowTogether) {
  const Tensor x = Tensor::of<float>({2, 1}, {0, 1});
  const Tensor weights = Tensor::of<float>({1, 2}, {0, std::log(3.0f)});
  const auto with = [&](std::string activation) {
    return elements<float>(dense({x, weights}, {{"activation", std::move(activation)}})[0]);
  };
  EXPECT_EQ(with("softmax"), (std::vector<float>{0.5f, 0.5f, 0.25f, 0.75f}));
  const std::vector<float> logarithms = with("log_softmax");
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(std::exp(logarithms[i]), with("softmax")[i], 1e-6);
  EXPECT_EQ(elements<double>(dense({Tensor::of<double>({1, 1}, {1}), Tensor::of<double>({1, 2}, {0, 0})},
                                   {{"activation", std::string("softmax")}})[0]),
            (std::vector<double>{0.5, 0.5}));
  unsigned seed = 0;
  for (const std::int64_t rows : {1, 30, 300})
    for (const std::int64_t columns : {1, 10, 100})
      for (const std::int64_t inner : {20, 600})
        dense({uniform({rows, inner}, ++seed), uniform({inner, columns}, ++seed), uniform({columns}, ++seed)},
              {{"activation", std::string("softmax")}}, 1e-4);
}

TEST(Dense, TakesTransposedWeightsAndRowsOfAnyRank) {
  const Tensor x = Tensor::of<float>({2, 1, 2}, {1, 2, 3, 4});
  const Tensor weights = Tensor::of<float>({3, 2}, {1, 0, 0, 1, -1, -1});
  const Tensor y = dense({x, weights}, {{"transB", std::int64_t{1}}})[0];
  EXPECT_EQ(y.shape(), (Shape{2, 1, 3}));
  EXPECT_EQ(elements<float>(y), (std::vector<float>{1, 2, -3, 3, 4, -7}));
  EXPECT_EQ(dense({Tensor::of<float>({2}, {1, 2}), weights}, {{"transB", std::int64_t{1}}})[0].shape(), (Shape{3}));
  EXPECT_EQ(elements<double>(dense({Tensor::of<double>({1, 1}, {3}), Tensor::of<double>({1, 1}, {0.25})})[0]),
            (std::vector<double>{0.75}));
}

TEST(Dense, OfAllSizes) {
  unsigned seed = 0;
  for (const std::int64_t rows : {1, 2, 3, 7, 13, 14, 15, 29, 100})
    for (const std::int64_t inner : {1, 5, 64, 300, 600})
      for (const std::int64_t columns : {1, 10, 31, 32, 33, 64, 130, 200}) {
        SCOPED_TRACE(::testing::Message() << rows << " x " << inner << " x " << columns);
        // Of sums of `inner` terms below 1 that may cancel.
        const double tolerance = static_cast<double>(inner) * 0x1p-22;
        dense({uniform({rows, inner}, ++seed), uniform({inner, columns}, ++seed), uniform({columns}, ++seed)},
              {{"activation", std::string("tanh")}}, std::max(1e-5, tolerance));
      }
}

TEST(Dense, OfOneColumnOfManyWeights) {
  // So many that filling them up would show: no panels are made of them.
  dense({Tensor::of<float>({1, 70000}, std::vector<float>(70000, 0.5f)),
         Tensor::of<float>({70000, 1}, std::vector<float>(70000, 0.25f))});
}

TEST(Dense, RectifiesAsReluDoes) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  for (const std::int64_t inner : {1, 5000}) {  // in one part, and in several
    std::vector<float> ones(static_cast<std::size_t>(inner) * 5, 0.0f);
    std::fill_n(ones.begin(), 5, 1.0f);
    std::vector<float> x(static_cast<std::size_t>(inner), 0.0f);
    x[0] = 1;
    const std::vector<Tensor> inputs = {Tensor::of<float>({1, inner}, x), Tensor::of<float>({inner, 5}, ones),
                                        Tensor::of<float>({5}, {-3, 1, nan, infinity, -infinity})};
    const std::vector<float> y = elements<float>(dense(inputs, {{"activation", std::string("relu")}})[0]);
    EXPECT_EQ(y[0], 0);
    EXPECT_EQ(y[1], 2);
    EXPECT_TRUE(std::isnan(y[2]));
    EXPECT_EQ(y[3], infinity);
    EXPECT_EQ(y[4], 0);
  }
}

TEST(Dense, OfNothing) {
  EXPECT_EQ(dense({uniform({0, 3}, 1), uniform({3, 2}, 2)})[0].shape(), (Shape{0, 2}));
  EXPECT_EQ(elements<float>(dense({uniform({2, 0}, 1), uniform({0, 1}, 2), Tensor::of<float>({1}, {7})})[0]),
            (std::vector<float>{7, 7}));
}

/// What the kernel for constant weights makes of one row.
std::vector<float> by_kernel(const Tensor& x, const Tensor& weights, const testing::Attributes& attributes) {
  const graph::Node node{.domain = "ranvier",
                         .op_type = "Dense",
                         .version = 1,
                         .inputs = {0, 1},
                         .outputs = {2},
                         .attributes = attributes};
  const Operator& op = *find_operator(node);
  const Tensor* inputs[] = {&x, &weights};
  Spec spec(node, {{x.type(), x.shape()}, {weights.type(), weights.shape(), &weights}});
  op.infer(spec);
  EXPECT_TRUE(op.implementations[0].takes_panels);
  EXPECT_EQ(op.implementations[0].refusal(spec), std::nullopt);
  const Kernel kernel = op.implementations[0].prepare(spec);
  Tensor y(DataType::float32, spec.output(0).shape);
  const void* in[] = {x.data(), nullptr, nullptr};
  void* out[] = {y.mutable_data()};
  const AlignedBuffer scratch(kernel.scratch_bytes);
  kernel.run({in, out, scratch.data()});
  const std::vector<float> reference = elements<float>(evaluate(op, node, inputs)[0]);  // which wants them dense
  for (std::size_t i = 0; i < reference.size(); ++i) EXPECT_NEAR(elements<float>(y)[i], reference[i], 1e-5);
  return elements<float>(y);
}

TEST(Dense, TakesWeightsInPanelsOfAnyWidth) {
  const auto own = static_cast<std::int64_t>(dense_kernels().panel_width);
  for (const std::int64_t inner : {2, 40})
    for (const bool transposed : {false, true}) {
      const Tensor x = uniform({1, inner}, 1), weights = uniform(transposed ? Shape{70, inner} : Shape{inner, 70}, 2);
      const testing::Attributes attributes = {{"transB", std::int64_t{transposed}}};
      const std::vector<float> expected = by_kernel(x, weights, attributes);
      for (const std::int64_t width : {own, own / 2, std::int64_t{7}})
        EXPECT_EQ(by_kernel(x, in_panels(weights, {.axis = transposed ? 0u : 1u, .width = width}), attributes),
                  expected);
    }
}

TEST(Dense, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({uniform({2, 3}, 1), uniform({2, 3}, 2)}),
            "invalid_argument: shapes [2, 3] and [2, 3] do not fit: 3 columns meet 2 rows");
  EXPECT_EQ(error_of({uniform({2, 3}, 1), uniform({3}, 2)}),
            "invalid_argument: inputs 0 and 1 have shapes [2, 3] and [3], expected rows and a matrix");
  EXPECT_EQ(error_of({uniform({2, 3}, 1), uniform({3, 4}, 2), uniform({3}, 3)}),
            "invalid_argument: input 2 has shape [3], expected [4]");
  EXPECT_EQ(error_of({uniform({2, 3}, 1), uniform({3, 4}, 2)}, {{"activation", std::string("sofplus")}}),
            "invalid_model: attribute 'activation' is 'sofplus', which is none");
}

/// A product by the kernels of one instruction set.
std::vector<float> multiplied(const DenseKernels& set, const std::vector<float>& x, std::size_t rows, std::size_t inner,
                              std::size_t columns) {
  const std::size_t panels = (columns + set.panel_width - 1) / set.panel_width;
  std::vector<float> memory(panels * set.panel_width * inner + 16), addends(panels * set.panel_width);
  void* aligned = memory.data();
  std::size_t space = memory.size() * sizeof(float);
  auto* weights = static_cast<float*>(std::align(64, panels * set.panel_width * inner * sizeof(float), aligned, space));
  for (std::size_t k = 0; k < inner; ++k)
    for (std::size_t n = 0; n < columns; ++n)
      weights[n / set.panel_width * set.panel_width * inner + k * set.panel_width + n % set.panel_width] =
          std::sin(static_cast<float>(k * columns + n));
  for (std::size_t n = 0; n < columns; ++n) addends[n] = std::cos(static_cast<float>(n));
  std::vector<float> y(rows * columns + 64, 12345);
  const AlignedBuffer scratch(set.scratch_bytes(inner, rows));
  set.multiply({inner, columns, columns, weights, addends.data()}, x.data(), y.data(), rows, scratch.data());
  EXPECT_EQ(std::count(y.begin(), y.end(), 12345.0f), 64) << set.instruction_set << ": the memory behind y";
  y.resize(rows * columns);
  return y;
}

TEST(DenseKernel, GivesARowTheSameBitsAmongOthersAndOnEveryInstructionSetWithFusedMultiplyAdd) {
  for (const std::size_t inner : {3, 100, 512, 1300, 5000})
    for (const std::size_t columns : {1, 10, 32, 100}) {
      constexpr std::size_t rows = 61;
      std::vector<float> x(rows * inner);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i) * 0.7f);
      std::vector<float> first;
      for (const DenseKernels& set : all_dense_kernels()) {
        const std::vector<float> all = multiplied(set, x, rows, inner, columns);
        for (const std::size_t row : {0, 13, 60}) {
          const std::vector<float> alone =
              multiplied(set, {&x[row * inner], &x[row * inner] + inner}, 1, inner, columns);
          EXPECT_EQ(std::memcmp(alone.data(), &all[row * columns], columns * sizeof(float)), 0)
              << set.instruction_set << ", row " << row << " of " << inner << " x " << columns;
        }
        if (!set.fused_multiply_add) continue;
        if (first.empty()) first = all;
        EXPECT_EQ(std::memcmp(first.data(), all.data(), all.size() * sizeof(float)), 0)
            << set.instruction_set << ", " << inner << " x " << columns;
      }
    }
}

}  // namespace
}  // namespace ranvier::operators
