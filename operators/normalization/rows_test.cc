// The normalizations of rows by their kernels.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "operators/normalization/row_kernels.h"
#include "operators/testing.h"

namespace ranvier::operators {
namespace {

Tensor noise(const Shape& shape, float centre, unsigned seed) {
  std::minstd_rand engine(seed);
  std::uniform_real_distribution<float> between(centre - 1, centre + 1);
  std::vector<float> values(static_cast<std::size_t>(shape.elements()));
  for (float& value : values) value = between(engine);
  return Tensor::of<float>(shape, values);
}

std::vector<Tensor> run(const std::string& op, const std::vector<Tensor>& inputs, testing::Attributes attributes = {},
                        double tolerance = 1e-5) {
  return testing::run({.op_type = op, .version = 1, .attributes = std::move(attributes), .domain = "ranvier"}, inputs,
                      tolerance);
}

TEST(NormalizedRows, OfAllSizes) {
  for (const std::int64_t size : {1, 2, 15, 16, 17, 64, 65, 100, 1000})
    for (const std::int64_t rows : {1, 3}) {
      run("LayerNormalization", {noise({rows, size}, 0, 1), noise({size}, 1, 2), noise({size}, 0, 3)});
      run("LayerNormalization", {noise({rows, size}, 0, 1), noise({size}, 1, 2)});
      run("RMSNormalization", {noise({rows, size}, 0, 1), noise({size}, 1, 2)});
    }
}

TEST(NormalizedRows, FarFromZero) {
  // The distances keep the digits that they have in the input.
  run("LayerNormalization", {noise({2, 300}, 1000, 1), noise({300}, 1, 2)}, {}, 1e-5);
  run("RMSNormalization", {noise({2, 300}, 1000, 1), noise({300}, 1, 2)}, {}, 1e-5);
}

TEST(NormalizedRows, WhoseSquaresAreNoFloats) {
  for (const float size : {1e-30f, 1e25f, 3e38f}) {
    const Tensor x = Tensor::of<float>({1, 4}, {size, -size, size / 2, size / 8}), ones = noise({4}, 1, 2);
    run("LayerNormalization", {x, ones, ones}, {{"epsilon", 1e-36f}});
    run("RMSNormalization", {x, ones}, {{"epsilon", 1e-36f}});
  }
  run("LayerNormalization", {Tensor::of<float>({1, 4}, {5, 5, 5, 5}), noise({4}, 1, 2)}, {{"epsilon", 0.0f}});
}

TEST(NormalizedRows, OfSeveralAxesAndOperandsOfOtherShapes) {
  const testing::Attributes from_one = {{"axis", std::int64_t{1}}};
  run("LayerNormalization", {noise({2, 3, 4}, 0, 1), noise({3, 4}, 1, 2), noise({1, 3, 4}, 0, 3)}, from_one);
  run("LayerNormalization", {noise({2, 3, 4}, 0, 1), noise({4}, 1, 2), noise({1}, 0, 3)});
  run("LayerNormalization", {noise({2, 3, 4}, 0, 1), noise({3, 1}, 1, 2)});
  run("LayerNormalization", {noise({4, 4}, 0, 1), noise({4, 1}, 1, 2)});  // as many as columns, and for each row
  EXPECT_EQ(run("LayerNormalization", {noise({0, 4}, 0, 1), noise({4}, 1, 2)})[0].shape(), (Shape{0, 4}));
}

TEST(NormalizedRows, WithAnActivation) {
  for (const char* activation : {"relu", "gelu", "softmax"})
    run("LayerNormalization", {noise({3, 20}, 0, 1), noise({20}, 1, 2), noise({20}, 0, 3)},
        {{"activation", std::string(activation)}});
  run("RMSNormalization", {noise({3, 20}, 0, 1), noise({20}, 1, 2)},
      {{"activation", std::string("leaky_relu")}, {"activation_parameters", std::vector<float>{0.5f}}});
  EXPECT_EQ(testing::error_of({.op_type = "LayerNormalization",
                               .version = 1,
                               .attributes = {{"activation", std::string("rely")}},
                               .domain = "ranvier"},
                              {noise({1, 2}, 0, 1), noise({2}, 1, 2)}),
            "invalid_model: attribute 'activation' is 'rely', which is none");
}

TEST(NormalizedRows, NaNAndInfinityStayInTheirRow) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  const Tensor x = Tensor::of<float>({3, 2}, {nan, 1, infinity, 1, 1, 3});
  for (const char* op : {"LayerNormalization", "RMSNormalization"}) {
    const Tensor y = run(op, {x, Tensor::of<float>({2}, {1, 1})})[0];
    EXPECT_TRUE(std::isnan(y.values<float>()[0])) << op;
    EXPECT_TRUE(std::isnan(y.values<float>()[2])) << op;
    EXPECT_TRUE(std::isfinite(y.values<float>()[4]) && std::isfinite(y.values<float>()[5])) << op;
  }
}

TEST(RowNormalizations, GiveTheSameBitsOnEveryInstructionSetWithFusedMultiplyAdd) {
  for (const std::size_t size : {1, 7, 16, 40, 64, 200, 777}) {
    std::vector<float> x(size), scale(size), bias(size), first;
    for (std::size_t i = 0; i < size; ++i) {
      x[i] = 3 + std::sin(static_cast<float>(i) * 0.7f);
      scale[i] = std::cos(static_cast<float>(i));
      bias[i] = std::sin(static_cast<float>(i));
    }
    for (const RowNormalizations& set : all_row_normalizations()) {
      std::vector<float> y = x, z(size);
      set.layer(y.data(), scale.data(), bias.data(), y.data(), size, 1e-3);  // in place
      set.root_mean_square(x.data(), scale.data(), nullptr, z.data(), size, 1e-3);
      y.insert(y.end(), z.begin(), z.end());
      if (!set.fused_multiply_add) continue;
      if (first.empty()) first = y;
      EXPECT_EQ(std::memcmp(first.data(), y.data(), y.size() * sizeof(float)), 0)
          << set.instruction_set << ", " << size;
    }
  }
}

}  // namespace
}  // namespace ranvier::operators
