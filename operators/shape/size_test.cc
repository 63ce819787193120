#include <gtest/gtest.h>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::counting;
using testing::elements;
using testing::run;

TEST(Size, CountsElementsOfAnyType) {
  EXPECT_EQ(elements<std::int64_t>(run({"Size", 1}, {counting({2, 3})})[0]), std::vector<std::int64_t>{6});
  EXPECT_EQ(elements<std::int64_t>(run({"Size", 13}, {Tensor(DataType::string, {})})[0]), std::vector<std::int64_t>{1});
  EXPECT_EQ(elements<std::int64_t>(run({"Size", 25}, {Tensor(DataType::int2, {3, 3})})[0]),
            std::vector<std::int64_t>{9});
  const Tensor none = run({"Size", 13}, {Tensor(DataType::float32, {2, 0})})[0];
  EXPECT_EQ(elements<std::int64_t>(none), std::vector<std::int64_t>{0});
  EXPECT_EQ(none.shape(), Shape{});
}

}  // namespace
}  // namespace ranvier::operators
