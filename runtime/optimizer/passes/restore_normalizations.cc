// What exporters write for the normalizations of rows, softmax among them, that Keras means.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/spelling.h"

namespace ranvier::optimizer {
namespace {

/// A spelling in which SCALE and BIAS stand for what scales and shifts a normalized row, and MAX for the largest
/// element where it is finite, else 0.
struct Form {
  std::string_view node;
  std::string_view pattern;
};

constexpr Form layer_normalizations[] = {
    {"LayerNormalization@17(row(SCALE), row(BIAS), epsilon = p)",
     "SCALE * (x - mean(x)) / sqrt(mean((x - mean(x))^2) + p) + BIAS"},
    {"LayerNormalization@17(row(SCALE), row(BIAS), epsilon = p)",
     "x * SCALE / sqrt(mean((x - mean(x))^2) + p) + (BIAS - mean(x) * SCALE / sqrt(mean((x - mean(x))^2) + p))"},
};

constexpr Form root_mean_square_normalizations[] = {
    {"RMSNormalization@23(row(SCALE), epsilon = p)", "SCALE * x / sqrt(mean(x^2) + p)"},
};

constexpr std::string_view finite_largest =
    "where(not(or(is_infinite(largest(x, a)), is_nan(largest(x, a)))), largest(x, a), 0)";

constexpr Form softmaxes[] = {
    {"Softmax@13", "exp(x - largest(x)) / total(exp(x - largest(x)))"},
    {"Softmax@13", "exp(x) / total(exp(x))"},
    // Version 1 takes all axes from one on together. Keras, for several axes:
    {"Softmax@1(axis = a)", "exp(x - (log(total(exp(x - MAX), a)) + MAX))"},
    {"LogSoftmax@13", "x - largest(x) - log(total(exp(x - largest(x))))"},
};

/// Scale and bias: a tensor, or one number for all columns, such as the 1 and 0 that leave no trace in the file.
struct Parameters {
  std::string_view scale = "";
  std::string_view bias = "";
};
constexpr Parameters with_bias[] = {{"w", "v"}, {"w", "b"}, {"w", "0"}, {"a", "w"}, {"a", "b"}, {"a", "0"}};
constexpr Parameters without_bias[] = {{"w"}, {"a"}};

std::string with(std::string_view text, const Parameters& parameters) {
  std::string result(text);
  for (const auto& [name, value] :
       {std::pair("SCALE", parameters.scale), std::pair("BIAS", parameters.bias), std::pair("MAX", finite_largest)})
    for (std::size_t at = result.find(name); at != std::string::npos; at = result.find(name, at))
      result.replace(at, std::string_view(name).size(), value);
  return result;
}

/// All nodes and their patterns.
std::vector<std::pair<std::string, std::string>> all_texts() {
  std::vector<std::pair<std::string, std::string>> texts;
  const auto add = [&](const Form& form, const Parameters& parameters) {
    texts.emplace_back(with(form.node, parameters), with(form.pattern, parameters));
  };
  for (const Form& form : layer_normalizations)
    for (const Parameters& parameters : with_bias) add(form, parameters);
  for (const Form& form : root_mean_square_normalizations)
    for (const Parameters& parameters : without_bias) add(form, parameters);
  for (const Form& form : softmaxes) add(form, {});
  return texts;
}

/// The same, ready for use.
const Spellings& all_spellings() {
  static const std::vector<std::pair<std::string, std::string>> texts = all_texts();
  static const std::vector<Spelling> rows = [] {
    std::vector<Spelling> result;
    for (const auto& [node, pattern] : texts)
      result.push_back({node, pattern, AtExtremes::differs});  // squares may overflow in the file
    return result;
  }();
  static const Spellings all(rows);
  return all;
}

/// What the table finds, which need not be read for most models: a normalization is made of reductions.
Spellings::Found found_in(const graph::Graph& graph, const Options& options) {
  const auto reduces = [](const graph::Node& node) { return reduction_name(node) != nullptr; };
  if (std::ranges::none_of(graph.nodes, reduces)) return {};
  return all_spellings().find(graph, options.strict_onnx);
}

}  // namespace

std::vector<graph::Patch> restore_normalizations(const graph::Graph& graph, const Options& options) {
  return found_in(graph, options).patches;
}

std::vector<std::string> refused_normalizations(const graph::Graph& graph, const Options& options) {
  return found_in(graph, options).refusals;
}

}  // namespace ranvier::optimizer
