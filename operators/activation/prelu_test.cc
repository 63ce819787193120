#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "operators/activation/kernels.h"
#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::elements;
using testing::error_of;
using testing::run;

Tensor counting(const Shape& shape) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < shape.elements(); ++i) values.push_back(static_cast<float>(-1 - i));
  return Tensor::of(shape, values);
}

TEST(PRelu, ScalesOnlyWhatIsBelowZero) {
  const Tensor x = Tensor::of<float>({5}, {-2, -0.0f, 0, 3, std::numeric_limits<float>::quiet_NaN()});
  const auto y = elements<float>(run({"PRelu"}, {x, Tensor::of<float>({5}, {0.5f, 2, 2, 2, 2})})[0]);
  EXPECT_EQ(std::vector<float>(y.begin(), y.begin() + 4), (std::vector<float>{-1, 0, 0, 3}));
  EXPECT_TRUE(std::signbit(y[1]));
  EXPECT_TRUE(std::isnan(y[4]));
}

TEST(PRelu, BroadcastsTheSlopeSinceOpset7) {
  const Tensor x = counting({2, 2, 3});
  EXPECT_EQ(elements<float>(run({"PRelu", 7}, {x, Tensor::of<float>({3}, {1, 10, 100})})[0]),
            (std::vector<float>{-1, -20, -300, -4, -50, -600, -7, -80, -900, -10, -110, -1200}));
  EXPECT_EQ(elements<float>(run({"PRelu", 7}, {x, Tensor::of<float>({2, 1}, {1, 10})})[0]),
            (std::vector<float>{-1, -2, -3, -40, -50, -60, -7, -8, -9, -100, -110, -120}));
  EXPECT_EQ(elements<float>(run({"PRelu", 16}, {counting({2}), Tensor::of<float>({}, {3})})[0]),
            (std::vector<float>{-3, -6}));
}

TEST(PRelu, IsTheSameWhereItIsSharedOut) {
  std::minstd_rand random(1);
  std::normal_distribution<float> normal;
  const auto numbers = [&](const Shape& shape) {
    std::vector<float> values(static_cast<std::size_t>(shape.elements()));
    for (float& value : values) value = normal(random);
    return Tensor::of<float>(shape, values);
  };
  const Tensor x = numbers({13, 37, 31, 29});
  for (const Shape& slope :
       {Shape{}, Shape{29}, Shape{31, 1}, Shape{37, 1, 1}, Shape{13, 1, 1, 29}, Shape{37, 31, 29}, x.shape()})
    run({"PRelu"}, {x, numbers(slope)}, 0);
  run({"PRelu", 6}, {x, numbers({37})}, 0);
}

TEST(PRelu, HasTheSameBitsOnEveryInstructionSetAndInPlace) {
  const float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> x = {-infinity, -1e30f, -1, -1e-40f, -0.0f, 0, 1e-40f, 3, infinity};
  while (x.size() < 77) x.push_back(-0.1f * static_cast<float>(x.size()));
  std::vector<float> slope(x.size());
  for (std::size_t i = 0; i < slope.size(); ++i) slope[i] = 0.3f * static_cast<float>(i) - 1;
  for (const std::size_t step : {0u, 1u}) {
    for (const ActivationKernels& set : all_activation_kernels()) {
      std::vector<float> y = x;
      set.prelu(y.data(), slope.data(), step, y.data(), y.size());
      for (std::size_t i = 0; i < x.size(); ++i) {
        const float expected = x[i] < 0 ? slope[i * step] * x[i] : x[i];
        EXPECT_EQ(std::bit_cast<std::uint32_t>(y[i]), std::bit_cast<std::uint32_t>(expected))
            << set.instruction_set << " at " << x[i];
      }
    }
  }
}

TEST(PRelu, HasASlopeForEachChannelBeforeOpset7) {
  const Tensor x = counting({2, 2, 3});
  EXPECT_EQ(elements<float>(run({"PRelu", 6}, {x, Tensor::of<float>({2}, {1, 10})})[0]),
            (std::vector<float>{-1, -2, -3, -40, -50, -60, -7, -8, -9, -100, -110, -120}));
  EXPECT_EQ(elements<float>(run({"PRelu", 1}, {counting({3}), Tensor::of<float>({1}, {2})})[0]),
            (std::vector<float>{-2, -4, -6}));
}

TEST(PRelu, TakesIntegersThatWrapAround) {
  constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();
  EXPECT_EQ(elements<std::int32_t>(
                run({"PRelu"}, {Tensor::of<std::int32_t>({3}, {least, -3, 5}), Tensor::of<std::int32_t>({}, {-1})})[0]),
            (std::vector<std::int32_t>{least, 3, 5}));
  EXPECT_EQ(elements<std::uint64_t>(
                run({"PRelu"}, {Tensor::of<std::uint64_t>({2}, {1, 7}), Tensor::of<std::uint64_t>({}, {9})})[0]),
            (std::vector<std::uint64_t>{1, 7}));
}

TEST(PRelu, RoundsHalfPrecisionOnce) {
  const Tensor y =
      run({"PRelu"}, {Tensor::of<BFloat16>({1}, {BFloat16(-3)}), Tensor::of<BFloat16>({1}, {BFloat16(0.5f)})})[0];
  EXPECT_EQ(static_cast<float>(y.values<BFloat16>()[0]), -1.5f);
}

TEST(PRelu, TakesEmptyTensors) {
  EXPECT_EQ(run({"PRelu"}, {Tensor(DataType::float32, {0, 3}), counting({3})})[0].shape(), (Shape{0, 3}));
  const Shape huge = {std::int64_t{1} << 62, 4, 0};
  EXPECT_EQ(run({"PRelu"}, {Tensor(DataType::float32, huge), counting({1})})[0].shape(), huge);
}

TEST(PRelu, SaysWhatIsWrong) {
  EXPECT_EQ(error_of([] {
              run({"PRelu"}, {counting({2, 1}), counting({3})});
            }),
            "invalid_argument: input 1 (slope) of shape [3] does not broadcast to the first input's shape [2, 1]");
  EXPECT_EQ(error_of([] {
              run({"PRelu"}, {counting({3}), counting({1, 3})});
            }),
            "invalid_argument: input 1 (slope) of shape [1, 3] does not broadcast to the first input's shape [3]");
  EXPECT_EQ(error_of([] {
              run({"PRelu", 6}, {counting({2, 4, 3}), counting({3})});
            }),
            "invalid_argument: input 1 (slope) has 3 elements, expected 1 or the 4 channels of shape [2, 4, 3]");
  EXPECT_EQ(error_of([] {
              run({"PRelu"}, {counting({1}), Tensor::of<double>({1}, {1})});
            }),
            "invalid_model: input 1 (slope) has type double, expected float as the first input");
  EXPECT_EQ(error_of([] { run({"PRelu"}, {counting({1})}); }), "invalid_model: the node has 1 inputs, expected 2");
}

}  // namespace
}  // namespace ranvier::operators
