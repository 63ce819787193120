#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::counting;
using testing::elements;
using testing::error_of;
using testing::expect_moves;
using testing::row;
using testing::run;
using Ints = std::vector<std::int64_t>;

testing::Attributes axis(std::int64_t axis) { return {{"axis", axis}}; }

Attributes reduction(const std::string& name) { return {{"reduction", name}}; }

TEST(ScatterElements, ReplacesOneElementForEachIndex) {
  const Tensor zeros(DataType::int64, {3, 3});
  const Tensor indices = Tensor::of<std::int64_t>({2, 3}, {1, 0, 2, 0, 2, 1});
  for (const std::string op : {"Scatter", "ScatterElements"})
    EXPECT_EQ(elements<std::int64_t>(run({op, op == "Scatter" ? 9 : 11}, {zeros, indices, counting({2, 3}, 10)})[0]),
              (Ints{13, 11, 0, 10, 0, 15, 0, 14, 12}));
}

TEST(ScatterElements, TakesAnyAxisAndNegativeIndices) {
  const Tensor indices = Tensor::of<std::int32_t>({1, 2}, {1, -2});
  for (const std::int64_t last : {1, -1})
    EXPECT_EQ(elements<std::int64_t>(
                  run({"ScatterElements", 13, axis(last)}, {counting({1, 5}, 1), indices, counting({1, 2}, 10)})[0]),
              (Ints{1, 10, 3, 11, 5}));
}

TEST(ScatterElements, CombinesAsTheReductionSays) {
  const Tensor data = row<std::int64_t>({1, 5, 3}), indices = row<std::int64_t>({1, 1, 0});
  const Tensor updates = row<std::int64_t>({4, 7, -2});
  const std::tuple<const char*, std::int64_t, Ints> cases[] = {{"none", 16, {-2, 7, 3}},
                                                               {"add", 16, {-1, 16, 3}},
                                                               {"mul", 16, {-2, 140, 3}},
                                                               {"max", 18, {1, 7, 3}},
                                                               {"min", 18, {-2, 4, 3}}};
  for (const auto& [name, version, expected] : cases)
    EXPECT_EQ(elements<std::int64_t>(run({"ScatterElements", version, reduction(name)}, {data, indices, updates})[0]),
              expected)
        << name;
}

TEST(ScatterElements, IntegersWrapAroundAndNanWins) {
  const auto combined = [](const char* name, const Tensor& data, const Tensor& update) {
    return run({"ScatterElements", 18, reduction(name)}, {data, row<std::int64_t>({0}), update})[0];
  };
  EXPECT_EQ(elements<std::int8_t>(combined("add", row<std::int8_t>({100}), row<std::int8_t>({100})))[0], -56);
  EXPECT_EQ(elements<std::uint64_t>(combined("mul", row<std::uint64_t>({~0ull}), row<std::uint64_t>({3})))[0],
            ~0ull - 2);
  EXPECT_TRUE(std::isnan(elements<float>(combined("max", row<float>({NAN}), row<float>({1})))[0]));
  EXPECT_TRUE(std::isnan(elements<float>(combined("min", row<float>({1}), row<float>({NAN})))[0]));
  const Tensor half = combined("add", row({Float16(1.0f)}), row({Float16(0.5f)}));
  EXPECT_EQ(elements<Float16>(half)[0].bits, 0x3e00);
}

TEST(ScatterElements, TakesEmptyTensors) {
  EXPECT_EQ(
      elements<std::int64_t>(run({"ScatterElements", 18}, {counting({2, 2}), counting({0, 2}), counting({0, 2})})[0]),
      (Ints{0, 1, 2, 3}));
  EXPECT_EQ(run({"ScatterElements", 18}, {counting({0}), counting({0}), counting({0})})[0].shape(), Shape{0});
}

TEST(ScatterElements, MovesEveryType) {
  expect_moves({"ScatterElements", 18}, {counting({3}), row<std::int64_t>({2, 0}), counting({2}, 5)}, {0, 2});
}

TEST(ScatterElements, CombinesNumbersOnly) {
  const auto error = [](DataType type) {
    return error_of({"ScatterElements", 18, reduction("max")}, {Tensor(type, {3}), counting({2}), Tensor(type, {2})});
  };
  EXPECT_EQ(error(DataType::float64), "");
  for (const DataType type : {DataType::int4, DataType::boolean, DataType::string, DataType::complex64})
    EXPECT_EQ(error(type), fmt::format("unsupported: attribute 'reduction' is 'max'; elements of type {} can only be "
                                       "replaced",
                                       name(type)));
}

TEST(ScatterElements, SaysWhatDoesNotFit) {
  const Tensor in = counting({2, 3}), indices = counting({1, 3}), updates = counting({1, 3});
  EXPECT_EQ(error_of({"ScatterElements", 18}, {in, indices, updates}),
            "invalid_argument: index 2 is out of range for an axis of size 2: expected -2 to 1");
  EXPECT_EQ(error_of({"ScatterElements", 18}, {in, indices, in}),
            "invalid_argument: indices of shape [1, 3] and updates of shape [2, 3] do not pair");
  EXPECT_EQ(error_of({"ScatterElements", 18}, {in, counting({2, 4}), in}),
            "invalid_argument: indices of shape [2, 4] do not lie within data of shape [2, 3] (axis 0)");
  EXPECT_EQ(error_of({"ScatterElements", 18, axis(-3)}, {in, indices, updates}),
            "invalid_model: axis -3 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"ScatterElements", 18}, {in, indices, row<float>({0})}),
            "invalid_model: inputs 0 and 2 have types int64 and float, expected the same");
  EXPECT_EQ(error_of({"ScatterElements", 18}, {in, row<float>({0}), updates}),
            "invalid_model: input 1 has type float, expected int32 or int64");
  EXPECT_EQ(error_of({"ScatterElements", 18, reduction("sum")}, {in, indices, updates}),
            "invalid_model: attribute 'reduction' is 'sum', expected none, add, mul, max or min");
}

}  // namespace
}  // namespace ranvier::operators
