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
    "scratch_offset, scratch_bytes, blocks (rows, block, parts; null where all rows are one); values, each with id, "
    "name, type, shape (a number, a name or null for each\n"
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
  std::optional<std::uint64_t> stop_after;
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

Command graph_command() {
  const auto options = std::make_shared<Options>();
  return {
      .name = "graph",
      .about = "Draw a model, and explain what was made of it",
      .help = help,
      .options = {{"MODEL", &options->model, "An ONNX file"},
                  {"--stage", &options->stage, "loaded, optimized (default) or planned",
                   one_of({"loaded", "optimized", "planned"})},
                  {"--format", &options->format, "text (default), dot, svg or json",
                   one_of({"text", "dot", "svg", "json"})},
                  {"--explain", &options->explain, "Tell what each node was made of, and what was left alone and why"},
                  {"-o", &options->output, "Where to write; - (default) is standard output"},
                  {"--stop-after", &options->stop_after, "Stop optimizing after so many rewrites",
                   number_from<std::uint64_t>(0)},
                  {"--strict-onnx", &options->strict_onnx, "No rewrite that changes results, not even at infinities"},
                  {"--batch", &options->batch, "Rows for one run (default 1)",
                   number_from<std::int64_t>(1, largest_batch)},
                  {"--shape", &options->shapes, "[NAME=]2x8: of an input"}},
      .job = [options] { return run(*options); }};
}

}  // namespace ranvier::tools
