#include "tools/graph/kind.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "operators/activation/activation.h"
#include "tools/layers.h"

namespace ranvier::view {

Kind kind(const graph::Node& node) {
  static constexpr std::array<std::string_view, 6> products = {"Dense", "Einsum", "Gemm", "GRU", "LSTM", "RNN"};
  const std::string_view op = node.op_type;
  if (op.find("MatMul") != op.npos || op.find("Conv") != op.npos || std::ranges::count(products, op) > 0)
    return Kind::weights;
  // Those that are no function of one element are no rows of activations.def.
  static constexpr std::array<std::string_view, 6> joint = {"Glu",   "Hardmax", "LogSoftmax",
                                                            "PRelu", "Softmax", "Sparsemax"};
  if (std::ranges::count(joint, op) > 0) return Kind::activation;
  for (const operators::ActivationRow& row : operators::activations())
    if (op == row.onnx.substr(row.onnx.find('.') + 1)) return Kind::activation;
  if (op.find("Normalization") != op.npos || op == "LRN") return Kind::normalization;
  if (op.starts_with("Reduce") || op.starts_with("Arg") || op.find("Pool") != op.npos) return Kind::reduction;
  return tools::moves_only(op) ? Kind::movement : Kind::other;
}

}  // namespace ranvier::view
