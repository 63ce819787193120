// The passes, one file each in passes/.
#pragma once

#include "runtime/optimizer/optimizer.h"
#include "runtime/optimizer/spelling.h"

namespace ranvier::optimizer {

/// What hands on an operand goes: Identity, Dropout as it stands in inference, Cast to the type that is there, a
/// product with 1, a sum with 0 (not with strict_onnx: -0 + 0 is 0), what reshapes into the shape that is there.
std::vector<graph::Patch> remove_no_ops(const graph::Graph& graph, const Options& options);

/// Sums of two values under opposite masks become Where.
std::vector<graph::Patch> restore_choices(const graph::Graph& graph, const Options& options);
std::vector<std::string> refused_choices(const graph::Graph& graph, const Options& options);

/// Activations that exporters spell out become one node.
std::vector<graph::Patch> restore_activations(const graph::Graph& graph, const Options& options);
std::vector<std::string> refused_activations(const graph::Graph& graph, const Options& options);
/// What they spell.
std::span<const Spelling> activation_spellings();

/// Normalizations of rows that exporters spell out become one node.
std::vector<graph::Patch> restore_normalizations(const graph::Graph& graph, const Options& options);
std::vector<std::string> refused_normalizations(const graph::Graph& graph, const Options& options);

/// Keras' sparsemax, spelled out, becomes one node.
std::vector<graph::Patch> restore_sparsemax(const graph::Graph& graph, const Options& options);

/// Products with constant weights become ranvier.Dense, which takes in the bias that is added.
std::vector<graph::Patch> make_dense(const graph::Graph& graph, const Options& options);
std::vector<std::string> refused_dense(const graph::Graph& graph, const Options& options);

/// Arithmetic with constants, and activations, that follow Reshape, Transpose and their like go before them, to the
/// Dense that made the elements.
std::vector<graph::Patch> move_arithmetic(const graph::Graph& graph, const Options& options);
std::vector<std::string> refused_to_move(const graph::Graph& graph, const Options& options);

/// Dense, LayerNormalization and RMSNormalization, in Ranvier's domain, take in the activation of what they make.
std::vector<graph::Patch> take_in_activations(const graph::Graph& graph, const Options& options);
std::vector<std::string> refused_to_take_in(const graph::Graph& graph, const Options& options);

/// What constants do to each column before or after a Dense goes into its weights. Not with strict_onnx.
std::vector<graph::Patch> fold_affine(const graph::Graph& graph, const Options& options);
std::vector<std::string> refused_affine(const graph::Graph& graph, const Options& options);

/// Dense takes rows of any rank: what flattens them before and restores their dimensions after goes.
std::vector<graph::Patch> remove_flattening(const graph::Graph& graph, const Options& options);
std::vector<std::string> refused_flattening(const graph::Graph& graph, const Options& options);

/// A Transpose after another, and a Reshape after what only reshapes, takes both their places.
std::vector<graph::Patch> merge_movements(const graph::Graph& graph, const Options& options);
std::vector<std::string> refused_movements(const graph::Graph& graph, const Options& options);

/// Nodes that read only constants become constants.
std::vector<graph::Patch> fold_constants(const graph::Graph& graph, const Options& options);

/// Shape arithmetic becomes constant: sizes that the graph tells, and shapes with one size that it does not.
std::vector<graph::Patch> fold_sizes(const graph::Graph& graph, const Options& options);

}  // namespace ranvier::optimizer
