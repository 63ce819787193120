// ranvier check: is a model valid, and is all of it supported?

#include <algorithm>

#include "runtime/executor/machine.h"
#include "runtime/loader/loader.h"
#include "runtime/planner/symbolic_shapes.h"
#include "tools/command.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Reads the model and follows types and shapes through every node. Everything that Ranvier does not support is\n"
    "listed at once, a line for each kind of operator with its nodes; exit code 3 where there is anything to list.\n"
    "Example:\n"
    "  ranvier check model.onnx";

std::string opsets_text(const loader::LoadedModel& model) {
  std::vector<std::string> texts;
  for (const auto& [domain, version] : model.opsets)
    texts.push_back(domain.empty() ? std::to_string(version) : fmt::format("{} {}", domain, version));
  return fmt::format("{}", fmt::join(texts, ", "));
}

bool any_size(const graph::Value& input) {
  return !input.shape ||
         std::any_of(input.shape->begin(), input.shape->end(), [](const auto& dim) { return !dim.known(); });
}

/// What is wrong with the nodes of a model whose operators are all supported: nothing, or the first error.
std::vector<std::string> problems_of_shapes(const graph::Graph& graph) {
  try {
    planner::symbolic_shapes(graph, {.threads = 1, .memory_limit = executor::available_memory()});
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal) throw;
    const bool open = std::any_of(graph.inputs.begin(), graph.inputs.end(),
                                  [&](graph::ValueId id) { return any_size(graph.values[id]); });
    const bool by_size = error.code() == ErrorCode::invalid_argument || error.code() == ErrorCode::out_of_memory;
    if (!by_size || !open) return {error.what()};
    note(fmt::format("with the sizes tried for unknown dimensions it does not run: {}", error.what()));
  }
  return {};
}

ExitCode run(const std::string& file) {
  const loader::LoadedModel model = load_file(file);
  const std::vector<std::string> problems =
      model.unsupported.empty() ? problems_of_shapes(model.graph) : model.unsupported;
  for (const std::string& problem : problems) write_output(problem + "\n");
  if (problems.empty())
    write_output(fmt::format("{}: good: opset {}, {} nodes, all supported\n", file, opsets_text(model),
                             model.graph.nodes.size()));
  else
    write_output(fmt::format("{}: {} problem{}\n", file, problems.size(), problems.size() == 1 ? "" : "s"));
  return problems.empty() ? good : bad_model;
}

}  // namespace

Command check_command() {
  const auto file = std::make_shared<std::string>();
  return {.name = "check",
          .about = "Check that a model is valid and supported",
          .help = help,
          .options = {{"MODEL", file.get(), "An ONNX file"}},
          .job = [file] { return run(*file); }};
}

}  // namespace ranvier::tools
