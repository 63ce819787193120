// Running a model on the test data beside its file.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "ranvier/session.h"
#include "runtime/golden/compare.h"

namespace ranvier::model {

/// Runs the session on every test set: nothing where all outputs are right (those beyond the wanted ones, which are
/// taps, aside), else the first set and output that is not, and how. @throws Error as Session::run does, which begins
/// with the set.
std::optional<std::string> mismatch(const Session& session, std::span<const std::filesystem::path> sets,
                                    const golden::Tolerance& tolerance);

/// @throws Error self_test where an output is wrong; io where there is no test set beside the file.
void self_test(const Model& model, const std::filesystem::path& file, const SelfTest& how);

}  // namespace ranvier::model
