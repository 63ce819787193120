// What exporters write for the activations that Keras means.
#include "operators/table.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/spelling.h"

namespace ranvier::optimizer {
namespace {

constexpr AtInfinity differs = AtInfinity::differs;

// clang-format off
constexpr Spelling spellings[] = {
  { "Gelu@20",   "0.5 * x * erfc(-0.70710677 * x)",    differs },  // tf2onnx since TensorFlow 2.19
  { "Gelu@20",   "0.5 * x * (1 + erf(0.70710677 * x))", differs },
  { "Gelu@20",   "0.5 * x * (1 - erf(-0.70710677 * x))", differs },
  { "Mish@18",   "x * tanh(softplus(x))",               differs },
  { "Swish@24",  "x * sigmoid(x)",                      differs },
  { "Swish@24(alpha = a)", "x * sigmoid(a * x)",        differs },
};
// clang-format on

}  // namespace

std::vector<graph::Patch> restore_activations(const graph::Graph& graph, const Options& options) {
  static const Spellings all(spellings);
  return all.find(graph, options.strict_onnx).patches;
}

}  // namespace ranvier::optimizer
