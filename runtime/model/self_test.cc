#include "runtime/model/self_test.h"

#include "runtime/core/error.h"
#include "runtime/executor/model_parts.h"
#include "runtime/golden/test_set.h"

namespace ranvier::model {
namespace {

std::optional<std::string> mismatch(const Session& session, const golden::TestSet& wanted,
                                    const golden::Tolerance& tolerance) {
  const std::vector<Tensor> got = session.run(wanted.inputs);
  const std::size_t own = got.size() - session.model().parts().taps;
  if (own != wanted.outputs.size()) return fmt::format("{} outputs instead of {}", own, wanted.outputs.size());
  for (std::size_t i = 0; i < own; ++i)
    if (const auto how = golden::difference(got[i], wanted.outputs[i], tolerance))
      return fmt::format("output '{}': {}", session.model().outputs()[i].name, *how);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> mismatch(const Session& session, std::span<const std::filesystem::path> sets,
                                    const golden::Tolerance& tolerance) {
  for (const std::filesystem::path& set : sets) {
    const std::string name = set.filename().string();
    try {
      if (const auto how = mismatch(session, golden::load(set), tolerance)) return fmt::format("{}, {}", name, *how);
    } catch (const Error& error) {
      throw error.within(name);
    }
  }
  return std::nullopt;
}

void self_test(const Model& model, const std::filesystem::path& file, const SelfTest& how) {
  const std::vector<std::filesystem::path> sets = golden::find_sets(file.has_parent_path() ? file.parent_path() : ".");
  if (sets.empty()) fail(ErrorCode::io, "self-test: there is no folder test_data_set_0 beside the file");
  if (const auto wrong = mismatch(Session(model), sets, {how.rtol, how.atol}))
    fail(ErrorCode::self_test, "self-test: {}", *wrong);
}

}  // namespace ranvier::model
