// An inner value that is tapped is what the file's own arithmetic gives, whatever is fused around it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ranvier/ranvier.h"
#include "runtime/executor/model_parts.h"
#include "tools/golden/golden.h"

namespace ranvier {
namespace {

namespace fs = std::filesystem;

/// Rewrites change the order of sums, and logarithms near 1 show it.
constexpr golden::Tolerance tolerance = {.rtol = 1e-3, .atol = 2e-5};

/// The names of what the model's nodes make.
std::vector<std::string> inner_values(const Model& model) {
  const graph::Graph& graph = model.parts().loaded.graph;
  std::vector<std::string> names;
  for (const graph::Node& node : graph.nodes)
    for (const graph::ValueId id : node.outputs)
      if (id != graph::none) names.push_back(graph.values[id].name);
  return names;
}

/// Taps one of `every` inner values, each in a model of its own.
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
        const Tensor got = session.run(inputs, {.outputs = {names[i]}})[0];
        const Tensor& value = wanted[reference.model().output_index(names[i])];
        if (const auto how = golden::difference(got, value, tolerance))
          ADD_FAILURE() << each.folder.filename().string() << ", " << names[i] << ": " << *how;
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unsupported) ADD_FAILURE() << each.folder << ": " << error.what();
    }
  }
}

TEST(Taps, EachValueOfTheModels) { expect_right_taps(fs::path(RANVIER_SOURCE_DIR) / "models", 1); }

TEST(Taps, SomeValuesOfTheSelection) { expect_right_taps(fs::path(RANVIER_SOURCE_DIR) / "tests/corpus", 7); }

}  // namespace
}  // namespace ranvier
