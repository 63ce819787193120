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

/// The lengths of the parts along an axis.
Ints lengths(const std::vector<Tensor>& parts, std::size_t axis = 0) {
  Ints result;
  for (const Tensor& part : parts) result.push_back(part.shape()[axis]);
  return result;
}

const Tensor in = counting({5, 2});

TEST(Split, TakesSizesFromAnAttributeBeforeOpset13) {
  for (const std::int64_t version : {1, 2, 11}) {
    const auto parts = run({"Split", version, {{"split", Ints{2, 3}}}, 2}, {in});
    EXPECT_EQ(lengths(parts), (Ints{2, 3}));
    EXPECT_EQ(elements<std::int64_t>(parts[1]), (Ints{4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(lengths(run({"Split", version, {{"axis", std::int64_t{1}}}, 2}, {in}), 1), (Ints{1, 1}));
  }
}

TEST(Split, MayTakeSizesOfTheInputsTypeAtOpset1) {
  const Tensor reals = Tensor::of<float>({3}, {1, 2, 3});
  EXPECT_EQ(lengths(run({"Split", 1, {}, 2}, {reals, row<float>({1, 2})})), (Ints{1, 2}));
  EXPECT_EQ(error_of({"Split", 2, {}, 2}, {reals, row<float>({1, 2})}),
            "invalid_model: the node has 2 inputs, expected 1");
}

TEST(Split, TakesSizesFromAnInputSinceOpset13) {
  const auto parts = run({"Split", 13, {{"axis", std::int64_t{-1}}}, 3}, {in, row<std::int64_t>({1, 0, 1})});
  EXPECT_EQ(lengths(parts, 1), (Ints{1, 0, 1}));
  EXPECT_EQ(elements<std::int64_t>(parts[2]), (Ints{1, 3, 5, 7, 9}));
  EXPECT_EQ(lengths(run({"Split", 13, {}, 5}, {in})), (Ints{1, 1, 1, 1, 1}));
  EXPECT_EQ(error_of({"Split", 13, {}, 2}, {in}), "invalid_argument: size 5 does not split into 2 equal parts");
}

TEST(Split, TakesTheNumberOfPartsSinceOpset18) {
  const auto split = [](std::int64_t size, std::int64_t count) {
    const Attributes attributes = {{"num_outputs", count}};
    return lengths(run({"Split", 18, attributes, static_cast<std::size_t>(count)}, {counting({size})}));
  };
  EXPECT_EQ(split(6, 3), (Ints{2, 2, 2}));
  EXPECT_EQ(split(7, 3), (Ints{3, 3, 1}));
  EXPECT_EQ(split(4, 3), (Ints{2, 2, 0}));
  EXPECT_EQ(split(0, 2), (Ints{0, 0}));
  EXPECT_EQ(lengths(run({"Split", 18, {}, 2}, {in, row<std::int64_t>({1, 4})})), (Ints{1, 4}));
  EXPECT_EQ(error_of({"Split", 18, {{"num_outputs", std::int64_t{2}}}, 2}, {in, row<std::int64_t>({1, 4})}),
            "invalid_model: both attribute 'num_outputs' and input 1 say how to split");
  EXPECT_EQ(error_of({"Split", 18, {{"num_outputs", std::int64_t{3}}}, 2}, {in}),
            "invalid_model: attribute 'num_outputs' is 3, the node has 2 outputs");
  EXPECT_EQ(error_of({"Split", 18, {}, 2}, {in}),
            "invalid_model: neither attribute 'num_outputs' nor input 1 says how to split");
}

TEST(Split, MovesEveryType) {
  expect_moves({"Split", 18, {{"axis", std::int64_t{1}}}, 2}, {counting({3, 4}), row<std::int64_t>({1, 3})});
}

TEST(Split, SaysWhatDoesNotFit) {
  const auto error = [](const Ints& sizes, std::size_t outputs) {
    return error_of({"Split", 2, {{"split", sizes}}, outputs}, {in});
  };
  EXPECT_EQ(error({5}, 2), "invalid_model: the split has 1 sizes, the node 2 outputs");
  for (const Ints& sizes : {Ints{2, 2}, Ints{2, 4}, Ints{6, -1}})
    EXPECT_EQ(error(sizes, 2), fmt::format("invalid_argument: the sizes [{}] do not add up to axis 0 of an input of "
                                           "shape [5, 2]",
                                           fmt::join(sizes, ", ")));
  EXPECT_EQ(error_of({"Split", 13, {{"axis", std::int64_t{2}}}}, {in}),
            "invalid_model: axis 2 is out of range for a tensor of rank 2");
}

}  // namespace
}  // namespace ranvier::operators
