// What a call costs beside its arithmetic: one row by a Binding and by Session::run, alone and from two threads.
#include <benchmark/benchmark.h>

#include "ranvier/ranvier.h"

namespace ranvier {
namespace {

const std::filesystem::path file = RANVIER_SOURCE_DIR "/models/digits_mlp/model.onnx";

const Session& session() {
  static const Session shared(Model::load(file), {.threads = 1});
  return shared;
}

void binding(benchmark::State& state) {
  const std::vector<float> x(64, 0.5f);
  std::vector<float> y(10);
  Binding call = session().bind({Tensor::view(x, {1, 64})}, {Tensor::view(y, {1, 10})});
  for (auto _ : state) benchmark::DoNotOptimize(call.run());
}
BENCHMARK(binding)->UseRealTime()->Threads(1)->Threads(2);

void session_run(benchmark::State& state) {
  const std::vector<float> x(64, 0.5f);
  const Tensor inputs[] = {Tensor::view(x, {1, 64})};
  for (auto _ : state) benchmark::DoNotOptimize(session().run(inputs));
}
BENCHMARK(session_run)->UseRealTime()->Threads(1)->Threads(2);

void session_run_of_new_views(benchmark::State& state) {
  const std::vector<float> x(64, 0.5f);
  for (auto _ : state) benchmark::DoNotOptimize(session().run({Tensor::view(x, {1, 64})}));
}
BENCHMARK(session_run_of_new_views)->UseRealTime()->Threads(1)->Threads(2);

}  // namespace
}  // namespace ranvier
