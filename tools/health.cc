// ranvier health: what a user's data does to a model's activations.

#include "ranvier/session.h"
#include "runtime/executor/machine.h"
#include "runtime/executor/model_parts.h"
#include "runtime/planner/symbolic_shapes.h"
#include "tools/batches.h"
#include "tools/command.h"
#include "tools/formats/output_file.h"
#include "tools/health/fail_on.h"
#include "tools/health/writers.h"
#include "tools/inputs.h"
#include "tools/progress.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Runs the data through the model and reports of each activation: mean, standard deviation and range, zeros,\n"
    "values in its flat part, units (by index on the last axis; on axis 1 after a convolution) that are never or\n"
    "always on, NaN and infinities, a histogram, softmax' entropy, and how the signal grows or fades from layer to\n"
    "layer. The data is read as by `ranvier run`, batch by batch.\n"
    "--fail-on takes conditions separated by commas, NAME>20%, NAME<0.5, >= and <=, or NAME alone, which holds where\n"
    "the number is bad, as the advice in the report has it:\n"
    "{}"
    "Advice on units needs at least {} values of each. When a condition holds the exit code is 1.\n"
    "Examples:\n"
    "  ranvier health digits.onnx -i digits.csv\n"
    "  ranvier health digits.onnx -i digits.npy --html health.html\n"
    "  ranvier health digits.onnx -i digits.npy --fail-on \"dead>20%,nan\"";

struct Options {
  std::string model;
  InputOptions inputs;
  std::int64_t batch_size = -1;
  int threads = 0;
  bool json = false;
  std::string html;
  std::optional<std::string> fail_on;
};

std::vector<health::Condition> conditions(const Options& options) {
  if (!options.fail_on) return {};
  try {
    return health::parse_conditions(*options.fail_on);
  } catch (const Error& error) {
    give_up(usage, "--fail-on: {}", error.what());
  }
}

/// The shapes of all values in terms of the sizes that the inputs leave open; none where only a run tells.
std::vector<planner::SymbolicValue> shapes_of(const graph::Graph& graph) {
  try {
    return planner::symbolic_shapes(graph, {.threads = 1, .memory_limit = executor::available_memory()});
  } catch (const Error&) {
    return std::vector<planner::SymbolicValue>(graph.values.size());
  }
}

health::Report empty_report(const Options& options, const Model& model) {
  const graph::Graph& graph = model.parts().graph;
  health::Report report = {.model = options.model, .data = fmt::format("{}", fmt::join(options.inputs.files, ", "))};
  if (options.inputs.random) report.data += report.data.empty() ? "random data" : " and random data";
  health::FoundActivations found;
  try {
    found = health::find_activations(graph);
  } catch (const Error& error) {
    throw error.within(options.model);
  }
  report.unseen = std::move(found.unseen);
  const std::vector<planner::SymbolicValue> shapes = shapes_of(graph);
  for (health::Activation& each : found.seen) {
    const graph::ValueId value = each.value;
    const auto& shape = shapes[value].shape ? shapes[value].shape : graph.values[value].shape;
    const health::Statistics statistics(each.focus);
    report.activations.push_back({std::move(each), shape, statistics});
  }
  return report;
}

/// The rows of a tensor that come from the user, where its first dimension has `all` rows, or as many for each.
Tensor without_filling(const Tensor& tensor, std::int64_t rows, std::int64_t all) {
  const Shape& shape = tensor.shape();
  if (rows == all || shape.empty() || shape[0] % all != 0) return tensor;
  return formats::rows_of(tensor, 0, shape[0] / all * rows);
}

health::Report examine(const Options& options) {
  const Model model = load_model(options.model);
  Readers readers = open_inputs(model.inputs(), options.inputs);
  const Batching how = batching(model, readers, options.batch_size);
  health::Report report = empty_report(options, model);
  std::vector<std::string> values;
  for (const health::Observation& each : report.activations)
    values.push_back(model.parts().graph.values[each.activation.value].name);
  const Session session(model.tapped(values), {.threads = options.threads});
  std::vector<std::size_t> places;
  for (const std::string& each : values) places.push_back(session.model().output_index(each));
  ProgressBar bar;
  std::vector<Tensor> outputs;
  BatchSteps steps;
  // An input stands for the outputs, whose first dimensions need not be the rows: take() sees how many of those are the
  // user's own.
  steps.run = [&](std::span<const Tensor> inputs) -> std::vector<Tensor> {
    try {
      outputs = session.run(inputs);
    } catch (const Error& error) {
      throw error.within(options.model);
    }
    const auto given = std::find_if(inputs.begin(), inputs.end(), [](const Tensor& each) { return each.defined(); });
    return given == inputs.end() ? std::vector<Tensor>{} : std::vector<Tensor>{*given};
  };
  steps.take = [&](const std::vector<Tensor>& given) {
    const std::int64_t rows = given.empty() || given[0].shape().empty() ? 1 : given[0].shape()[0];
    const std::int64_t all = how.kind == Batching::Kind::fixed ? how.rows : rows;
    for (std::size_t i = 0; i < places.size(); ++i)
      report.activations[i].statistics.add(without_filling(outputs[places[i]], rows, all));
    report.rows += rows;
  };
  steps.progress = [&](std::int64_t rows) { bar.show(rows, progress(readers)); };
  run_batches(model, readers, how, steps);
  return report;
}

ExitCode run(const Options& options) {
  const std::vector<health::Condition> wanted = conditions(options);
  if (options.json && options.html == "-") give_up(usage, "--json and --html - both write to standard output");
  const health::Report report = examine(options);
  if (!options.html.empty()) {
    formats::OutputFile file(options.html);
    file.write(health::html_of(report));
    file.commit();
  }
  if (options.html != "-") write_output(options.json ? health::json_of(report) : health::text_of(report));
  const std::vector<std::string> failures = health::failures(report, wanted);
  for (const std::string& each : failures) note(each);
  return failures.empty() ? good : check_failed;
}

}  // namespace

Command health_command() {
  const auto options = std::make_shared<Options>();
  Command command = {.name = "health",
                     .about = "Look into a model while it runs on data",
                     .help = fmt::format(help, health::measures_help(), health::enough_values),
                     .options = input_options(options->inputs),
                     .job = [options] { return run(*options); }};
  command.options.insert(command.options.end(),
                         {{"MODEL", &options->model, "An ONNX file"},
                          {"--batch-size", &options->batch_size, "Rows for one run; 0: all (default: at most 1024)",
                           number_from<std::int64_t>(0)},
                          {"--threads", &options->threads, "0 (default): as many as the machine allows",
                           number_from(0, SessionOptions::most_threads)},
                          {"--json", &options->json, "Write JSON"},
                          {"--html", &options->html, "Also write a page with pictures to this file; - writes it alone"},
                          {"--fail-on", &options->fail_on, "Conditions, \"dead>20%,nan\" for instance; see below"}});
  return command;
}

}  // namespace ranvier::tools
