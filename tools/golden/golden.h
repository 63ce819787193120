// Models with inputs and the outputs that are right: folders that hold model.onnx and test_data_set_N/, as ONNX'
// backend tests do.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ranvier/session.h"
#include "runtime/golden/compare.h"
#include "runtime/golden/test_set.h"

namespace ranvier::golden {

/// One folder. A missing expect.json leaves the default tolerance.
struct Golden {
  std::filesystem::path folder;
  std::vector<std::filesystem::path> sets = {};  ///< test_data_set_0, 1, ...
  Tolerance tolerance = {};
  std::string group = {};  ///< Of expect.json; empty where there is none.

  std::filesystem::path model() const { return folder / "model.onnx"; }
};

/// The folder, where it holds model.onnx and at least one test set. @throws Error io, invalid_argument for an
/// expect.json that is none.
std::optional<Golden> golden(const std::filesystem::path& folder);

/// Every such folder in and under `root`, sorted by path. @throws Error io where `root` is no folder.
std::vector<Golden> find(const std::filesystem::path& root);

/// Runs the session on every test set: nothing where all outputs are right, else the first set and output that is
/// not, and how. @throws Error as Session::run does.
std::optional<std::string> mismatch(const Session& session, const Golden& model, const Tolerance& tolerance);

}  // namespace ranvier::golden
