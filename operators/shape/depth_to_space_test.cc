#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::counting;
using testing::elements;
using testing::error_of;
using testing::expect_moves;
using testing::run;
using Ints = std::vector<std::int64_t>;

Attributes blocks(std::int64_t size) { return {{"blocksize", size}}; }
Attributes blocks(std::int64_t size, const std::string& mode) { return {{"blocksize", size}, {"mode", mode}}; }

const Tensor deep = counting({1, 8, 1, 2});  // eight channels of two pixels

TEST(DepthToSpace, TakesBlocksFirstUnlessToldOtherwise) {
  const Ints depth_first = {0, 4, 1, 5, 8, 12, 9, 13, 2, 6, 3, 7, 10, 14, 11, 15};
  const Ints column_first = {0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15};
  EXPECT_EQ(run({"DepthToSpace", 1, blocks(2)}, {deep})[0].shape(), (Shape{1, 2, 2, 4}));
  EXPECT_EQ(elements<std::int64_t>(run({"DepthToSpace", 1, blocks(2)}, {deep})[0]), depth_first);
  EXPECT_EQ(elements<std::int64_t>(run({"DepthToSpace", 11, blocks(2, "DCR")}, {deep})[0]), depth_first);
  EXPECT_EQ(elements<std::int64_t>(run({"DepthToSpace", 11, blocks(2, "CRD")}, {deep})[0]), column_first);
}

TEST(DepthToSpace, IsUndoneBySpaceToDepth) {
  const Tensor in = counting({2, 12, 3, 2});
  const Tensor out = run({"SpaceToDepth", 1, blocks(2)}, {run({"DepthToSpace", 1, blocks(2)}, {in})[0]})[0];
  EXPECT_EQ(out.shape(), in.shape());
  EXPECT_EQ(elements<std::int64_t>(out), elements<std::int64_t>(in));
}

TEST(SpaceToDepth, NumbersChannelsByBlocks) {
  const Tensor out = run({"SpaceToDepth", 13, blocks(2)}, {counting({1, 1, 2, 4})})[0];
  EXPECT_EQ(out.shape(), (Shape{1, 4, 1, 2}));
  EXPECT_EQ(elements<std::int64_t>(out), (Ints{0, 2, 1, 3, 4, 6, 5, 7}));
}

TEST(SpaceToDepth, AndBackTakeEmptyTensors) {
  EXPECT_EQ(run({"SpaceToDepth", 13, blocks(2)}, {counting({0, 3, 2, 4})})[0].shape(), (Shape{0, 12, 1, 2}));
  EXPECT_EQ(run({"DepthToSpace", 13, blocks(2)}, {counting({1, 4, 0, 4})})[0].shape(), (Shape{1, 1, 0, 8}));
}

TEST(SpaceToDepth, AndBackMoveEveryType) {
  expect_moves({"DepthToSpace", 13, blocks(2)}, {deep});
  expect_moves({"SpaceToDepth", 13, blocks(2)}, {counting({1, 1, 2, 4})});
}

TEST(SpaceToDepth, AndBackSayWhatDoesNotFit) {
  for (const std::string op : {"DepthToSpace", "SpaceToDepth"}) {
    EXPECT_EQ(error_of({op, 13}, {deep}), "invalid_model: attribute 'blocksize' is missing");
    EXPECT_EQ(error_of({op, 13, blocks(0)}, {deep}),
              "invalid_model: attribute 'blocksize' is 0, expected a size of blocks");
    EXPECT_EQ(error_of({op, 13, blocks(std::int64_t{1} << 40)}, {deep}),
              "invalid_model: attribute 'blocksize' is 1099511627776, expected a size of blocks");
    EXPECT_EQ(error_of({op, 13, blocks(2)}, {counting({4, 4})}),
              "invalid_argument: input 0 has shape [4, 4], expected four dimensions");
  }
  EXPECT_EQ(error_of({"DepthToSpace", 13, blocks(3)}, {deep}),
            "invalid_argument: input 0 of shape [1, 8, 1, 2] has 8 channels, expected a multiple of 9");
  EXPECT_EQ(error_of({"DepthToSpace", 11, blocks(2, "RDC")}, {deep}),
            "invalid_model: attribute 'mode' is 'RDC', expected DCR or CRD");
  EXPECT_EQ(error_of({"SpaceToDepth", 13, blocks(2)}, {deep}),
            "invalid_argument: input 0 of shape [1, 8, 1, 2] does not divide into blocks of 2 by 2");
  const Shape wide = {0, 0, std::int64_t{1} << 40, 1};
  EXPECT_EQ(error_of({"DepthToSpace", 13, blocks(1 << 24)}, {Tensor(DataType::uint8, wide)}),
            "out_of_memory: blocks of 16777216 by 16777216 do not fit in memory");
}

}  // namespace
}  // namespace ranvier::operators
