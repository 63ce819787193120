// Many sessions of one model: its weights are in memory once. A Model is immutable and its copies are handles, so each
// thread may have a Session of its own; one Session may also be run by many threads.
#include <atomic>
#include <cstdio>
#include <string_view>
#include <thread>
#include <vector>

#include "ranvier/ranvier.h"

int main() {
  constexpr std::string_view picture =
      "...##..."
      "..####.."
      ".##..##."
      ".##..##."
      ".##..##."
      ".##..##."
      "..####.."
      "...##...";
  std::vector<float> pixels;
  for (const char c : picture) pixels.push_back(c == '#' ? 1.0f : 0.0f);

  const ranvier::Model model = ranvier::Model::load("models/digits_mlp/model.onnx");
  std::atomic<int> zeros = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&pixels, &zeros, model] {
      const ranvier::Session session(model, {.threads = 1});
      for (int run = 0; run < 1000; ++run) {
        const ranvier::Tensor scores = session.run({ranvier::Tensor::view(pixels, {1, 64})})[0];
        if (scores.values<float>()[0] > 0.5f) ++zeros;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("4 sessions, 4000 runs: %d say that it is a 0\n", zeros.load());
}
