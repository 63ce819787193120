// Ending a run from another thread: here a watchdog, after 20 ms.
#include <chrono>
#include <cstdio>
#include <stop_token>
#include <thread>
#include <vector>

#include "ranvier/ranvier.h"

int main() {
  const ranvier::Session session(ranvier::Model::load("models/residual_gelu_mlp/model.onnx"));
  const ranvier::Tensor x(ranvier::DataType::float32, {1024, 40});
  std::stop_source source;
  const std::jthread watchdog([&source] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source.request_stop();
  });
  int runs = 0;
  try {
    for (; runs < 1'000'000; ++runs) session.run({x}, {.stop = source.get_token()});
    std::printf("done after %d runs\n", runs);
  } catch (const ranvier::Error& error) {
    if (error.code() != ranvier::ErrorCode::cancelled) throw;
    std::printf("%s after %d runs\n", error.what(), runs);
  }
}
