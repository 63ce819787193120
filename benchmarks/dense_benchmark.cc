// Dense' kernels, rows x inner x columns, on every instruction set of this machine, beside oneDNN's product.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "operators/matmul/dense_kernels.h"
#include "runtime/core/arena.h"
#include "runtime/onednn/matmul.h"

namespace ranvier::operators {
namespace {

struct Problem {
  std::size_t rows, inner, columns;
};
constexpr Problem problems[] = {{1, 16, 32},    {1, 64, 64},      {1, 320, 320},    {1, 784, 512},     {1, 1024, 4096},
                                {14, 320, 320}, {56, 320, 320},   {252, 320, 320},  {252, 784, 512},   {64, 1024, 4096},
                                {13, 64, 10},   {32, 300, 300},   {32, 320, 320},   {28, 300, 300},    {28, 300, 320},
                                {256, 64, 64},  {1024, 300, 300}, {64, 4096, 1024}, {256, 1024, 1024}, {256, 512, 512}};

using Floats = std::unique_ptr<float[], decltype(&std::free)>;

Floats floats(std::size_t count) {
  auto* memory = static_cast<float*>(std::aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64));
  for (std::size_t i = 0; i < count; ++i) memory[i] = static_cast<float>(i % 7) - 3;
  return {memory, std::free};
}

template <class Run>
void time(const std::string& kernel, const Problem& p, const Run& run) {
  const std::string name =
      kernel + "/" + std::to_string(p.rows) + "x" + std::to_string(p.inner) + "x" + std::to_string(p.columns);
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    const Floats x = floats(p.rows * p.inner), y = floats(p.rows * p.columns);
    const Floats weights = floats(p.inner * (p.columns + 64)), addends = floats(p.columns + 64);
    for (auto _ : state) {
      run(x.get(), weights.get(), addends.get(), y.get());
      benchmark::ClobberMemory();
    }
    const auto operations = 2.0 * static_cast<double>(p.rows * p.inner * p.columns);
    state.counters["FLOP/s"] = benchmark::Counter(operations, benchmark::Counter::kIsIterationInvariantRate);
  });
}

const bool registered = [] {
  for (const Problem& p : problems) {
    for (const DenseKernels& set : all_dense_kernels())
      time("dense/" + std::string(set.instruction_set), p,
           [=, scratch = std::make_shared<AlignedBuffer>(set.scratch_bytes(p.inner, p.rows))](
               const float* x, const float* weights, const float* addends, float* y) {
             set.multiply({p.inner, p.columns, p.columns, weights, addends}, x, y, p.rows, scratch->data());
           });
    const onednn::MatMul product({.rows = static_cast<std::int64_t>(p.rows),
                                  .inner = static_cast<std::int64_t>(p.inner),
                                  .columns = static_cast<std::int64_t>(p.columns),
                                  .bias = true,
                                  .constant_weights = true});
    const std::shared_ptr<float[]> packed(floats(product.packed_bytes() / sizeof(float) + 16).release(), std::free);
    const std::shared_ptr<float[]> scratch(floats(product.scratch_bytes() / sizeof(float) + 16).release(), std::free);
    time("onednn", p, [=](const float* x, const float* weights, const float* addends, float* y) {
      product.run(x, product.packed_bytes() == 0 ? weights : packed.get(), addends, y,
                  reinterpret_cast<std::byte*>(scratch.get()));
    });
  }
  return true;
}();

}  // namespace
}  // namespace ranvier::operators
