#include "tools/golden/golden.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "runtime/core/error.h"
#include "runtime/model/self_test.h"

namespace ranvier::golden {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

std::optional<Golden> golden(const fs::path& folder) {
  Golden result;
  result.folder = folder;
  if (!fs::is_regular_file(result.model())) return std::nullopt;
  result.sets = find_sets(folder);
  if (result.sets.empty()) return std::nullopt;
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

std::optional<std::string> mismatch(const Session& session, const Golden& model, const Tolerance& tolerance) {
  return model::mismatch(session, model.sets, tolerance);
}

}  // namespace ranvier::golden
