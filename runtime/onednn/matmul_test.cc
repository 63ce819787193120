#include "runtime/onednn/matmul.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "runtime/core/arena.h"

namespace ranvier::onednn {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

std::vector<float> numbers(std::int64_t count, int seed) {
  std::vector<float> result(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = static_cast<float>((static_cast<int>(i) * 7 + seed) % 23 - 11) / 8;
  return result;
}

std::vector<float> source_of(const MatMulProblem& p) { return numbers(p.batch * p.rows * p.inner, 1); }
std::vector<float> weights_of(const MatMulProblem& p) { return numbers(p.batch * p.inner * p.columns, 2); }
std::vector<float> bias_of(const MatMulProblem& p) { return numbers(p.columns, 3); }

std::vector<float> run(const MatMul& product, const MatMulProblem& p, const std::vector<float>& source,
                       const std::vector<float>& weights) {
  const AlignedBuffer packed(product.packed_bytes());
  const auto* used = weights.data();
  if (product.packed_bytes() > 0) {
    product.pack(weights.data(), packed.data());
    used = reinterpret_cast<const float*>(packed.data());
  }
  const AlignedBuffer scratch(product.scratch_bytes());
  std::vector<float> result(static_cast<std::size_t>(p.batch * p.rows * p.columns), -1.0f);
  product.run(source.data(), used, p.bias ? bias_of(p).data() : nullptr, result.data(), scratch.data());
  return result;
}

/// The numbers of source_of and weights_of are small multiples of 1/8: every sum is exact, whatever its order.
std::vector<float> expected(const MatMulProblem& p) {
  const std::vector<float> source = source_of(p), weights = weights_of(p), bias = bias_of(p);
  std::vector<float> result;
  for (std::int64_t b = 0; b < p.batch; ++b)
    for (std::int64_t m = 0; m < p.rows; ++m)
      for (std::int64_t n = 0; n < p.columns; ++n) {
        float sum = p.bias ? bias[n] : 0;
        for (std::int64_t k = 0; k < p.inner; ++k)
          sum += source[b * p.rows * p.inner + (p.source_transposed ? k * p.rows + m : m * p.inner + k)] *
                 weights[b * p.inner * p.columns + (p.weights_transposed ? n * p.inner + k : k * p.columns + n)];
        result.push_back(sum);
      }
  return result;
}

int threads_of_this_process() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("Threads:")) return std::stoi(line.substr(8));
  return -1;
}

TEST(MatMul, ComputesEveryKindOfProblem) {
  const std::int64_t sizes[][4] = {{1, 1, 1, 1},   {1, 1, 16, 32}, {1, 7, 5, 3}, {1, 33, 64, 17},
                                   {1, 64, 65, 1}, {3, 1, 4, 1},   {5, 9, 8, 20}};
  for (const auto& [batch, rows, inner, columns] : sizes)
    for (int options = 0; options < 32; ++options) {
      const MatMulProblem problem{.batch = batch,
                                  .rows = rows,
                                  .inner = inner,
                                  .columns = columns,
                                  .source_transposed = (options & 1) != 0,
                                  .weights_transposed = (options & 2) != 0,
                                  .bias = (options & 4) != 0,
                                  .constant_weights = (options & 8) != 0,
                                  .threads = (options & 16) != 0 ? 2 : 1};
      const MatMul product(problem);
      EXPECT_EQ(run(product, problem, source_of(problem), weights_of(problem)), expected(problem))
          << batch << "x" << rows << "x" << inner << "x" << columns << " options " << options << " "
          << product.implementation();
    }
}

TEST(MatMul, ComputesALargeProblemOnTwoThreads) {
  const MatMulProblem problem{.rows = 128, .inner = 96, .columns = 112, .constant_weights = true, .threads = 2};
  const MatMul product(problem);
  EXPECT_EQ(product.threads(), 2);
  EXPECT_EQ(run(product, problem, source_of(problem), weights_of(problem)), expected(problem));
}

TEST(MatMul, ASmallProblemStartsNoThread) {
  const MatMulProblem problem{.rows = 16, .inner = 64, .columns = 32, .threads = 2};
  const int before = threads_of_this_process();
  const MatMul product(problem);
  EXPECT_EQ(product.threads(), 1);
  run(product, problem, source_of(problem), weights_of(problem));
  EXPECT_EQ(threads_of_this_process(), before);
}

TEST(MatMul, HandsOnNanAndInfinity) {
  const MatMulProblem problem{.rows = 3, .inner = 2, .columns = 2};
  const float nan = std::nanf("");
  const std::vector<float> result = run(MatMul(problem), problem, {nan, 1, infinity, 1, 2, 3}, {0, 1, 1, 0});
  EXPECT_TRUE(std::isnan(result[0]));
  EXPECT_TRUE(std::isnan(result[1]));
  EXPECT_TRUE(std::isnan(result[2]));  // inf * 0 + 1 * 1
  EXPECT_EQ(result[3], infinity);
  EXPECT_EQ(result[4], 3.0f);
  EXPECT_EQ(result[5], 2.0f);
}

TEST(MatMul, NamesTheSamePackingForTheSameLayoutOnly) {
  const MatMulProblem problem{.rows = 32, .inner = 64, .columns = 48, .constant_weights = true};
  MatMulProblem transposed = problem;
  transposed.weights_transposed = true;
  const MatMul a(problem), b(problem), c(transposed);
  EXPECT_EQ(a.packing(), b.packing());
  if (c.packed_bytes() > 0) {
    EXPECT_NE(a.packing(), c.packing());
  }
  EXPECT_EQ(MatMul({.rows = 32, .inner = 64, .columns = 48}).packed_bytes(), 0u);
}

TEST(MatMul, RunsOnManyThreadsAtOnce) {
  const MatMulProblem problem{.rows = 5, .inner = 24, .columns = 18, .bias = true};
  const MatMul product(problem);
  const std::vector<float> source = source_of(problem), weights = weights_of(problem), right = expected(problem);
  std::vector<int> wrong(20);
  std::vector<std::thread> threads;
  threads.reserve(wrong.size());
  for (int& count : wrong)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) count += run(product, problem, source, weights) != right;
    });
  for (std::thread& thread : threads) thread.join();
  for (const int count : wrong) EXPECT_EQ(count, 0);
}

}  // namespace
}  // namespace ranvier::onednn
