#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::row;
using testing::run;

TEST(Variadic, TakesOneInputOrMany) {
  const Tensor a = row<float>({1, -2}), b = row<float>({3, -4}), c = row<float>({2, 0});
  EXPECT_EQ(elements<float>(run({"Max", 13}, {a})[0]), (std::vector<float>{1, -2}));
  EXPECT_EQ(elements<float>(run({"Max", 13}, {a, b, c})[0]), (std::vector<float>{3, 0}));
  EXPECT_EQ(elements<float>(run({"Min", 13}, {a, b, c})[0]), (std::vector<float>{1, -4}));
  EXPECT_EQ(elements<float>(run({"Sum", 13}, {a, b, c})[0]), (std::vector<float>{6, -6}));
  EXPECT_EQ(elements<float>(run({"Mean", 13}, {a, b, c})[0]), (std::vector<float>{2, -2}));
}

TEST(Variadic, Broadcasts) {
  const Tensor column = Tensor::of<float>({2, 1}, {10, 20}), line = row<float>({1, 2, 30});
  const Tensor max = run({"Max", 8}, {column, line, Tensor::of<float>({}, {5})})[0];
  EXPECT_EQ(max.shape(), (Shape{2, 3}));
  EXPECT_EQ(elements<float>(max), (std::vector<float>{10, 10, 30, 20, 20, 30}));
  EXPECT_EQ(elements<float>(run({"Sum", 8}, {line, column})[0]), (std::vector<float>{11, 12, 40, 21, 22, 50}));
}

TEST(Variadic, DoesNotBroadcastBeforeOpset8) {
  const Tensor two = row<float>({1, 2}), one = row<float>({1});
  for (const char* op : {"Max", "Min", "Sum", "Mean"}) {
    EXPECT_EQ(elements<float>(run({op, 6}, {two, two, two})[0]).size(), 2u);
    EXPECT_EQ(error_of([&] {
                run({op, 6}, {two, two, one});
              }),
              "invalid_argument: inputs 0 and 2 have shapes [2] and [1], expected the same before opset 8");
  }
}

TEST(Variadic, NanGoesThroughMaxAndMin) {
  for (const char* op : {"Max", "Min"}) {
    const auto result =
        elements<float>(run({op, 13}, {row<float>({NAN, 1}), row<float>({1, NAN}), row<float>({2, 2})})[0]);
    EXPECT_TRUE(std::isnan(result[0])) << op;
    EXPECT_TRUE(std::isnan(result[1])) << op;
  }
}

TEST(Variadic, MaxAndMinKnowIntegersAndHalves) {
  EXPECT_EQ(elements<std::int8_t>(run({"Max", 12}, {row<std::int8_t>({-1}), row<std::int8_t>({1})})[0]),
            (std::vector<std::int8_t>{1}));
  EXPECT_EQ(elements<std::uint64_t>(run({"Min", 12}, {row<std::uint64_t>({~0ull}), row<std::uint64_t>({1})})[0]),
            (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(static_cast<float>(elements<Float16>(run({"Max", 8}, {row({Float16(1.0f)}), row({Float16(2.0f)})})[0])[0]),
            2);
}

TEST(Variadic, SumsAreRoundedOnce) {
  EXPECT_EQ(elements<float>(run({"Sum", 13}, {row<float>({1e8f}), row<float>({1}), row<float>({-1e8f})})[0]),
            (std::vector<float>{1}));
  EXPECT_TRUE(std::signbit(elements<float>(run({"Sum", 13}, {row<float>({-0.0f})})[0])[0]));
}

TEST(Variadic, HandlesEmptyTensors) {
  EXPECT_EQ(run({"Mean", 13}, {Tensor(DataType::float32, {0, 2}), row<float>({1, 2})})[0].shape(), (Shape{0, 2}));
}

TEST(Variadic, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of([] { run({"Sum", 13}, {}); }), "invalid_model: the node has 0 inputs, expected at least 1");
  EXPECT_EQ(error_of([] {
              run({"Max", 13}, {row<float>({1}), row<double>({1})});
            }),
            "invalid_model: inputs 0 and 1 have types float and double, expected the same");
  EXPECT_EQ(error_of([] {
              run({"Sum", 13}, {row<std::int32_t>({1})});
            }),
            "unsupported: input 0 has type int32, supported are: float, float16, double, bfloat16");
}

}  // namespace
}  // namespace ranvier::operators
