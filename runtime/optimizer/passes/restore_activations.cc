// What exporters write for the activations that Keras means.
#include <algorithm>

#include "operators/table.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/spelling.h"

namespace ranvier::optimizer {
namespace {

constexpr AtExtremes differs = AtExtremes::differs;

// Of two rows with one pattern, the first counts whose operator exists. Patterns with where() are what the pass
// restore_choices has made of masks.
// clang-format off
constexpr Spelling spellings[] = {
  { "Celu@12(alpha = p)",                                                      "max(x, 0) + p * expm1(min(x, 0) / p)"                             },
  { "Celu@12(alpha = p)",                                                      "max(x, 0) + p * (exp(min(x, 0) / p) - 1)"                         },
  { "Elu@6(alpha = a)",                                                        "where(x > 0, elu(x), a * elu(x))"                                 },
  { "Elu@6(alpha = a)",                                                        "where(x > 0, x, a * elu(x))"                                      },
  { "Elu@6(alpha = a)",                                                        "where(x > 0, x, a * expm1(x))"                                    },
  { "Elu@6(alpha = a)",                                                        "where(x > 0, x, a * (exp(x) - 1))"                                },
  { "Elu@6(alpha = a)",                                                        "elu(x, a)"                                                        },
  { "Gelu@20",                                                                 "0.5 * x * erfc(-0.70710677 * x)",                         differs },
  { "Gelu@20",                                                                 "0.5 * x * (1 + erf(0.70710677 * x))",                     differs },
  { "Gelu@20",                                                                 "0.5 * x * (1 - erf(-0.70710677 * x))",                    differs },
  { "Gelu@20(approximate = tanh)",                                             "0.5 * x * (1 + tanh(0.7978846 * (x + 0.044715 * x^3)))",  differs },
  { "ranvier::Glu@1(axis = a)",                                                "half(x, 0, a) * sigmoid(half(x, 1, a))",                  differs },
  { "ranvier::HardShrink@1(lambd = p)",                                        "where(abs(x) > p, x, 0)",                                 differs },
  { "ranvier::HardShrink@1(lambd = p)",                                        "where(or(x > p, x < -p), x, 0)",                          differs },
  { "HardSigmoid@6(alpha = 0.16666667, beta = 0.5)",                           "clip(x + 3, 0, 6) / 6"                                            },
  { "HardSwish@14",                                                            "x * clip(x + 3, 0, 6) / 6",                               differs },
  { "HardSwish@14",                                                            "x * hard_sigmoid(x, 0.16666667, 0.5)",                    differs },
  { "ranvier::HardTanh@1",                                                     "clip(x, -1, 1)"                                                   },
  { "Clip@6(min = a, max = b)",                                                "clip(x, a, b)"                                                    },
  { "LeakyRelu@6(alpha = a)",                                                  "max(x, 0) + a * min(x, 0)"                                        },
  { "LeakyRelu@6(alpha = a)",                                                  "where(x > 0, x, a * x)"                                           },
  { "ranvier::LogSigmoid@1",                                                   "-softplus(-x)"                                                    },
  { "ranvier::LogSigmoid@1",                                                   "log(sigmoid(x))",                                         differs },
  { "Mish@18",                                                                 "x * tanh(softplus(x))",                                   differs },
  { "PRelu@7(w)",                                                              "max(x, 0) + w * min(x, 0)"                                        },
  { "PRelu@7(-w)",                                                             "max(x, 0) - w * min(x, 0)"                                        },
  { "PRelu@7(a * w)",                                                          "max(x, 0) + a * w * min(x, 0)",                           differs },
  { "Relu@14",                                                                 "max(x, 0)"                                                        },
  { "ranvier::Relu@1(max_value = q, negative_slope = a)",                      "clip(x, 0, q) + a * min(x, 0)"                                    },
  { "ranvier::Relu@1(negative_slope = a, threshold = p)",                      "where(x > p, x, 0) + a * min(x - p, 0)"                           },
  { "ranvier::Relu@1(max_value = q, threshold = p)",                           "clip(where(x > p, x, 0), 0, q)",                          differs },
  { "ranvier::Relu@1(max_value = q, negative_slope = a, threshold = p)",       "clip(where(x > p, x, 0), 0, q) + a * min(x - p, 0)"               },
  { "Selu@6",                                                                  "1.050701 * elu(x, 1.6732632)"                                     },
  { "Sigmoid@6",                                                               "1 / (1 + exp(-x))",                                       differs },
  { "ranvier::SoftShrink@1(lambd = p)",                                        "where(x > p, x - p, where(x < -p, x + p, 0))",            differs },
  { "ranvier::SoftShrink@1(lambd = p)",                                        "where(x > p, x - p, 0) + where(x < -p, x + p, 0)",        differs },
  { "Softplus@1",                                                              "log(1 + exp(x))",                                         differs },
  { "Softplus@1",                                                              "where(x > 20, x, softplus(x))",                           differs },
  { "Softsign@1",                                                              "x / (1 + abs(x))",                                        differs },
  { "ranvier::SparsePlus@1",                                                   "where(x <= -1, 0, where(x < 1, 0.25 * (x + 1)^2, x))"             },
  { "ranvier::SparseSigmoid@1",                                                "where(x <= -1, 0, where(x >= 1, 1, 0.5 * (x + 1)))"               },
  { "ranvier::SquarePlus@1(b = p)",                                            "0.5 * (x + sqrt(x^2 + p))",                               differs },
  { "Swish@24(alpha = a)",                                                     "x * sigmoid(a * x)",                                      differs },
  { "Swish@24(alpha = a)",                                                     "x / (1 + exp(-a * x))",                                   differs },
  { "ranvier::TanhShrink@1",                                                   "x - tanh(x)"                                                      },
  { "ThresholdedRelu@10(alpha = a)",                                           "where(x > a, x, 0)",                                      differs },
  { "ranvier::Threshold@1(alpha = a, value = b)",                              "where(x > a, x, b)",                                      differs },
};
// clang-format on

/// The rows whose operators exist, ready for use.
const Spellings& supported() {
  static const std::vector<Spelling> rows = [] {
    std::vector<Spelling> kept;
    std::copy_if(std::begin(spellings), std::end(spellings), std::back_inserter(kept), [](const Spelling& row) {
      const graph::Node node = parse_node(row.node).node;
      return operators::find_operator(node.domain, node.op_type, node.version) != nullptr;
    });
    return kept;
  }();
  static const Spellings all(rows);
  return all;
}

}  // namespace

std::span<const Spelling> activation_spellings() { return spellings; }

std::vector<graph::Patch> restore_activations(const graph::Graph& graph, const Options& options) {
  return supported().find(graph, options.strict_onnx).patches;
}

std::vector<std::string> refused_activations(const graph::Graph& graph, const Options& options) {
  return supported().find(graph, options.strict_onnx).refusals;
}

}  // namespace ranvier::optimizer
