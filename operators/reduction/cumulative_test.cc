#include <gtest/gtest.h>

#include <numeric>

#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;
using Floats = std::vector<float>;

Tensor axis(std::int64_t axis) { return Tensor::of<std::int64_t>({}, {axis}); }

testing::Attributes direction(bool exclusive, bool reverse) {
  return {{"exclusive", std::int64_t{exclusive}}, {"reverse", std::int64_t{reverse}}};
}

Floats result(const std::string& op, const testing::Attributes& attributes, std::int64_t along) {
  const Tensor in = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  return elements<float>(run({op, 26, attributes}, {in, axis(along)})[0]);
}

TEST(Cumulative, Sum) {
  EXPECT_EQ(result("CumSum", {}, 1), (Floats{1, 3, 6, 4, 9, 15}));
  EXPECT_EQ(result("CumSum", {}, -2), (Floats{1, 2, 3, 5, 7, 9}));
  EXPECT_EQ(result("CumSum", direction(true, false), 1), (Floats{0, 1, 3, 0, 4, 9}));
  EXPECT_EQ(result("CumSum", direction(false, true), 1), (Floats{6, 5, 3, 15, 11, 6}));
  EXPECT_EQ(result("CumSum", direction(true, true), 0), (Floats{4, 5, 6, 0, 0, 0}));
}

TEST(Cumulative, Product) {
  EXPECT_EQ(result("CumProd", {}, 1), (Floats{1, 2, 6, 4, 20, 120}));
  EXPECT_EQ(result("CumProd", direction(true, false), 1), (Floats{1, 1, 2, 1, 4, 20}));
  EXPECT_EQ(result("CumProd", direction(true, true), 1), (Floats{6, 3, 1, 30, 6, 1}));
}

TEST(Cumulative, ManyNeighbouringLanes) {
  std::vector<std::int64_t> in(2 * 150);
  std::iota(in.begin(), in.end(), 0);
  const Tensor out = run({"CumSum", 11}, {Tensor::of<std::int64_t>({2, 150}, in), axis(0)})[0];
  for (std::int64_t i = 0; i < 150; ++i) {
    EXPECT_EQ(out.values<std::int64_t>()[i], i);
    EXPECT_EQ(out.values<std::int64_t>()[150 + i], 150 + 2 * i);
  }
}

TEST(Cumulative, AccumulatesInDoubleAndWrapsIntegers) {
  const Tensor out = run({"CumSum"}, {Tensor::of<float>({4}, {0x1p24f, 1, 1, -0x1p24f}), axis(0)})[0];
  EXPECT_EQ(elements<float>(out), (Floats{0x1p24f, 0x1p24f, 0x1p24f + 2, 2}));
  const Tensor wrapped = run({"CumSum"}, {Tensor::of<std::int32_t>({2}, {INT32_MAX, 1}), axis(0)})[0];
  EXPECT_EQ(wrapped.values<std::int32_t>()[1], INT32_MIN);
}

TEST(Cumulative, EmptyTensors) {
  EXPECT_EQ(run({"CumSum"}, {Tensor(DataType::float32, {0, 3}), axis(0)})[0].shape(), (Shape{0, 3}));
}

TEST(Cumulative, SaysWhatDoesNotFit) {
  const Tensor in = Tensor::of<float>({3}, {1, 2, 3});
  EXPECT_EQ(error_of([&] {
              run({"CumSum"}, {in, axis(1)});
            }),
            "invalid_model: axis 1 is out of range for a tensor of rank 1");
  EXPECT_EQ(error_of([&] {
              run({"CumSum"}, {in, Tensor::of<std::int64_t>({2}, {0, 0})});
            }),
            "invalid_argument: input 1 has 2 elements, expected one axis");
  EXPECT_EQ(error_of([&] { run({"CumProd", 25}, {in, axis(0)}); }), "unsupported: no operator CumProd at version 25");
}

}  // namespace
}  // namespace ranvier::operators
