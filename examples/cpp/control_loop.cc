// A control loop at a fixed rate. A Binding computes from and into memory of the program's own; once it is made, a run
// allocates nothing, takes no lock and makes no system call.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "ranvier/ranvier.h"

namespace {

std::atomic<long> allocations = 0;

using Clock = std::chrono::steady_clock;

}  // namespace

// Counts what the program allocates, that of the libraries included. For the proof only: __libc_malloc is glibc's.
extern "C" void* __libc_malloc(std::size_t bytes);
extern "C" [[gnu::visibility("default")]] void* malloc(std::size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}

int main(int argc, char** argv) {
  const long cycles = argc > 1 ? std::atol(argv[1]) : 1000;
  std::vector<float> sensors(16);
  std::vector<float> commands(10);
  const ranvier::Session session(ranvier::Model::load("models/tutorial_2d_inline/model.onnx"), {.threads = 1});
  ranvier::Binding control =
      session.bind({ranvier::Tensor::view(sensors, {1, 16})}, {ranvier::Tensor::view(commands, {1, 10})});

  Clock::duration worst{};
  const long before = allocations;
  Clock::time_point next = Clock::now();
  for (long cycle = 0; cycle < cycles; ++cycle) {
    std::this_thread::sleep_until(next += std::chrono::milliseconds(1));
    for (std::size_t i = 0; i < sensors.size(); ++i) sensors[i] = std::sin(0.01f * static_cast<float>(cycle + 10 * i));
    const Clock::time_point start = Clock::now();
    if (!control.run()) return 1;  // control.error() says why
    worst = std::max(worst, Clock::now() - start);
  }
  const long made = allocations - before;
  std::printf("%ld cycles at 1 kHz: the worst took %.1f us, allocations: %ld\n", cycles,
              std::chrono::duration<double, std::micro>(worst).count(), made);
}
