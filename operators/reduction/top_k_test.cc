#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;
using Floats = std::vector<float>;
using Indices = std::vector<std::int64_t>;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

Tensor k(std::int64_t k) { return Tensor::of<std::int64_t>({1}, {k}); }
testing::Call call(const testing::Attributes& attributes, std::int64_t version = 24) {
  return {"TopK", version, attributes, 2};
}
const testing::Attributes smallest = {{"largest", std::int64_t{0}}};

TEST(TopK, OrdersTheLargestAndTheSmallest) {
  const Tensor in = Tensor::of<float>({2, 4}, {3, 1, 4, 2, 8, 5, 7, 6});
  auto out = run(call({}), {in, k(3)});
  EXPECT_EQ(out[0].shape(), (Shape{2, 3}));
  EXPECT_EQ(elements<float>(out[0]), (Floats{4, 3, 2, 8, 7, 6}));
  EXPECT_EQ(elements<std::int64_t>(out[1]), (Indices{2, 0, 3, 0, 2, 3}));
  out = run(call(smallest, 11), {in, k(2)});
  EXPECT_EQ(elements<float>(out[0]), (Floats{1, 2, 5, 6}));
  EXPECT_EQ(elements<std::int64_t>(out[1]), (Indices{1, 3, 1, 3}));
}

TEST(TopK, AlongAnyAxis) {
  const Tensor in = Tensor::of<std::uint64_t>({3, 2}, {1, 6, 1ull << 63, 4, 3, 5});
  const auto out = run(call({{"axis", std::int64_t{0}}}), {in, k(2)});
  EXPECT_EQ(elements<std::uint64_t>(out[0]), (std::vector<std::uint64_t>{1ull << 63, 6, 3, 5}));
  EXPECT_EQ(elements<std::int64_t>(out[1]), (Indices{1, 0, 2, 2}));
}

TEST(TopK, EqualsGoByIndexAndNanIsTheGreatest) {
  const Tensor in = Tensor::of<float>({6}, {1, nan, 1, infinity, nan, 1});
  auto out = run(call({}), {in, k(5)});
  EXPECT_EQ(elements<std::int64_t>(out[1]), (Indices{1, 4, 3, 0, 2}));
  EXPECT_TRUE(std::isnan(out[0].values<float>()[1]));
  EXPECT_EQ(elements<std::int64_t>(run(call(smallest), {in, k(6)})[1]), (Indices{0, 2, 5, 3, 1, 4}));
}

TEST(TopK, OlderVersions) {
  const Tensor in = Tensor::of<float>({3}, {1, 3, 2});
  EXPECT_EQ(elements<std::int64_t>(run(call({{"k", std::int64_t{2}}}, 1), {in})[1]), (Indices{1, 2}));
  EXPECT_EQ(elements<std::int64_t>(run(call({}, 10), {in, k(1)})[1]), (Indices{1}));
  EXPECT_EQ(error_of([&] { run(call({}, 9), {in}); }), "invalid_model: attribute 'k' is missing");
}

TEST(TopK, NothingToSelect) {
  const Tensor in = Tensor::of<float>({3}, {1, 3, 2});
  EXPECT_EQ(run(call({}), {in, k(0)})[0].shape(), (Shape{0}));
  EXPECT_EQ(run(call({}), {Tensor(DataType::float32, {0, 3}), k(2)})[1].shape(), (Shape{0, 2}));
}

TEST(TopK, SaysWhatDoesNotFit) {
  const Tensor in = Tensor::of<float>({3}, {1, 3, 2});
  EXPECT_EQ(error_of([&] {
              run(call({}), {in, k(4)});
            }),
            "invalid_argument: k is 4, expected 0 to 3, the input's size along axis 0");
  EXPECT_EQ(error_of([&] {
              run(call({}), {in, k(-1)});
            }),
            "invalid_argument: k is -1, expected 0 to 3, the input's size along axis 0");
  EXPECT_EQ(error_of([&] {
              run(call({}), {in, Tensor::of<std::int64_t>({2}, {1, 1})});
            }),
            "invalid_argument: input 1 has 2 elements, expected one, k");
}

}  // namespace
}  // namespace ranvier::operators
