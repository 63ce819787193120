#include <gtest/gtest.h>

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

const Tensor two = Tensor::of<float>({1, 2}, {1, 2});
const Tensor absent;

using Floats = std::vector<float>;

TEST(Pad, TakesPadsAndValueFromAttributesBeforeOpset11) {
  const Ints pads = {0, 1, 1, 0};  // one column before, one row after
  const Floats expected = {9, 1, 2, 9, 9, 9};
  const Attributes value = {{"value", 9.0f}};
  Attributes named = value;
  named["paddings"] = pads;
  EXPECT_EQ(elements<float>(run({"Pad", 1, named}, {two})[0]), expected);
  named = value;
  named["pads"] = pads;
  EXPECT_EQ(elements<float>(run({"Pad", 2, named}, {two})[0]), expected);
  EXPECT_EQ(elements<float>(run({"Pad", 2, {{"pads", Ints{0, 0, 0, 1}}}}, {two})[0]), (Floats{1, 2, 0}));
  EXPECT_EQ(error_of({"Pad", 1, {{"pads", pads}}}, {two}), "invalid_model: attribute 'paddings' is missing");
  EXPECT_EQ(error_of({"Pad", 2}, {two}), "invalid_model: attribute 'pads' is missing");
  const Tensor halves = row<Float16>({Float16(1.0f)});
  EXPECT_EQ(run({"Pad", 2, {{"pads", Ints{1, 0}}, {"value", 0.5f}}}, {halves})[0].values<Float16>()[0].bits, 0x3800);
}

TEST(Pad, TakesPadsAndValueFromInputsSinceOpset11) {
  const Tensor pads = row<std::int64_t>({0, -1, 1, 1});
  EXPECT_EQ(elements<float>(run({"Pad", 11}, {two, pads, Tensor::of<float>({}, {9})})[0]), (Floats{2, 9, 9, 9}));
  EXPECT_EQ(elements<float>(run({"Pad", 13}, {two, pads})[0]), (Floats{2, 0, 0, 0}));
  EXPECT_EQ(elements<std::string>(run({"Pad", 13}, {row<std::string>({"a"}), row<std::int64_t>({1, 0})})[0]),
            (std::vector<std::string>{"", "a"}));
}

TEST(Pad, TakesAxesSinceOpset18) {
  const Tensor pads = row<std::int64_t>({1, 2});
  for (const std::int64_t axis : {1, -1})
    EXPECT_EQ(elements<float>(run({"Pad", 18}, {two, pads, absent, row<std::int64_t>({axis})})[0]),
              (Floats{0, 1, 2, 0, 0}));
  const Tensor swapped = run({"Pad", 18}, {two, row<std::int64_t>({1, 2, 0, 0}), absent, row<std::int32_t>({1, 0})})[0];
  EXPECT_EQ(swapped.shape(), (Shape{3, 3}));
  EXPECT_EQ(run({"Pad", 18}, {two, row<std::int64_t>({}), absent, row<std::int64_t>({})})[0].shape(), (Shape{1, 2}));
  EXPECT_EQ(error_of({"Pad", 13}, {two, pads, absent, pads}), "invalid_model: the node has 4 inputs, expected 2 to 3");
}

TEST(Pad, KnowsFourModes) {
  const Tensor in = counting({3}), pads = row<std::int64_t>({1, 2});
  const std::pair<std::string, Ints> cases[] = {{"constant", {0, 0, 1, 2, 0, 0}},
                                                {"reflect", {1, 0, 1, 2, 1, 0}},
                                                {"edge", {0, 0, 1, 2, 2, 2}},
                                                {"wrap", {2, 0, 1, 2, 0, 1}}};
  for (const auto& [mode, expected] : cases)
    EXPECT_EQ(elements<std::int64_t>(run({"Pad", 19, {{"mode", mode}}}, {in, pads})[0]), expected) << mode;
}

TEST(Pad, TakesScalarsAndEmptyTensors) {
  EXPECT_EQ(elements<std::int64_t>(run({"Pad", 13}, {counting({}, 7), row<std::int64_t>({})})[0]), Ints{7});
  EXPECT_EQ(elements<std::int64_t>(run({"Pad", 13}, {counting({0}), row<std::int64_t>({1, 1})})[0]), (Ints{0, 0}));
  EXPECT_EQ(run({"Pad", 13}, {counting({0, 2}), row<std::int64_t>({0, 1, 0, 1})})[0].shape(), (Shape{0, 4}));
}

TEST(Pad, MovesEveryType) {
  expect_moves({"Pad", 21}, {counting({3}), row<std::int64_t>({1, 1}), counting({}, 3)}, {0, 2});
  expect_moves({"Pad", 21, {{"mode", std::string("wrap")}}}, {counting({3}), row<std::int64_t>({2, 2})});
}

TEST(Pad, SaysWhatDoesNotFit) {
  EXPECT_EQ(error_of({"Pad", 13}, {two, row<std::int64_t>({1, 1})}),
            "invalid_argument: there are 2 pads, expected two for each of 2 axes");
  EXPECT_EQ(error_of({"Pad", 18}, {two, row<std::int64_t>({1, 1}), absent, row<std::int64_t>({2})}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
  EXPECT_EQ(error_of({"Pad", 18}, {two, row<std::int64_t>({1, 1, 1, 1}), absent, row<std::int64_t>({1, -1})}),
            "invalid_model: axis 1 is given twice");
  const Tensor pads = row<std::int64_t>({0, 0, 0, -3});
  EXPECT_EQ(error_of({"Pad", 13}, {two, pads}), "invalid_argument: axis 1 of size 2 cannot be padded by 0 and -3");
  EXPECT_EQ(error_of({"Pad", 13}, {two, pads, row<double>({1})}),
            "invalid_model: input 2 is double[1], expected one element of type float");
  EXPECT_EQ(error_of({"Pad", 13}, {two, pads, row<float>({1, 2})}),
            "invalid_model: input 2 is float[2], expected one element of type float");
}

}  // namespace
}  // namespace ranvier::operators
