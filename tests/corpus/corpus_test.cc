// Real Keras exports give the outputs of Keras, whichever way they are run.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "ranvier/ranvier.h"
#include "runtime/executor/model_parts.h"
#include "tools/golden/golden.h"

namespace ranvier {
namespace {

namespace fs = std::filesystem;

const fs::path source = RANVIER_SOURCE_DIR;

/// One way to run a model.
struct Way {
  std::string_view name;
  ModelOptions model;
  SessionOptions session;
};

const Way ways[] = {
    {"optimized", {}, {.threads = 1}},
    {"strict", {.strict_onnx = true}, {.threads = 1}},
    {"unoptimized", {.optimize = false}, {.threads = 1}},
    {"reference", {.optimize = false}, {.threads = 1, .reference = true}},
};

/// Convolutions, recurrent layers, quantized models: these may be refused, but never be wrong.
bool may_be_unsupported(const golden::Golden& model) { return model.group == "D" || model.group == "E"; }

/// Nothing where the model gives the right outputs, or may refuse to.
std::optional<std::string> failure(const golden::Golden& model, const Way& way) {
  try {
    const Session session(Model::load(model.model(), way.model), way.session);
    return golden::mismatch(session, model, model.tolerance);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unsupported && may_be_unsupported(model)) return std::nullopt;
    return fmt::format("{}: {}", name(error.code()), error.what());
  }
}

void expect_all_right(const fs::path& folder, std::size_t at_least) {
  const std::vector<golden::Golden> models = golden::find(folder);
  EXPECT_GE(models.size(), at_least) << folder;
  for (const golden::Golden& model : models)
    for (const Way& way : ways)
      if (const auto how = failure(model, way))
        ADD_FAILURE() << model.folder.filename().string() << " (" << way.name << "): " << *how;
}

TEST(Corpus, ModelsOfTheProject) { expect_all_right(source / "models", 8); }

TEST(Corpus, Selection) { expect_all_right(source / "tests/corpus", 200); }

TEST(Corpus, Whole) {
  const char* set = std::getenv("RANVIER_CORPUS");
  const fs::path corpus = set != nullptr ? fs::path(set) : source / "../shared/corpus";
  if (!fs::is_directory(corpus)) GTEST_SKIP() << "there is no folder " << corpus << "; set RANVIER_CORPUS";
  expect_all_right(corpus, 400);
}

TEST(Corpus, SelectionStoppedAfterEachRewrite) {
  std::size_t stops = 0;
  for (const golden::Golden& model : golden::find(source / "tests/corpus")) {
    if (may_be_unsupported(model)) continue;
    const std::size_t rewrites = Model::load(model.model()).parts().rewrites.size();
    for (std::size_t n = 1; n < rewrites; ++n, ++stops) {
      const Way way{"", {.stop_after = n}, {.threads = 1}};
      if (const auto how = failure(model, way))
        ADD_FAILURE() << model.folder.filename().string() << " stopped after " << n << ": " << *how;
    }
  }
  EXPECT_GE(stops, 500u);
}

/// Whatever exporter and spelling wrote a tutorial model, its outputs have the same bits: all have the same weights.
void expect_same_bits(const std::string& prefix, std::size_t at_least) {
  std::vector<std::pair<std::string, std::vector<Tensor>>> seen;
  for (const char* folder : {"models", "tests/corpus"}) {
    for (const golden::Golden& model : golden::find(source / folder)) {
      if (!model.folder.filename().string().starts_with(prefix)) continue;
      const Session session(Model::load(model.model()));
      const golden::TestSet set = golden::load(model.sets[0]);
      seen.emplace_back(model.folder.filename().string(), session.run(set.inputs));
      EXPECT_TRUE(golden::identical(seen.back().second[0], seen.front().second[0]))
          << seen.back().first << " and " << seen.front().first;
    }
  }
  EXPECT_GE(seen.size(), at_least) << prefix;
}

TEST(Corpus, SpellingsOfTheTutorialModelGiveTheSameBits) {
  expect_same_bits("tutorial_2d_", 6);
  expect_same_bits("tutorial_3d_", 6);
}

}  // namespace
}  // namespace ranvier
