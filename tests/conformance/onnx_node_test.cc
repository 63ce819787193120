// Runs ONNX' own node tests as the manifest lists them.
// usage: onnx_node_test MANIFEST DATA [--update | --only NAME]
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>

#include "operators/table.h"
#include "ranvier/ranvier.h"
#include "runtime/loader/loader.h"
#include "tests/conformance/manifest.h"
#include "tools/golden/golden.h"

namespace ranvier::conformance {
namespace {

namespace fs = std::filesystem;

constexpr int skipped = 77;  // what ctest reports as a test that was not run

/// The operators of a graph and its subgraphs that the table does not have.
void collect_missing(const graph::Graph& graph, std::set<std::string>& missing) {
  for (const graph::Node& node : graph.nodes) {
    if (operators::find_operator(node.domain, node.op_type, node.version) == nullptr)
      missing.insert(node.domain.empty() ? node.op_type : node.domain + "." + node.op_type);
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* body = std::get_if<graph::Subgraph>(&attribute)) collect_missing(*body->graph, missing);
  }
}

/// Why a model is unsupported: its missing operators where there are any, else what the error says after the file.
std::string reason(const golden::Golden& model, const Error& error) {
  std::set<std::string> missing;
  try {
    collect_missing(loader::load_file(model.model()).graph, missing);
  } catch (const Error&) {  // the loader refuses it: `error` says why
  }
  if (missing.size() == 1) return fmt::format("operator {} is not implemented", *missing.begin());
  if (!missing.empty()) return fmt::format("operators {} are not implemented", fmt::join(missing, ", "));
  std::string text = error.what();
  if (const std::string file = model.model().string() + ": "; text.starts_with(file)) text.erase(0, file.size());
  for (std::size_t end; (end = text.find('\n')) != text.npos;) text.replace(end, 1, "; ");
  return "unsupported: " + text;
}

Outcome run(const golden::Golden& model) {
  struct Way {
    std::string_view name;
    bool optimize;
    bool reference;
  };
  for (const Way& way :
       {Way{"optimized", true, false}, Way{"unoptimized", false, false}, Way{"reference", false, true}}) {
    try {
      const Session session(Model::load(model.model(), {.optimize = way.optimize}), {.reference = way.reference});
      if (const auto how = golden::mismatch(session, model, model.tolerance))
        return {Outcome::wrong, fmt::format("{}: {}", way.name, *how)};
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unsupported) return {Outcome::unsupported, reason(model, error)};
      return {Outcome::wrong, fmt::format("{}: {}: {}", way.name, name(error.code()), error.what())};
    }
  }
  return {};
}

Manifest read(const fs::path& file) {
  std::ifstream stream(file);
  return parse(std::string(std::istreambuf_iterator<char>(stream), {}));
}

int report(const Manifest& manifest, const Outcomes& outcomes) {
  const std::vector<std::string> wrong = violations(manifest, outcomes);
  for (const std::string& line : wrong) fmt::print("FAIL {}\n", line);

  std::map<std::string, int> reasons;
  for (const auto& [name, why] : manifest)
    if (why) ++reasons[*why];
  int skips = 0;
  for (const auto& [why, count] : reasons) {
    fmt::print("{:4} {}\n", count, why);
    skips += count;
  }
  const auto passes = std::count_if(outcomes.begin(), outcomes.end(),
                                    [](const auto& entry) { return entry.second.kind == Outcome::right; });
  fmt::print("{} pass / {} listed / {} skipped; {} violations\n", passes, manifest.size(), skips, wrong.size());
  return wrong.empty() ? 0 : 1;
}

int main(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) {
    fmt::print(stderr, "usage: onnx_node_test MANIFEST DATA [--update | --only NAME]\n");
    return 2;
  }
  const fs::path manifest_file = arguments[0];
  const fs::path data = arguments[1];
  if (!fs::is_directory(data)) {
    fmt::print(
        "Skipped: RANVIER_ONNX_NODE_TESTS is not the folder of the node tests of onnx 1.22.0 but '{}'. "
        "tools/test.sh installs them.\n",
        data.string());
    return skipped;
  }
  if (arguments.size() == 4 && arguments[2] == "--only") {
    const auto model = golden::golden(data / arguments[3]);
    const Outcome outcome = model ? run(*model) : Outcome{Outcome::wrong, "there is no such case"};
    fmt::print("{}\n", outcome.kind == Outcome::right ? "pass" : outcome.why);
    return outcome.kind == Outcome::right ? 0 : 1;
  }
  Outcomes outcomes;
  for (const golden::Golden& model : golden::find(data)) outcomes[model.folder.filename().string()] = run(model);
  Manifest manifest = read(manifest_file);
  if (arguments.size() == 3 && arguments[2] == "--update") {
    manifest = updated(manifest, outcomes);
    std::ofstream(manifest_file) << to_text(manifest);
  }
  return report(manifest, outcomes);
}

}  // namespace
}  // namespace ranvier::conformance

int main(int count, char** arguments) {
  try {
    return ranvier::conformance::main({arguments + 1, arguments + count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
