#include "tools/golden/golden.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "runtime/core/error.h"
#include "runtime/loader/tensor_file.h"

namespace ranvier::golden {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view set_prefix = "test_data_set_";

/// input_0.pb, input_1.pb, ... up to the first that is not there.
std::vector<Tensor> load_all(const fs::path& set, std::string_view kind) {
  std::vector<Tensor> tensors;
  for (;;) {
    const fs::path file = set / fmt::format("{}_{}.pb", kind, tensors.size());
    if (!fs::exists(file)) return tensors;
    tensors.push_back(loader::load_tensor(file));
  }
}

void read_expectation(const fs::path& file, Golden& result) {
  if (!fs::exists(file)) return;
  std::ifstream stream(file);
  try {
    const auto json = nlohmann::json::parse(stream);
    result.tolerance.rtol = json.value("rtol", result.tolerance.rtol);
    result.tolerance.atol = json.value("atol", result.tolerance.atol);
    result.group = json.value("group", "");
  } catch (const nlohmann::json::exception& error) {
    const std::string_view why = error.what();  // "[json.exception.type_error.302] type must be number, ..."
    fail(ErrorCode::invalid_argument, "{}: {}", file.string(), why.substr(why.find("] ") + 2));
  }
}

/// By number: test_data_set_10 comes after test_data_set_2.
bool before(const fs::path& a, const fs::path& b) {
  const std::string x = a.filename().string();
  const std::string y = b.filename().string();
  return x.size() != y.size() ? x.size() < y.size() : x < y;
}

}  // namespace

std::optional<Golden> golden(const fs::path& folder) {
  Golden result;
  result.folder = folder;
  if (!fs::is_regular_file(result.model())) return std::nullopt;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && entry.path().filename().string().starts_with(set_prefix))
      result.sets.push_back(entry.path());
  if (result.sets.empty()) return std::nullopt;
  std::sort(result.sets.begin(), result.sets.end(), before);
  read_expectation(folder / "expect.json", result);
  return result;
}

std::vector<Golden> find(const fs::path& root) {
  if (!fs::is_directory(root)) fail(ErrorCode::io, "{}: there is no such folder", root.string());
  std::vector<fs::path> folders{root};
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.is_directory()) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  std::vector<Golden> all;
  for (const fs::path& folder : folders)
    if (auto found = golden(folder)) all.push_back(std::move(*found));
  return all;
}

TestSet load(const fs::path& set) { return {load_all(set, "input"), load_all(set, "output")}; }

std::optional<std::string> mismatch(const Session& session, const Golden& model, const Tolerance& tolerance) {
  for (const fs::path& set : model.sets) {
    const TestSet wanted = load(set);
    const std::vector<Tensor> got = session.run(wanted.inputs);
    if (got.size() != wanted.outputs.size())
      return fmt::format("{}: {} outputs instead of {}", set.filename().string(), got.size(), wanted.outputs.size());
    for (std::size_t i = 0; i < got.size(); ++i)
      if (const auto how = difference(got[i], wanted.outputs[i], tolerance))
        return fmt::format("{}, output {}: {}", set.filename().string(), session.model().outputs()[i].name, *how);
  }
  return std::nullopt;
}

}  // namespace ranvier::golden
