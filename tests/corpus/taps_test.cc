// An inner value that is tapped is what the file's own arithmetic gives, whatever is fused around it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ranvier/ranvier.h"
#include "runtime/executor/model_parts.h"
#include "tools/golden/golden.h"

namespace ranvier {
namespace {

namespace fs = std::filesystem;

/// Rewrites change the order of sums, and logarithms near 1 show it; what is computed with half precision says so
/// itself.
golden::Tolerance tolerance_of(const golden::Golden& model) {
  return {std::max(1e-3, model.tolerance.rtol), std::max(2e-5, model.tolerance.atol)};
}

/// The names of what the model's nodes make.
std::vector<std::string> inner_values(const Model& model) {
  const graph::Graph& graph = model.parts().loaded.graph;
  std::vector<std::string> names;
  for (const graph::Node& node : graph.nodes)
    for (const graph::ValueId id : node.outputs)
      if (id != graph::none) names.push_back(graph.values[id].name);
  return names;
}

std::string differences(const Session& session, const std::vector<Tensor>& inputs, const Session& reference,
                        const std::vector<Tensor>& wanted, const golden::Tolerance& tolerance) {
  std::string found;
  const std::vector<Tensor> got = session.run(inputs);
  for (std::size_t i = 0; i < got.size(); ++i) {
    const std::string& name = session.model().outputs()[i].name;
    if (const auto how = golden::difference(got[i], wanted[reference.model().output_index(name)], tolerance))
      found += fmt::format("\n{}: {}", name, *how);
  }
  return found;
}

/// Taps one of `every` inner values, each in a model of its own, and all of them together.
void expect_right_taps(const fs::path& folder, std::size_t every) {
  for (const golden::Golden& each : golden::find(folder)) {
    const std::vector<Tensor> inputs = golden::load(each.sets[0]).inputs;
    try {
      const Model plain = Model::load(each.model(), {.optimize = false});
      const std::vector<std::string> names = inner_values(plain);
      const Session reference(plain.tapped(names), {.threads = 1, .reference = true});
      const std::vector<Tensor> wanted = reference.run(inputs);
      const Model optimized = Model::load(each.model());
      for (std::size_t i = each.folder.string().size() % every; i < names.size(); i += every) {
        const Session session(optimized.tapped({&names[i], 1}), {.threads = 1});
        EXPECT_EQ(differences(session, inputs, reference, wanted, tolerance_of(each)), "")
            << each.folder << ", " << names[i];
      }
      const Session all(optimized.tapped(names), {.threads = 1});
      EXPECT_EQ(differences(all, inputs, reference, wanted, tolerance_of(each)), "") << each.folder << ", all values";
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unsupported) ADD_FAILURE() << each.folder << ": " << error.what();
    }
  }
}

TEST(Taps, EachValueOfTheModels) { expect_right_taps(fs::path(RANVIER_SOURCE_DIR) / "models", 1); }

TEST(Taps, SomeValuesOfTheSelection) { expect_right_taps(fs::path(RANVIER_SOURCE_DIR) / "tests/corpus", 20); }

}  // namespace
}  // namespace ranvier
