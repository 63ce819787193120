// ranvier optimize: what the optimizer makes of a model, for every runtime.

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "runtime/optimizer/optimizer.h"
#include "runtime/writer/writer.h"
#include "tools/command.h"
#include "tools/formats/output_file.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Writes the optimized model as ONNX that every runtime reads: activations that the exporter took apart are one\n"
    "operator again, constants are computed, and operators that ONNX does not have (Erfc and Expm1, as Keras exports\n"
    "gelu and celu) are spelled out. Inputs and outputs stay as they are, and so does the opset: what it has no\n"
    "operator for becomes a function that the file brings along. Operators that Ranvier cannot run stay as they are.\n"
    "Weights of more than 2 GB in all, or with --external-data, lie in a file beside the model: FILE.data.\n"
    "Examples:\n"
    "  ranvier optimize model.onnx -o optimized.onnx\n"
    "  ranvier optimize model.onnx -o - --strict-onnx | ...";

struct Options {
  std::string model;
  std::string output;
  bool strict_onnx = false;
  std::optional<std::uint64_t> stop_after;
  bool external_data = false;
};

/// The name of the file for weights beside the model.
std::string external_name(const Options& options) {
  return options.output == "-" ? "" : std::filesystem::path(options.output).filename().string() + ".data";
}

template <class Write>
void write_file(const std::string& path, const Write& write) {
  formats::OutputFile file(path);
  write([&](std::string_view bytes) { file.write(bytes); });
  file.commit();
}

void write(const writer::Document& document, const Options& options) {
  if (document.has_external())
    write_file(options.output + ".data", [&](const writer::Sink& sink) { document.write_external(sink); });
  write_file(options.output, [&](const writer::Sink& sink) { document.write(sink); });
}

std::string plural(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

ExitCode run(const Options& options) {
  if (options.output.empty()) give_up(usage, "-o is required (ranvier optimize --help explains)");
  if (options.external_data && options.output == "-")
    give_up(usage, "--external-data: standard output has no file beside it");
  const loader::LoadedModel file = load_file(options.model);
  optimizer::Options how{.strict_onnx = options.strict_onnx};
  if (options.stop_after) how.stop_after = *options.stop_after;
  writer::Options as{.producer_version = RANVIER_VERSION, .external_file = external_name(options)};
  if (options.external_data) as.most_bytes_inside = 0;
  std::size_t rewrites = 0;
  const auto document = [&] {
    try {
      const optimizer::Result result = optimizer::optimize(file.graph, how);
      rewrites = result.rewrites.size();
      return writer::Document(file, result.graph, as);
    } catch (const Error& error) {
      throw error.within(options.model);
    }
  }();
  write(document, options);
  std::string line =
      fmt::format("{}: {} -> {}, {}", options.output == "-" ? "standard output" : options.output,
                  plural(file.graph.nodes.size(), "node"), document.nodes(), plural(rewrites, "rewrite"));
  if (const auto functions = document.functions(); !functions.empty())
    line += fmt::format(", {} ({})", plural(functions.size(), "function"), fmt::join(functions, ", "));
  if (const auto own = file.opsets.find(""); own != file.opsets.end() && own->second != document.opset())
    line += fmt::format(", opset {} -> {}", own->second, document.opset());
  note(line);
  return good;
}

}  // namespace

Command optimize_command() {
  const auto options = std::make_shared<Options>();
  return {
      .name = "optimize",
      .about = "Write the optimized model as standard ONNX",
      .help = help,
      .options = {{"MODEL", &options->model, "An ONNX file"},
                  {"-o", &options->output, "Where to write; - is standard output"},
                  {"--stop-after", &options->stop_after, "Stop optimizing after so many rewrites",
                   number_from<std::uint64_t>(0)},
                  {"--strict-onnx", &options->strict_onnx, "No rewrite that changes results, not even at infinities"},
                  {"--external-data", &options->external_data, "Write weights to a file beside the model"}},
      .job = [options] { return run(*options); }};
}

}  // namespace ranvier::tools
