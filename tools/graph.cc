// ranvier graph: the model at one stage of its way, as text, a picture or data.

#include <memory>
#include <optional>

#include "runtime/executor/machine.h"
#include "tools/command.h"
#include "tools/formats/output_file.h"
#include "tools/graph/layout.h"
#include "tools/graph/writers.h"
#include "tools/inputs.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Stages: loaded is the model as its file has it, supported or not; optimized what the optimizer makes of it;\n"
    "planned what runs for inputs of known sizes: where the model leaves sizes open, the first dimension is --batch\n"
    "and others are 1, unless --shape gives them.\n"
    "--explain names, below each node, the nodes of the file that it is made of and the passes that did it; at\n"
    "stage planned the implementation, why those before it in the list refused, and where its outputs lie in\n"
    "memory; at the end what the optimizer left alone although it almost fits, and why. A node without a name is\n"
    "called by its operator and first output.\n"
    "svg is laid out by Graphviz' program `dot`, which has to be installed.\n"
    "json is one object: model, stage; nodes, each with id, name, operator, version, attributes, inputs and outputs\n"
    "(ids of values, null for absent ones), parameters, made_of and folded (names of nodes of the file), passes,\n"
    "and at stage planned implementation (null where it takes no step) and refused (implementation, reason),\n"
    "scratch_offset, scratch_bytes; values, each with id, name, type, shape (a number, a name or null for each\n"
    "dimension), constant, and at stage planned place (kind, offset, bytes); inputs and outputs (ids of values);\n"
    "rewrites (pass, reason, nodes); refusals (lines of text); at stage planned also threads, arena_bytes,\n"
    "planned_away (names of nodes that are computed while planning) and copies (output, from). Members may be\n"
    "added, and keep their meaning.\n"
    "Examples:\n"
    "  ranvier graph model.onnx --explain\n"
    "  ranvier graph model.onnx --format svg -o model.svg\n"
    "  ranvier graph model.onnx --stage planned --batch 64 --explain";

struct Options {
  std::string model;
  std::string stage = "optimized";
  std::string format = "text";
  std::string output = "-";
  bool explain = false;
  bool strict_onnx = false;
  std::optional<std::size_t> stop_after;
  std::optional<std::int64_t> batch;
  std::vector<std::string> shapes;
};

/// @throws Failure usage for an option that the stage does not look at.
void check(const Options& options) {
  const bool planned = options.stage == "planned";
  if (options.batch && !planned) give_up(usage, "--batch goes with --stage planned only");
  if (!options.shapes.empty() && !planned) give_up(usage, "--shape goes with --stage planned only");
  if (options.stage != "loaded") return;
  if (options.stop_after) give_up(usage, "--stop-after does not go with --stage loaded: nothing is optimized");
  if (options.strict_onnx) give_up(usage, "--strict-onnx does not go with --stage loaded: nothing is optimized");
}

view::View view_of(const Options& options) {
  if (options.stage == "loaded") return view::loaded(options.model, load_file(options.model));
  ModelOptions how{.strict_onnx = options.strict_onnx};
  if (options.stop_after) how.stop_after = *options.stop_after;
  const Model model = load_model(options.model, how);
  if (options.stage == "optimized") return view::optimized(options.model, model);
  const auto shapes = input_shapes(model.inputs(), options.shapes, options.batch.value_or(1));
  try {
    return view::planned(options.model, model, shapes, executor::available_threads());
  } catch (const Error& error) {
    throw error.within(options.model);
  }
}

std::string written(const view::View& view, const Options& options) {
  if (options.format == "text") return view::to_text(view, options.explain);
  if (options.format == "json") return view::to_json(view);
  const std::string drawing = view::to_dot(view, options.explain);
  return options.format == "dot" ? drawing : view::laid_out(drawing, "svg");
}

ExitCode run(const Options& options) {
  check(options);
  const std::string text = written(view_of(options), options);
  if (options.output == "-") {
    write_output(text);
    return good;
  }
  formats::OutputFile file(options.output);
  file.write(text);
  file.commit();
  return good;
}

}  // namespace

void add_graph(CLI::App& app, Job& job) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("graph", "Draw a model, and explain what was made of it");
  command->footer(help);
  command->add_option("MODEL", options->model, "An ONNX file")->required();
  command->add_option("--stage", options->stage, "loaded, optimized (default) or planned")
      ->check(CLI::IsMember({"loaded", "optimized", "planned"}));
  command->add_option("--format", options->format, "text (default), dot, svg or json")
      ->check(CLI::IsMember({"text", "dot", "svg", "json"}));
  command->add_flag("--explain", options->explain, "Tell what each node was made of, and what was left alone and why");
  command->add_option("-o", options->output, "Where to write; - (default) is standard output");
  command->add_option("--stop-after", options->stop_after, "Stop optimizing after so many rewrites")
      ->check(number_from<std::size_t>(0));
  command->add_flag("--strict-onnx", options->strict_onnx, "No rewrite that changes results, not even at infinities");
  command->add_option("--batch", options->batch, "Rows for one run (default 1)")->check(CLI::Range(1, 1'000'000'000));
  command->add_option("--shape", options->shapes, "[NAME=]2x8: of an input")->allow_extra_args(false);
  command->callback([options, &job] { job = [options] { return run(*options); }; });
}

}  // namespace ranvier::tools
