#include "runtime/writer/definitions.h"

#include <algorithm>
#include <cctype>

#include "runtime/core/number_text.h"

namespace ranvier::writer {
namespace {

// The names are those of the operators, and so are the attributes. Where a formula has 0 * inf at an infinity, its
// argument is bounded where that changes no other result; the rest is spelled as other runtimes' own optimizers know
// it.
// clang-format off
constexpr Definition rows[] = {
//  signature                                                          since  body
  { "Celu(x; alpha = 1.0)",                                              12, "Where(x < 0, @alpha * Elu(x / @alpha), x)" },
  { "Erfc(x)",                                                            9, "z = Abs(x);"
                                                                             "t = 1 / (z + 3);"
                                                                             "p = -2.8981989e-05 + t * (0.56619239 + t * (1.6324733 + t * (5.8222704 + t * (1.7107197 +"
                                                                             "     t * (106.84992 + t * (-268.30139 + t * (1006.1929 + t * -909.38330)))))));"
                                                                             "Where(x < 0.5, 1 - Erf(x), p * Exp(-(z * z)))" },
  { "Expm1(x)",                                                           7, "(Exp(x) + 1) * Tanh(0.5 * x)" },
  { "Gelu(x; approximate = none)",                                        9, "c = Max(x, -1000); c * (1 + Erf(c / 1.4142135623730951)) * 0.5" },
  { "Gelu_tanh(x; approximate = tanh)",                                   8, "c = Max(x, -1000); 0.5 * c * (1 + Tanh(0.7978845608028654 * (c + 0.044715 * Pow(c, 3))))" },
  { "Glu(x; axis = -1)",                                                 11, "a, b = Split(x, axis = @axis);"
                                                                             "gate = Sigmoid(b);"
                                                                             "Where(gate > 0, a, Sign(a)) * gate" },
  { "Glu(x; axis = -1)",                                                 18, "a, b = Split(x, axis = @axis, num_outputs = 2);"
                                                                             "gate = Sigmoid(b);"
                                                                             "Where(gate > 0, a, Sign(a)) * gate" },
  { "HardSwish(x)",                                                       8, "c = Max(x, -1000); c * HardSigmoid(c, alpha = 0.16666667, beta = 0.5)" },
  { "LayerNormalization(x, scale; axis = -1, epsilon = 1e-05, stash_type = 1)",
                                                                         12, "far = x - ReduceMean(x, axes = axes);"
                                                                             "far / Sqrt(ReduceMean(Pow(far, 2), axes = axes) + @epsilon) * scale" },
  { "LayerNormalization(x, scale, b; axis = -1, epsilon = 1e-05, stash_type = 1)",
                                                                         12, "far = x - ReduceMean(x, axes = axes);"
                                                                             "far / Sqrt(ReduceMean(Pow(far, 2), axes = axes) + @epsilon) * scale + b" },
  { "LogSigmoid(x)",                                                      6, "-Softplus(-x)" },
  { "Mish(x)",                                                            8, "c = Max(x, -1000); c * Tanh(Softplus(c))" },
  { "RMSNormalization(x, scale; axis = -1, epsilon = 1e-05, stash_type = 1)",
                                                                         12, "x / Sqrt(ReduceMean(Pow(x, 2), axes = axes) + @epsilon) * scale" },
  { "RMSNormalization(x, scale; axis = -1, epsilon = 1e-05, stash_type = 1)",
                                                                         18, "x / Sqrt(ReduceMean(Pow(x, 2), axes) + @epsilon) * scale" },
  { "Relu(x; max_value = inf, negative_slope = 0.0, threshold = 0.0)",   12, "below = Where(@negative_slope == 0, 0, @negative_slope * (x - @threshold));"
                                                                             "Where(x <= @threshold, below, Where(x >= @max_value, @max_value, x))" },
  { "Softmax(x; axis = 1)",                                              13, "part = Exp(x - ReduceMax(x, axes = axes)); part / ReduceSum(part, axes)" },
  { "Softmax(x; axis = 1)",                                              18, "part = Exp(x - ReduceMax(x, axes)); part / ReduceSum(part, axes)" },
  // With all elements less the largest, which is 0 where both are the same infinity; see operators/activation/sparsemax.cc.
  { "Sparsemax(x; axis = -1)",                                           13, "axes = Reshape(@axis, [1]);"
                                                                             "size = Gather(Shape(x), axes);"
                                                                             "largest, unused = TopK(x, [1], axis = @axis);"
                                                                             "far = Where(x == largest, 0, x - largest);"
                                                                             "sorted, order = TopK(far, size, axis = @axis);"
                                                                             "sums = CumSum(sorted, @axis);"
                                                                             "ranks = CumSum(Where(sorted == 0, 1, 1), @axis);"
                                                                             "inside = ranks * sorted > sums - 1;"
                                                                             "count = ReduceSum(Where(inside, 1, 0), axes);"
                                                                             "sum = ReduceSum(Where(inside, sums, 0), axes);"
                                                                             "shift = Where(count > 1, 0.5 * largest * (count - 1), 0);"
                                                                             "Max(far + ((1 - sum) / count - shift), 0)" },
  { "SparsePlus(x)",                                                      9, "c = Max(x, -1) + 1; Where(x < 1, 0.25 * (c * c), x)" },
  { "SquarePlus(x; b = 4.0)",                                            12, "Max(x, 0) + 0.5 * @b / (Abs(x) + Sqrt(x * x + @b))" },
  { "Swish(x; alpha = 1.0)",                                             12, "c = Max(x, -200 / @alpha); c * Sigmoid(@alpha * c)" },
  { "Swish_falling(x; alpha = -1.0)",                                    12, "c = Min(x, -200 / @alpha); c * Sigmoid(@alpha * c)" },
  { "TanhShrink(x)",                                                      7, "x - Tanh(x)" },
  { "Threshold(x; alpha = 1.0, value = 0.0)",                            12, "Where(x <= @alpha, @value, x)" },
};
// clang-format on

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// What stands between commas.
std::vector<std::string_view> list(std::string_view text) {
  std::vector<std::string_view> items;
  while (!trimmed(text).empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    items.push_back(trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

graph::Attribute value_of(std::string_view text) {
  const std::optional<double> number = parse_real(text);
  if (!number) return std::string(text);
  if (text.find_first_of(".ein") != text.npos) return static_cast<float>(*number);
  return static_cast<std::int64_t>(*number);
}

}  // namespace

std::span<const Definition> definitions() { return rows; }

const Definition* find_definition(std::string_view name, std::size_t inputs, std::int64_t opset) {
  const Definition* best = nullptr;
  for (const Definition& row : rows) {
    const std::string_view text = row.signature;
    const std::string_view operands = text.substr(0, std::min(text.find(';'), text.size()));
    const bool same = operands.substr(0, operands.find('(')) == name &&
                      static_cast<std::size_t>(std::ranges::count(operands, ',')) + 1 == inputs;
    if (same && row.since <= opset && (best == nullptr || row.since > best->since)) best = &row;
  }
  return best;
}

Signature parse_signature(std::string_view text) {
  const std::size_t open = text.find('('), close = text.find(')');
  if (open == text.npos || close != text.size() - 1) fail(ErrorCode::internal, "'{}' is no signature", text);
  const std::string_view inside = text.substr(open + 1, close - open - 1);
  const std::size_t semicolon = std::min(inside.find(';'), inside.size());
  Signature signature;
  signature.name = text.substr(0, open);
  for (const std::string_view input : list(inside.substr(0, semicolon))) signature.inputs.emplace_back(input);
  for (const std::string_view each : list(inside.substr(std::min(semicolon + 1, inside.size())))) {
    const std::size_t equals = each.find('=');
    if (equals == each.npos) fail(ErrorCode::internal, "'{}': {} has no default", text, each);
    signature.attributes.emplace_back(trimmed(each.substr(0, equals)), value_of(trimmed(each.substr(equals + 1))));
  }
  return signature;
}

}  // namespace ranvier::writer
