// ranvier bench: how long a model takes.

#include <sys/resource.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "ranvier/session.h"
#include "runtime/executor/machine.h"
#include "tools/command.h"
#include "tools/inputs.h"
#include "tools/timing.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Times runs on made-up inputs, uniform in [-3, 3], with all buffers bound beforehand (Binding::run). Where the "
    "model\n"
    "leaves sizes open, the first dimension is --batch and others are 1, unless --shape gives them. Runs of less than "
    "20\n"
    "microseconds are timed in groups that take longer: least, median and 99th percentile are then those of the "
    "groups'\n"
    "means. A tenth of the time is spent before that, unmeasured. In the JSON load_ms is reading and optimizing the\n"
    "model, first_us planning and the first run, peak_rss_kb the most memory of the process up to there.\n"
    "Examples:\n"
    "  ranvier bench model.onnx\n"
    "  ranvier bench model.onnx --batch 64 --threads 1 --json\n"
    "  ranvier bench two_inputs.onnx --shape tokens=1x128 --shape mask=1x128";

using Clock = std::chrono::steady_clock;

struct Options {
  std::string model;
  std::optional<std::int64_t> batch;
  std::vector<std::string> shapes;
  int threads = 0;
  double seconds = 1;
  bool json = false;
  bool unoptimized = false;
  bool reference = false;
};

struct Report {
  std::vector<std::pair<std::string, Shape>> inputs;
  std::int64_t rows = 1;
  int threads = 1;
  double load_ms = 0;
  double first_us = 0;
  long peak_rss_kb = 0;
  Timing timing;
};

double microseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

long peak_rss_kb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// Measures the first run and those that follow.
void time_runs(const Session& session, std::span<const Tensor> inputs, const Options& options, Report& report) {
  const Clock::time_point begin = Clock::now();
  std::vector<Tensor> outputs = session.run(inputs);
  report.first_us = microseconds_since(begin);
  report.peak_rss_kb = peak_rss_kb();
  if (options.reference) {
    const auto repeat = [&](std::int64_t times) {
      for (std::int64_t i = 0; i < times; ++i) session.run(inputs);
    };
    report.timing = measure(repeat, options.seconds);
    return;
  }
  Binding binding = session.bind(inputs, outputs);
  const auto repeat = [&](std::int64_t times) {
    for (std::int64_t i = 0; i < times; ++i)
      if (!binding.run()) throw *binding.error();
  };
  report.timing = measure(repeat, options.seconds);
}

Report bench(const Options& options) {
  Report report;
  report.threads = options.threads == 0 ? executor::available_threads() : options.threads;
  const Clock::time_point begin = Clock::now();
  const Model model = load_model(options.model, {.optimize = !options.unoptimized});
  report.load_ms = microseconds_since(begin) / 1000;
  const std::vector<Tensor> inputs = random_inputs(model.inputs(), options.shapes, options.batch);
  report.inputs = named_shapes(model.inputs(), inputs);
  if (options.batch) {
    report.rows = *options.batch;
  } else if (!report.inputs.empty() && !report.inputs[0].second.empty()) {
    report.rows = report.inputs[0].second[0];
  }
  const Session session(model, {.threads = report.threads, .reference = options.reference});
  try {
    time_runs(session, inputs, options, report);
  } catch (const Error& error) {
    throw error.within(options.model);
  }
  return report;
}

void print(const Options& options, const Report& report) {
  const Timing& timing = report.timing;
  std::vector<std::string> inputs;
  for (const auto& [name, shape] : report.inputs) inputs.push_back(fmt::format("{} {}", name, to_string(shape)));
  const auto line = [](std::string_view label, const std::string& text) { fmt::print("{:<13}{}\n", label, text); };
  line("model", options.model);
  line("inputs", fmt::format("{}", fmt::join(inputs, ", ")));
  line("threads", std::to_string(report.threads));
  line("load", duration_text(1000 * report.load_ms));
  line("first run", duration_text(report.first_us) + ", planning included");
  line("peak memory", fmt::format("{:.1f} MB", static_cast<double>(report.peak_rss_kb) / 1024));
  line("runs", timing.group == 1 ? std::to_string(timing.calls)
                                 : fmt::format("{}, timed in groups of {}", timing.calls, timing.group));
  line("least", duration_text(timing.least));
  line("median", duration_text(timing.median));
  line("99 % within", duration_text(timing.p99));
  const auto rows = static_cast<double>(report.rows);
  line("one row", fmt::format("{}, {:.0f} a second", duration_text(timing.median / rows), 1e6 * rows / timing.median));
}

void print_json(const Options& options, const Report& report) {
  nlohmann::ordered_json shapes = nlohmann::ordered_json::object();
  for (const auto& [name, shape] : report.inputs) shapes[name] = std::vector<std::int64_t>(shape.begin(), shape.end());
  const Timing& timing = report.timing;
  const nlohmann::ordered_json json = {{"model", options.model},      {"shapes", shapes},
                                       {"rows", report.rows},         {"threads", report.threads},
                                       {"runs", timing.calls},        {"group", timing.group},
                                       {"min_us", timing.least},      {"p50_us", timing.median},
                                       {"p99_us", timing.p99},        {"load_ms", report.load_ms},
                                       {"first_us", report.first_us}, {"peak_rss_kb", report.peak_rss_kb}};
  fmt::print("{}\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

Command bench_command() {
  const auto options = std::make_shared<Options>();
  return {.name = "bench",
          .about = "Measure how long a model takes",
          .help = help,
          .options = {{"MODEL", &options->model, "An ONNX file"},
                      {"--batch", &options->batch, "Rows for one run (default 1)",
                       number_from<std::int64_t>(1, largest_batch)},
                      {"--shape", &options->shapes, "[NAME=]2x8: of an input"},
                      {"--threads", &options->threads, "0 (default): as many as the machine allows",
                       number_from(0, SessionOptions::most_threads)},
                      {"--seconds", &options->seconds, "How long to measure (default 1)", number_from(1e-3, 1e5)},
                      {"--json", &options->json, "Write JSON, on one line"},
                      {"--unoptimized", &options->unoptimized, "Leave the graph as the file has it"},
                      {"--reference", &options->reference, "Compute node by node with the references (Session::run)"}},
          .job = [options] {
            const Report report = bench(*options);
            options->json ? print_json(*options, report) : print(*options, report);
            return good;
          }};
}

}  // namespace ranvier::tools
