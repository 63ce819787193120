// ranvier profile: where a model's time goes.

#include "ranvier/session.h"
#include "runtime/executor/machine.h"
#include "tools/command.h"
#include "tools/formats/output_file.h"
#include "tools/inputs.h"
#include "tools/profile/writers.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Runs the plan step by step on made-up inputs, as `ranvier bench` makes them, with a clock between the steps, and\n"
    "by turns without: what looking costs is shown. Of each step:\n"
    "  Time           the median, without what reading the clock takes; of short runs that of the means of groups\n"
    "  GFLOP/s        multiplications and additions, counted as by `ranvier summary`: two for each number that enters "
    "a\n"
    "                 sum of products, else one for each element\n"
    "  GB/s           all operands, each read or written once, wherever they lie\n"
    "  Nearest limit  how near the step comes to the peak of arithmetic (compute) or of reading (memory), whichever "
    "it\n"
    "                 is nearer to; what it cannot be faster than. Far from both, its time goes elsewhere: into "
    "calls,\n"
    "                 divisions, functions like exp, moving elements one by one\n"
    "The peaks are measured in the same run, of all threads at once: a loop of multiply-adds, and a loop that reads "
    "as\n"
    "much memory as a run works on, from the cache that holds it. A step that runs on one thread has them all against\n"
    "it; --threads 1 compares with one.\n"
    "--trace writes the last of the timed runs, at most {}, for https://ui.perfetto.dev or chrome://tracing.\n"
    "json is one object: model, shapes, threads; peak (instruction_set, gflops, gb_per_s, bytes: of that much "
    "memory);\n"
    "runs, group, clock_us (a reading); timed and untimed, of a whole run (min_us, p50_us, p99_us); steps, in their "
    "order,\n"
    "each with name, operator, implementation, inputs and outputs (type, shape), flops, bytes, calls, min_us, p50_us,\n"
    "p99_us, share (of the sum of p50_us), gflops, gb_per_s, share_of_peak_flops, share_of_peak_bandwidth, limit\n"
    "(compute or memory). Members may be added, and keep their meaning.\n"
    "Examples:\n"
    "  ranvier profile model.onnx\n"
    "  ranvier profile model.onnx --batch 64 --threads 1 --trace trace.json\n"
    "  ranvier profile two_inputs.onnx --shape tokens=1x128 --shape mask=1x128 --json";

struct Options {
  std::string model;
  std::optional<std::int64_t> batch;
  std::vector<std::string> shapes;
  int threads = 0;
  double seconds = 1;
  std::string trace;
  bool json = false;
};

profile::Report measured(const Options& options) {
  const Model model = load_model(options.model);
  const std::vector<Tensor> inputs = random_inputs(model.inputs(), options.shapes, options.batch);
  profile::Report report{.model = options.model,
                         .inputs = named_shapes(model.inputs(), inputs),
                         .threads = options.threads == 0 ? executor::available_threads() : options.threads,
                         .peak = {},
                         .work = {},
                         .recording = {}};
  const Session session(model, {.threads = report.threads});
  try {
    std::vector<Tensor> outputs = session.run(inputs);
    Binding binding = session.bind(inputs, outputs);
    report.work = profile::work_of(binding);
    report.peak = profile::measure_peak(report.threads, report.work.footprint);
    report.recording = profile::record(binding, options.seconds);
  } catch (const Error& error) {
    throw error.within(options.model);
  }
  return report;
}

ExitCode run(const Options& options) {
  if (options.json && options.trace == "-") give_up(usage, "--json and --trace - both write to standard output");
  const profile::Report report = measured(options);
  if (!options.trace.empty()) {
    formats::OutputFile file(options.trace);
    file.write(profile::trace_of(report));
    file.commit();
  }
  if (options.trace != "-") write_output(options.json ? profile::json_of(report) : profile::text_of(report));
  return good;
}

}  // namespace

Command profile_command() {
  const auto options = std::make_shared<Options>();
  return {.name = "profile",
          .about = "Show where a model's time goes, step by step",
          .help = fmt::format(help, profile::most_runs_kept),
          .options = {{"MODEL", &options->model, "An ONNX file"},
                      {"--batch", &options->batch, "Rows for one run (default 1)",
                       number_from<std::int64_t>(1, largest_batch)},
                      {"--shape", &options->shapes, "[NAME=]2x8: of an input"},
                      {"--threads", &options->threads, "0 (default): as many as the machine allows",
                       number_from(0, SessionOptions::most_threads)},
                      {"--seconds", &options->seconds, "How long to measure (default 1)", number_from(1e-3, 1e5)},
                      {"--trace", &options->trace, "Also write a trace to this file; - writes it alone"},
                      {"--json", &options->json, "Write JSON"}},
          .job = [options] { return run(*options); }};
}

}  // namespace ranvier::tools
