#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::counting;
using testing::elements;
using testing::run;
using Ints = std::vector<std::int64_t>;

Ints dims(const testing::Attributes& attributes, const Tensor& tensor) {
  return elements<std::int64_t>(run({"Shape", 15, attributes}, {tensor})[0]);
}

TEST(ShapeOfTensor, IsItsDimensionsWhateverItsType) {
  EXPECT_EQ(elements<std::int64_t>(run({"Shape", 1}, {counting({2, 0, 3})})[0]), (Ints{2, 0, 3}));
  EXPECT_EQ(dims({}, Tensor(DataType::string, {4})), Ints{4});
  EXPECT_EQ(dims({}, Tensor(DataType::uint4, {3, 3})), (Ints{3, 3}));
  EXPECT_EQ(run({"Shape", 13}, {counting({})})[0].shape(), Shape{0});
}

TEST(ShapeOfTensor, MayBeARangeOfThem) {
  struct Case {
    std::int64_t start, end;
    Ints expected;
  };
  const Case cases[] = {{1, 3, {3, 4}},     {-1, 3, {4}}, {0, -1, {2, 3}}, {-3, -2, {2}},
                        {-9, 9, {2, 3, 4}}, {2, 1, {}},   {3, 3, {}},      {-9, -8, {}}};
  for (const auto& [start, end, expected] : cases)
    EXPECT_EQ(dims({{"start", start}, {"end", end}}, counting({2, 3, 4})), expected) << start << " to " << end;
  EXPECT_EQ(dims({{"start", std::int64_t{1}}}, counting({2, 3, 4})), (Ints{3, 4}));
  EXPECT_EQ(dims({{"end", std::int64_t{-2}}}, counting({2, 3, 4})), Ints{2});
}

}  // namespace
}  // namespace ranvier::operators
