#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::run;

const Tensor a = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
const Tensor b = Tensor::of<float>({3, 2}, {1, 0, 2, 1, 0, 3});
const std::vector<float> product = {5, 11, 14, 23};

Tensor counting(const Shape& shape, int first) {
  Tensor tensor(DataType::float32, shape);
  for (float& element : tensor.mutable_values<float>()) element = static_cast<float>(first++ % 13 - 6);
  return tensor;
}

TEST(Gemm, AddsC) {
  EXPECT_EQ(elements<float>(run({"Gemm"}, {a, b})[0]), product);
  EXPECT_EQ(elements<float>(run({"Gemm"}, {a, b, Tensor()})[0]), product);
  const auto with = [](const Shape& shape, std::initializer_list<float> c) {
    return elements<float>(run({"Gemm", 7}, {a, b, Tensor::of<float>(shape, c)})[0]);
  };
  EXPECT_EQ(with({}, {1}), (std::vector<float>{6, 12, 15, 24}));
  EXPECT_EQ(with({1}, {1}), (std::vector<float>{6, 12, 15, 24}));
  EXPECT_EQ(with({2}, {10, 20}), (std::vector<float>{15, 31, 24, 43}));
  EXPECT_EQ(with({1, 2}, {10, 20}), (std::vector<float>{15, 31, 24, 43}));
  EXPECT_EQ(with({2, 1}, {10, 20}), (std::vector<float>{15, 21, 34, 43}));
  EXPECT_EQ(with({2, 2}, {1, 2, 3, 4}), (std::vector<float>{6, 13, 17, 27}));
}

TEST(Gemm, Scales) {
  const Attributes factors = {{"alpha", 0.5f}, {"beta", 2.0f}};
  EXPECT_EQ(elements<float>(run({"Gemm", 13, factors}, {a, b, Tensor::of<float>({2}, {1, 2})})[0]),
            (std::vector<float>{4.5, 9.5, 9, 15.5}));
  EXPECT_EQ(elements<float>(run({"Gemm", 13, factors}, {a, b})[0]), (std::vector<float>{2.5, 5.5, 7, 11.5}));
}

TEST(Gemm, EveryImplementationAgreesWhateverIsTransposedScaledAndAdded) {
  const std::int64_t sizes[][3] = {{1, 16, 32}, {7, 5, 3}, {33, 64, 1}, {1, 1, 1}, {96, 80, 100}};
  for (const auto& [m, k, n] : sizes)
    for (int options = 0; options < 16; ++options) {
      const std::int64_t a_transposed = options & 1, b_transposed = options >> 1 & 1;
      const Attributes attributes = {{"transA", a_transposed},
                                     {"transB", b_transposed},
                                     {"alpha", (options & 4) != 0 ? 0.25f : 1.0f},
                                     {"beta", (options & 8) != 0 ? -2.0f : 1.0f}};
      const Tensor left = counting(a_transposed != 0 ? Shape{k, m} : Shape{m, k}, 1);
      const Tensor right = counting(b_transposed != 0 ? Shape{n, k} : Shape{k, n}, 4);
      const Shape addends[] = {{}, {n}, {1, n}, {m, 1}, {m, n}, {1, 1}};
      for (const Shape& addend : addends) {
        SCOPED_TRACE(fmt::format("{} {} {} options {} C {}", m, k, n, options, to_string(addend)));
        run({"Gemm", 13, attributes}, {left, right, counting(addend, 2)}, 0);
      }
    }
}

TEST(Gemm, TransposesAsTheAttributesSay) {
  const Tensor at = Tensor::of<float>({3, 2}, {1, 4, 2, 5, 3, 6});
  const Tensor bt = Tensor::of<float>({2, 3}, {1, 2, 0, 0, 1, 3});
  const Attributes both = {{"transA", std::int64_t{1}}, {"transB", std::int64_t{1}}};
  EXPECT_EQ(elements<float>(run({"Gemm", 13, both}, {at, bt})[0]), product);
}

TEST(Gemm, BroadcastsBeforeVersion7OnlyOnDemand) {
  const Tensor row = Tensor::of<float>({2}, {10, 20});
  EXPECT_EQ(elements<float>(run({"Gemm", 6, {{"broadcast", std::int64_t{1}}}}, {a, b, row})[0]),
            (std::vector<float>{15, 31, 24, 43}));
  EXPECT_EQ(error_of([&] {
              run({"Gemm", 6}, {a, b, row});
            }),
            "invalid_argument: input 2 has shape [2], expected [2, 2] as attribute 'broadcast' is 0");
}

TEST(Gemm, AnEmptyProductLeavesC) {
  const Tensor c = Tensor::of<float>({2}, {1, 2});
  const Tensor no_columns(DataType::float32, {2, 0}), no_rows(DataType::float32, {0, 2});
  EXPECT_EQ(elements<float>(run({"Gemm", 13, {{"beta", 3.0f}}}, {no_columns, no_rows, c})[0]),
            (std::vector<float>{3, 6, 3, 6}));
  EXPECT_EQ(run({"Gemm"}, {no_rows, counting({2, 4}, 0), counting({4}, 0)})[0].shape(), (Shape{0, 4}));
}

TEST(Gemm, HandsOnNanAndInfinity) {
  const Tensor bad = Tensor::of<float>({2, 1}, {std::nanf(""), INFINITY});
  const std::vector<float> out = elements<float>(run({"Gemm"}, {bad, Tensor::of<float>({1, 2}, {0, 1})})[0]);
  EXPECT_TRUE(std::isnan(out[0]) && std::isnan(out[1]) && std::isnan(out[2]));
  EXPECT_EQ(out[3], INFINITY);
  // The text says beta * C, so a C that is NaN stays NaN where beta is 0.
  const Tensor c = Tensor::of<float>({}, {std::nanf("")});
  EXPECT_TRUE(std::isnan(run({"Gemm", 13, {{"beta", 0.0f}}}, {a, b, c})[0].values<float>()[0]));
}

TEST(Gemm, MultipliesIntegersAsIntegers) {
  const auto integers = [](const Shape& shape, std::initializer_list<std::int32_t> values) {
    return Tensor::of<std::int32_t>(shape, values);
  };
  const Tensor out = run({"Gemm", 13, {{"alpha", -2.0f}, {"beta", 3.0f}}},
                         {integers({1, 2}, {2147483647, 3}), integers({2, 1}, {2, 5}), integers({}, {7})})[0];
  EXPECT_EQ(elements<std::int32_t>(out), std::vector<std::int32_t>{-2 * 13 + 21});
  EXPECT_EQ(error_of([&] {
              run({"Gemm", 13, {{"alpha", 0.5f}}}, {integers({1, 1}, {1}), integers({1, 1}, {1})});
            }),
            "unsupported: attribute 'alpha' is 0.5; for elements of type int32 only whole numbers are supported");
}

TEST(Gemm, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of([] {
              run({"Gemm"}, {a, a});
            }),
            "invalid_argument: shapes [2, 3] and [2, 3] do not fit: 3 columns meet 2 rows");
  EXPECT_EQ(error_of([] {
              run({"Gemm", 13, {{"transA", std::int64_t{1}}}}, {a, b});
            }),
            "invalid_argument: shapes [2, 3] transposed and [3, 2] do not fit: 2 columns meet 3 rows");
  EXPECT_EQ(error_of([] {
              run({"Gemm"}, {a, counting({3}, 0)});
            }),
            "invalid_argument: input 1 has shape [3], expected two dimensions");
  EXPECT_EQ(error_of([] {
              run({"Gemm"}, {a, b, counting({3}, 0)});
            }),
            "invalid_argument: input 2 has shape [3], which does not broadcast to [2, 2]");
  EXPECT_EQ(error_of([] {
              run({"Gemm"}, {a, b, counting({1, 1, 2}, 0)});
            }),
            "invalid_argument: input 2 has shape [1, 1, 2], which does not broadcast to [2, 2]");
  EXPECT_EQ(error_of([] {
              run({"Gemm"}, {a, b, Tensor(DataType::float64, {2})});
            }),
            "invalid_model: inputs 0 and 2 have types float and double, expected the same");
  EXPECT_EQ(error_of([] { run({"Gemm", 7}, {a, b}); }), "invalid_model: the node has 2 inputs, expected 3");
}

}  // namespace
}  // namespace ranvier::operators
