// Every activation's kernel over 4,096 floats, on every instruction set of this machine.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "operators/activation/activation.h"
#include "operators/activation/kernels.h"
#include "operators/activation/softmax_kernels.h"

namespace ranvier::operators {
namespace {

constexpr std::size_t count = 4096;

std::vector<float> inputs() {
  std::minstd_rand engine(1);
  std::uniform_real_distribution<float> uniform(-3, 3);
  std::vector<float> x(count);
  for (float& each : x) each = uniform(engine);
  return x;
}

template <class Run>
void time(const std::string& name, const Run& run) {
  benchmark::RegisterBenchmark(name.c_str(), [run](benchmark::State& state) {
    const std::vector<float> x = inputs();
    std::vector<float> y(count);
    for (auto _ : state) {
      run(x.data(), y.data());
      benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * count));
  });
}

const bool registered = [] {
  for (const ActivationKernels& set : all_activation_kernels())
    for (const ActivationRow& row : activations()) {
      std::vector<float> parameters;
      for (const Parameter& parameter : row.parameters) parameters.push_back(static_cast<float>(parameter.otherwise));
      if (set[row.activation].refusal(parameters.data()) != nullptr) continue;
      time(std::string(row.name) + "/" + std::string(set.instruction_set),
           [kernel = set[row.activation], parameters](const float* x, float* y) {
             kernel.run(x, y, count, parameters.data());
           });
    }
  for (const SoftmaxKernels& set : all_softmax_kernels()) {
    const std::string suffix = "/" + std::string(set.instruction_set);
    time("softmax" + suffix, [set](const float* x, float* y) { set.softmax(x, y, count); });
    time("log_softmax" + suffix, [set](const float* x, float* y) { set.log_softmax(x, y, count); });
  }
  return true;
}();

}  // namespace
}  // namespace ranvier::operators
