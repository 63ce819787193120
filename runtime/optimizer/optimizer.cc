#include "runtime/optimizer/optimizer.h"

#include <algorithm>

#include "runtime/optimizer/passes.h"

namespace ranvier::optimizer {
namespace {

constexpr Pass all_passes[] = {
    {"remove_no_ops", remove_no_ops},
    {"fold_sizes", fold_sizes},
    {"fold_constants", fold_constants},
    {"restore_choices", restore_choices, refused_choices},
    {"restore_sparsemax", restore_sparsemax},
    {"restore_activations", restore_activations, refused_activations},
    {"restore_normalizations", restore_normalizations, refused_normalizations},
    {"make_dense", make_dense, refused_dense},
    {"take_in_activations", take_in_activations, refused_to_take_in},
    {"remove_flattening", remove_flattening, refused_flattening},
    // After it: of layers without anything in between, the flattened rows are read twice.
    {"move_arithmetic", move_arithmetic, refused_to_move},
    {"fold_affine", fold_affine, refused_affine},
    {"merge_movements", merge_movements, refused_movements},
};

/// More rounds than any graph needs: passes only ever shrink it.
constexpr int most_rounds = 1000;

}  // namespace

std::span<const Pass> passes() { return all_passes; }

Result optimize(const graph::Graph& graph, const Options& options) {
  graph::verify(graph, ErrorCode::invalid_model);
  Result result{graph, {}, {}};
  Provenance provenance(result.graph);
  result.graph = graph::sweep(result.graph);
  for (int round = 0; round < most_rounds; ++round) {
    bool changed = false;
    for (const Pass& pass : all_passes) {
      std::vector<graph::Patch> patches = pass.find(result.graph, options);
      patches.resize(std::min(patches.size(), options.stop_after - result.rewrites.size()));
      if (patches.empty()) continue;
      for (const graph::Patch& patch : patches) result.rewrites.push_back({pass.name, patch.reason, {}});
      result.graph = provenance.apply(result.graph, std::move(patches));
      changed = true;
    }
    if (changed) continue;
    result.origins = provenance.origins(result.graph);
    for (std::size_t r = 0; r < result.rewrites.size(); ++r) result.rewrites[r].nodes = provenance.replaced()[r];
    return result;
  }
  fail(ErrorCode::internal, "the optimizer did not come to an end in {} rounds", most_rounds);
}

std::vector<std::string> refusals(const graph::Graph& graph, const Options& options) {
  std::vector<std::string> all;
  for (const Pass& pass : all_passes) {
    if (pass.refusals == nullptr) continue;
    const std::vector<std::string> own = pass.refusals(graph, options);
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

}  // namespace ranvier::optimizer
