// walk_floats: the largest error of every activation over every float, on every instruction set of this machine.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "tools/accuracy/accuracy.h"

namespace ranvier::accuracy {
namespace {

using operators::ActivationKernels;
using operators::ActivationRow;

struct Options {
  std::string only;
  std::vector<double> parameters;
  std::uint64_t stride = 1;
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  std::string json;
};

std::vector<Errors> walk(const ActivationRow& row, std::span<const ActivationKernels> sets, const Options& options) {
  constexpr std::uint64_t patterns = std::uint64_t{1} << 32;
  constexpr std::uint64_t together = std::uint64_t{1} << 16;  // a chunk stays in the cache
  std::vector<Errors> total(sets.size());
  std::mutex mutex;
  std::atomic<std::uint64_t> next = 0;
  const auto work = [&] {
    std::vector<float> points;
    std::vector<Errors> mine(sets.size());
    for (std::uint64_t from; (from = next.fetch_add(together * options.stride)) < patterns;) {
      points.clear();
      const std::uint64_t to = std::min(patterns, from + together * options.stride);
      for (std::uint64_t bits = from; bits < to; bits += options.stride)
        points.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
      const std::vector<Errors> found = measure(row.activation, options.parameters, sets, points);
      for (std::size_t i = 0; i < found.size(); ++i) mine[i].add(found[i]);
    }
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < mine.size(); ++i) total[i].add(mine[i]);
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < options.threads; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return total;
}

int run(const Options& options) {
  const std::vector<ActivationKernels> sets = operators::all_activation_kernels();
  bool good = true;
  nlohmann::json all = nlohmann::json::array();
  fmt::print("{:17}{:8}{:>9}{:>7}{:>16}{:>9}  {}\n", "activation", "", "ulp", "claim", "at", "mean", "other bits");
  for (const ActivationRow& row : operators::activations()) {
    if (!options.only.empty() && options.only != row.name) continue;
    const std::vector<Errors> found = walk(row, sets, options);
    for (std::size_t i = 0; i < sets.size(); ++i) {
      const Errors& errors = found[i];
      const bool bits = !sets[i].fused_multiply_add || errors.other_bits == 0;
      const bool kept = errors.largest <= row.ulp && bits;
      good &= kept;
      fmt::print("{:17}{:8}{:9.4f}{:7.2f}{:16.8g}{:9.4f}  {}{}\n", row.name, sets[i].instruction_set, errors.largest,
                 row.ulp, errors.at, errors.sum / static_cast<double>(errors.points), errors.other_bits,
                 kept ? "" : "  not kept");
      std::fflush(stdout);
      all.push_back({{"activation", row.name},
                     {"instruction_set", sets[i].instruction_set},
                     {"fused_multiply_add", sets[i].fused_multiply_add},
                     {"ulp", errors.largest},
                     {"at", errors.at},
                     {"other_bits", errors.other_bits},
                     {"points", errors.points}});
    }
  }
  if (!options.json.empty() && !(std::ofstream(options.json) << all.dump(1) << std::endl)) {
    fmt::print(stderr, "{} cannot be written\n", options.json);
    return 1;
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace ranvier::accuracy

int main(int count, char** arguments) {
  CLI::App app(
      "Walks through the floats and compares every activation's kernels with its reference in double: the largest "
      "error in units of the last place, where it is, the mean, and how many results differ from those of the "
      "first instruction set. Exit code 1 where a claim of activations.def is not kept.",
      "walk_floats");
  ranvier::accuracy::Options options;
  app.add_option("--only", options.only, "This activation only, as activations.def names it");
  CLI::Option* parameters =
      app.add_option("--parameters", options.parameters, "Its parameters, instead of their defaults");
  app.add_option("--stride", options.stride, "Every so manyth float; 1 (default): all of them")
      ->check(CLI::PositiveNumber);
  app.add_option("--threads", options.threads, "As many as the machine has by default")->check(CLI::PositiveNumber);
  app.add_option("--json", options.json,
                 "Write what was found to this file too; benchmarks/activations_measured.py reads it")
      ->excludes(parameters);
  CLI11_PARSE(app, count, arguments);
  return ranvier::accuracy::run(options);
}
