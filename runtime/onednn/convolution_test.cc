#include "runtime/onednn/convolution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "runtime/core/arena.h"

namespace ranvier::onednn {
namespace {

std::int64_t product(const std::vector<std::int64_t>& numbers) {
  std::int64_t result = 1;
  for (const std::int64_t number : numbers) result *= number;
  return result;
}

std::vector<float> numbers(std::int64_t count, int seed) {
  std::vector<float> result(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = static_cast<float>((static_cast<int>(i) * 7 + seed) % 23 - 11) / 8;
  return result;
}

std::vector<float> source_of(const ConvolutionProblem& p) {
  return numbers(p.groups * p.channels * product(p.size), 1);
}
std::vector<float> weights_of(const ConvolutionProblem& p) {
  return numbers(p.groups * p.outputs * p.channels * product(p.kernel), 2);
}
std::vector<float> bias_of(const ConvolutionProblem& p) { return numbers(p.groups * p.outputs, 3); }

std::vector<float> run(const Convolution& convolution, const ConvolutionProblem& p, const std::vector<float>& source) {
  const std::vector<float> weights = weights_of(p), bias = bias_of(p);
  const AlignedBuffer packed(convolution.packed_bytes());
  const auto* used = weights.data();
  if (convolution.packed_bytes() > 0) {
    convolution.pack(weights.data(), packed.data());
    used = reinterpret_cast<const float*>(packed.data());
  }
  const AlignedBuffer scratch(convolution.scratch_bytes());
  std::vector<float> result(static_cast<std::size_t>(p.groups * p.outputs * product(p.output)), -1.0f);
  convolution.run(source.data(), used, p.bias ? bias.data() : nullptr, result.data(), scratch.data());
  return result;
}

/// The coordinates of an element.
std::vector<std::int64_t> coordinates(std::int64_t index, const std::vector<std::int64_t>& sizes) {
  std::vector<std::int64_t> result(sizes.size());
  for (std::size_t d = sizes.size(); d-- > 0; index /= sizes[d]) result[d] = index % sizes[d];
  return result;
}

/// The numbers are small multiples of 1/8: every sum is exact, whatever its order.
std::vector<float> expected(const ConvolutionProblem& p) {
  const std::vector<float> source = source_of(p), weights = weights_of(p), bias = bias_of(p);
  const std::int64_t from_size = product(p.size), kernel_size = product(p.kernel), to_size = product(p.output);
  std::vector<float> result(static_cast<std::size_t>(p.groups * p.outputs * to_size));
  for (std::int64_t to = 0; to < to_size; ++to) {
    std::vector<std::pair<std::int64_t, std::int64_t>> taps;  // places in a channel and in the kernel
    for (std::int64_t k = 0; k < kernel_size; ++k) {
      const auto window = coordinates(to, p.output), place = coordinates(k, p.kernel);
      std::int64_t from = 0;
      bool inside = true;
      for (std::size_t d = 0; d < p.size.size(); ++d) {
        const std::int64_t at = window[d] * p.strides[d] - p.before[d] + place[d] * p.dilations[d];
        inside = inside && at >= 0 && at < p.size[d];
        from = from * p.size[d] + at;
      }
      if (inside) taps.emplace_back(from, k);
    }
    for (std::int64_t m = 0; m < p.groups * p.outputs; ++m) {
      float sum = p.bias ? bias[m] : 0;
      for (std::int64_t c = 0; c < p.channels; ++c)
        for (const auto& [from, k] : taps)
          sum += source[(m / p.outputs * p.channels + c) * from_size + from] *
                 weights[(m * p.channels + c) * kernel_size + k];
      result[m * to_size + to] = sum;
    }
  }
  return result;
}

/// The problem with as many windows as fit.
ConvolutionProblem counted(ConvolutionProblem p) {
  for (std::size_t d = 0; d < p.size.size(); ++d)
    p.output.push_back((p.size[d] + p.before[d] + p.after[d] - (p.kernel[d] - 1) * p.dilations[d] - 1) / p.strides[d] +
                       1);
  return p;
}

ConvolutionProblem image(std::int64_t groups, std::int64_t channels, std::int64_t outputs) {
  return {.groups = groups,
          .channels = channels,
          .outputs = outputs,
          .size = {9, 8},
          .kernel = {3, 2},
          .strides = {1, 1},
          .dilations = {1, 1},
          .before = {1, 0},
          .after = {1, 0}};
}

TEST(Convolution, ComputesEveryKindOfProblem) {
  std::vector<ConvolutionProblem> problems;
  for (const auto& [groups, channels, outputs] : {std::tuple(1, 1, 1), std::tuple(1, 3, 16), std::tuple(1, 32, 20),
                                                  std::tuple(2, 4, 8), std::tuple(24, 1, 1), std::tuple(5, 1, 3)})
    problems.push_back(image(groups, channels, outputs));
  problems.push_back(image(1, 3, 5));
  problems.back().strides = {2, 3};
  problems.push_back(image(1, 16, 16));
  problems.back().dilations = {2, 3};
  problems.back().before = {0, 3};
  problems.push_back(image(1, 16, 32));
  problems.back().kernel = {1, 1};
  for (const bool deep : {false, true}) {  // one dimension and three
    const std::vector<std::int64_t> ones(deep ? 3 : 1, 1), sizes(deep ? 3 : 1, 6), threes(deep ? 3 : 1, 3);
    problems.push_back({.groups = 1,
                        .channels = 4,
                        .outputs = 8,
                        .size = sizes,
                        .kernel = threes,
                        .strides = ones,
                        .dilations = ones,
                        .before = ones,
                        .after = ones});
  }
  for (const ConvolutionProblem& each : problems)
    for (int options = 0; options < 8; ++options) {
      ConvolutionProblem problem = counted(each);
      problem.bias = (options & 1) != 0;
      problem.constant_weights = (options & 2) != 0;
      problem.threads = (options & 4) != 0 ? 2 : 1;
      const Convolution convolution(problem);
      EXPECT_EQ(run(convolution, problem, source_of(problem)), expected(problem))
          << problem.groups << " groups of " << problem.channels << " to " << problem.outputs << ", "
          << problem.size.size() << " dimensions, options " << options << " " << convolution.implementation();
    }
}

TEST(Convolution, ComputesALargeImageOnTwoThreads) {
  ConvolutionProblem problem = image(1, 64, 64);
  problem.size = {32, 32};
  problem.kernel = {3, 3};
  problem.threads = 2;
  problem = counted(problem);
  const Convolution convolution(problem);
  EXPECT_EQ(convolution.threads(), 2);
  EXPECT_EQ(run(convolution, problem, source_of(problem)), expected(problem));
  EXPECT_EQ(Convolution(counted(image(1, 3, 16))).threads(), 1);
}

TEST(Convolution, HandsOnNanAndInfinity) {
  ConvolutionProblem problem = image(1, 1, 1);
  problem.size = {1, 4};
  problem.kernel = {1, 1};
  problem.before = problem.after = {0, 0};
  problem = counted(problem);
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> result = run(Convolution(problem), problem, {std::nanf(""), infinity, -infinity, 0});
  const float weight = weights_of(problem)[0];
  EXPECT_TRUE(std::isnan(result[0]));
  EXPECT_EQ(result[1], infinity * weight);
  EXPECT_EQ(result[2], -infinity * weight);
  EXPECT_EQ(result[3], 0);
}

TEST(Convolution, NamesTheSamePackingForTheSameLayoutOnly) {
  ConvolutionProblem problem = counted(image(1, 32, 48)), grouped = counted(image(2, 16, 48));
  problem.constant_weights = grouped.constant_weights = true;
  const Convolution a(problem), b(problem), c(grouped);
  EXPECT_GT(a.packed_bytes(), 0u);
  EXPECT_EQ(a.packing(), b.packing());
  EXPECT_NE(a.packing(), c.packing());
  problem.constant_weights = false;
  EXPECT_EQ(Convolution(problem).packed_bytes(), 0u);
}

TEST(Convolution, RunsOnManyThreadsAtOnce) {
  ConvolutionProblem problem = image(1, 3, 16);
  problem.bias = true;
  problem = counted(problem);
  const Convolution convolution(problem);
  const std::vector<float> source = source_of(problem), right = expected(problem);
  std::vector<int> wrong(20);
  std::vector<std::thread> threads;
  threads.reserve(wrong.size());
  for (int& count : wrong)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) count += run(convolution, problem, source) != right;
    });
  for (std::thread& thread : threads) thread.join();
  for (const int count : wrong) EXPECT_EQ(count, 0);
}

}  // namespace
}  // namespace ranvier::onednn
