// ranvier verify: models against the outputs that are known to be right.

#include <nlohmann/json.hpp>

#include "ranvier/session.h"
#include "runtime/core/shape.h"
#include "tools/command.h"
#include "tools/golden/golden.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Finds every folder in and below DIR that holds model.onnx and test_data_set_N/input_I.pb, output_I.pb, runs the\n"
    "model and compares: |got - want| <= atol + rtol * |want|, NaN equals NaN. The tolerances are those of an\n"
    "expect.json in the folder, else rtol 1e-3 and atol 1e-7 as in ONNX' own runner.\n"
    "Exit codes: 1 where an output is wrong or a test cannot be run; 3 where some models are only unsupported.\n"
    "Examples:\n"
    "  ranvier verify models\n"
    "  ranvier verify models/digits_mlp --reference --rtol 1e-5 --atol 1e-6";

struct Options {
  std::vector<std::string> folders;
  bool reference = false;
  bool unoptimized = false;
  std::optional<double> rtol;
  std::optional<double> atol;
  bool json = false;
};

/// What became of one folder.
struct Verdict {
  enum class Kind { pass, fail, unsupported };
  Kind kind = Kind::pass;
  std::string folder;
  std::size_t sets = 0;
  double largest = 0;  ///< The largest difference of all outputs, where they could be compared.
  std::string where;   ///< "test_data_set_0, output 'y' at [1, 2]"; empty where nothing differs.
  std::string why;     ///< Of a failure.
};

constexpr std::array<std::string_view, 3> verdicts = {"PASS", "FAIL", "UNSUPPORTED"};

std::string_view word(const Verdict& verdict) { return verdicts[static_cast<std::size_t>(verdict.kind)]; }

/// Runs one test set and enters what is found.
void verify_set(const Session& session, const std::filesystem::path& set, const golden::Tolerance& tolerance,
                Verdict& verdict) {
  const golden::TestSet test = golden::load(set);
  const std::string name = set.filename().string();
  const std::vector<Tensor> got = [&] {
    try {
      return session.run(test.inputs);
    } catch (const Error& error) {
      throw error.within(name);
    }
  }();
  if (got.size() != test.outputs.size()) {
    verdict.kind = Verdict::Kind::fail;
    verdict.why = fmt::format("{}: {} outputs instead of {}", name, got.size(), test.outputs.size());
    return;
  }
  for (std::size_t i = 0; i < got.size(); ++i) {
    const std::string output = fmt::format("{}, output '{}'", name, session.model().outputs()[i].name);
    const golden::Distance distance = golden::largest_distance(got[i], test.outputs[i]);
    if (distance.size > verdict.largest) {
      verdict.largest = distance.size;
      verdict.where = fmt::format("{} at {}", output, to_string(place(got[i].shape(), distance.element)));
    }
    const auto how = golden::difference(got[i], test.outputs[i], tolerance);
    if (!how || verdict.kind == Verdict::Kind::fail) continue;
    verdict.kind = Verdict::Kind::fail;
    verdict.why = fmt::format("{}: {}", output, *how);
  }
}

std::string on_one_line(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) text.replace(at, 1, "; ");
  return text;
}

Verdict verify(const golden::Golden& model, const Options& options) {
  Verdict verdict;
  verdict.folder = model.folder.string();
  verdict.sets = model.sets.size();
  golden::Tolerance tolerance = model.tolerance;
  tolerance.rtol = options.rtol.value_or(tolerance.rtol);
  tolerance.atol = options.atol.value_or(tolerance.atol);
  try {
    const Session session(Model::load(model.model(), {.optimize = !options.unoptimized}),
                          {.reference = options.reference});
    for (const auto& set : model.sets) verify_set(session, set, tolerance, verdict);
  } catch (const Error& error) {
    verdict.kind = error.code() == ErrorCode::unsupported ? Verdict::Kind::unsupported : Verdict::Kind::fail;
    verdict.why = on_one_line(error.what());
    if (const std::string file = model.model().string() + ": "; verdict.why.starts_with(file))
      verdict.why.erase(0, file.size());
  }
  return verdict;
}

void print(const Verdict& verdict) {
  std::string line = fmt::format("{:<11}  {}", word(verdict), verdict.folder);
  if (verdict.kind == Verdict::Kind::pass) line += fmt::format("  {} sets", verdict.sets);
  if (!verdict.why.empty()) line += "  " + verdict.why;
  if (!verdict.where.empty())
    line += fmt::format("  (largest difference {:.3g}{})", verdict.largest,
                        verdict.kind == Verdict::Kind::pass ? ", " + verdict.where : "");
  write_output(line + "\n");
  flush_output();
}

nlohmann::ordered_json to_json(const Verdict& verdict) {
  nlohmann::ordered_json json = {{"folder", verdict.folder}, {"verdict", word(verdict)}, {"sets", verdict.sets}};
  if (std::isfinite(verdict.largest)) json["largest_difference"] = verdict.largest;
  if (!verdict.where.empty()) json["where"] = verdict.where;
  if (!verdict.why.empty()) json["why"] = verdict.why;
  return json;
}

std::vector<golden::Golden> find_models(const std::vector<std::string>& folders) {
  std::vector<golden::Golden> models;
  for (const std::string& folder : folders) {
    auto found = golden::find(folder);
    if (found.empty())
      give_up(bad_input, "{}: expected a folder with model.onnx and test_data_set_0 in or below it, found none",
              folder);
    std::move(found.begin(), found.end(), std::back_inserter(models));
  }
  return models;
}

ExitCode run(const Options& options) {
  std::array<std::size_t, 3> counts = {};
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (const golden::Golden& model : find_models(options.folders)) {
    const Verdict verdict = verify(model, options);
    ++counts[static_cast<std::size_t>(verdict.kind)];
    if (options.json) {
      results.push_back(to_json(verdict));
    } else {
      print(verdict);
    }
  }
  const auto [passed, failed, unsupported] = counts;
  if (options.json) {
    const nlohmann::ordered_json all = {
        {"passed", passed}, {"failed", failed}, {"unsupported", unsupported}, {"models", results}};
    write_output(all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  } else {
    write_output(fmt::format("{} passed, {} failed, {} unsupported\n", passed, failed, unsupported));
  }
  return failed > 0 ? check_failed : unsupported > 0 ? bad_model : good;
}

}  // namespace

Command verify_command() {
  const auto options = std::make_shared<Options>();
  return {.name = "verify",
          .about = "Compare models with outputs that are known to be right",
          .help = help,
          .options = {{"DIR", &options->folders, "Folders to search"},
                      {"--reference", &options->reference, "Compute node by node with the reference implementations"},
                      {"--unoptimized", &options->unoptimized, "Leave the graph as the file has it"},
                      {"--rtol", &options->rtol, "Relative tolerance, instead of the folder's", number_from(0.0)},
                      {"--atol", &options->atol, "Absolute tolerance, instead of the folder's", number_from(0.0)},
                      {"--json", &options->json, "Write JSON"}},
          .job = [options] { return run(*options); }};
}

}  // namespace ranvier::tools
