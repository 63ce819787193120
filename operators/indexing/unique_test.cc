#include <gtest/gtest.h>

#include <cmath>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::row;
using testing::run;
using Ints = std::vector<std::int64_t>;

std::vector<Tensor> unique(const Attributes& attributes, const Tensor& in) {
  return run({"Unique", 11, attributes, 4}, {in});
}

const Attributes unsorted = {{"sorted", std::int64_t{0}}};

Attributes axis(std::int64_t axis) { return {{"axis", axis}}; }

TEST(Unique, SortsTheDifferentElements) {
  const auto outputs = unique({}, Tensor::of<float>({2, 3}, {2, 1, 1, 3, 4, 3}));
  EXPECT_EQ(elements<float>(outputs[0]), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(elements<std::int64_t>(outputs[1]), (Ints{1, 0, 3, 4}));
  EXPECT_EQ(elements<std::int64_t>(outputs[2]), (Ints{1, 0, 0, 2, 3, 2}));
  EXPECT_EQ(elements<std::int64_t>(outputs[3]), (Ints{2, 1, 2, 1}));
}

TEST(Unique, KeepsTheOrderOfAppearanceUnlessSorted) {
  const auto outputs = unique(unsorted, row<float>({2, 1, 1, 3, 4, 3}));
  EXPECT_EQ(elements<float>(outputs[0]), (std::vector<float>{2, 1, 3, 4}));
  EXPECT_EQ(elements<std::int64_t>(outputs[1]), (Ints{0, 1, 3, 4}));
  EXPECT_EQ(elements<std::int64_t>(outputs[2]), (Ints{0, 1, 1, 2, 3, 2}));
  EXPECT_EQ(elements<std::int64_t>(outputs[3]), (Ints{1, 2, 2, 1}));
}

TEST(Unique, ComparesSlicesAlongAnAxis) {
  const Tensor in = Tensor::of<float>({3, 3}, {1, 0, 0, 1, 0, 0, 2, 3, 4});
  const auto rows = unique(axis(0), in);
  EXPECT_EQ(rows[0].shape(), (Shape{2, 3}));
  EXPECT_EQ(elements<float>(rows[0]), (std::vector<float>{1, 0, 0, 2, 3, 4}));
  EXPECT_EQ(elements<std::int64_t>(rows[2]), (Ints{0, 0, 1}));
  const Tensor cube = Tensor::of<float>({2, 4, 2}, {1, 1, 0, 1, 2, 1, 0, 1, 1, 1, 0, 1, 2, 1, 0, 1});
  const auto columns = unique(axis(-2), cube);
  EXPECT_EQ(columns[0].shape(), (Shape{2, 3, 2}));
  EXPECT_EQ(elements<float>(columns[0]), (std::vector<float>{0, 1, 1, 1, 2, 1, 0, 1, 1, 1, 2, 1}));
  EXPECT_EQ(elements<std::int64_t>(columns[1]), (Ints{1, 0, 2}));
  EXPECT_EQ(elements<std::int64_t>(columns[2]), (Ints{1, 0, 2, 0}));
  EXPECT_EQ(elements<std::int64_t>(columns[3]), (Ints{2, 1, 1}));
}

TEST(Unique, NanIsTheGreatestAndEqualToItself) {
  const auto outputs = unique({}, row<float>({NAN, -0.0f, INFINITY, NAN, 0}));
  EXPECT_EQ(elements<std::int64_t>(outputs[2]), (Ints{2, 0, 1, 2, 0}));
  EXPECT_EQ(elements<std::int64_t>(outputs[3]), (Ints{2, 1, 2}));
}

TEST(Unique, TakesOtherTypes) {
  EXPECT_EQ(elements<std::string>(unique({}, row<std::string>({"b", "", "b"}))[0]),
            (std::vector<std::string>{"", "b"}));
  EXPECT_EQ(elements<bool>(unique(unsorted, row<bool>({true, false, true}))[0]), (std::vector<bool>{true, false}));
  EXPECT_EQ(elements<std::int8_t>(unique({}, row<std::int8_t>({1, -1}))[0]), (std::vector<std::int8_t>{-1, 1}));
  EXPECT_EQ(elements<std::uint64_t>(unique({}, row<std::uint64_t>({~0ull, 1}))[0])[0], 1u);
}

TEST(Unique, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(unique({}, Tensor::of<float>({}, {7}))[0].shape(), Shape{1});
  for (const Tensor& output : unique({}, Tensor(DataType::float32, {0, 3}))) EXPECT_EQ(output.shape(), Shape{0});
  const auto slices = unique(axis(0), Tensor(DataType::float32, {3, 0}));
  EXPECT_EQ(slices[0].shape(), (Shape{1, 0}));
  EXPECT_EQ(elements<std::int64_t>(slices[3]), Ints{3});
}

TEST(Unique, GivesAsManyOutputsAsTheNodeHas) {
  EXPECT_EQ(run({"Unique", 11}, {row<float>({1, 1})}).size(), 1u);
  EXPECT_EQ(run({"Unique", 11, {}, 3}, {row<float>({1, 1})}).size(), 3u);
}

TEST(Unique, SaysWhatIsWrong) {
  EXPECT_EQ(error_of({"Unique", 11, axis(1)}, {row<float>({1})}),
            "invalid_model: axis 1 is out of range for a tensor of rank 1");
  EXPECT_EQ(error_of({"Unique", 11, axis(0)}, {Tensor(DataType::float32, {std::int64_t{1} << 62, 0})}),
            "out_of_memory: a int64 tensor of shape [4611686018427387904] does not fit in memory");
  EXPECT_EQ(error_of({"Unique", 11}, {Tensor(DataType::complex64, {2})}).substr(0, 60),
            "unsupported: input 0 has type complex64, supported are: floa");
}

}  // namespace
}  // namespace ranvier::operators
