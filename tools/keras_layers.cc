#include "tools/keras_layers.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>

namespace ranvier::tools {
namespace {

/// The model and the layer in "model/layer/operation"; empty where the name has another form.
struct Scope {
  std::string model;
  std::string layer;
};

Scope scope_of(std::string_view name) {
  constexpr std::string_view call = "StatefulPartitionedCall/";  // of a saved model
  if (name.starts_with(call)) name.remove_prefix(call.size());
  const std::size_t first = name.find('/');
  const std::size_t second = first == name.npos ? first : name.find('/', first + 1);
  if (first == 0 || second == name.npos || second == first + 1) return {};
  return {std::string(name.substr(0, first)), std::string(name.substr(first + 1, second - first - 1))};
}

/// Without "_1" at the end, or another number; the same where there is none.
std::string without_number(const std::string& name) {
  std::size_t end = name.size();
  while (end > 0 && std::isdigit(static_cast<unsigned char>(name[end - 1])) != 0) --end;
  return end == name.size() || end < 2 || name[end - 1] != '_' ? name : name.substr(0, end - 1);
}

/// What Keras calls the layers whose scopes these are: all of them without their numbers, where all have one and stay
/// distinct, and the model has one.
std::map<std::string, std::string> keras_names(const std::string& model, const std::set<std::string>& layers) {
  std::map<std::string, std::string> names;
  std::set<std::string> shorter;
  for (const std::string& layer : layers) {
    names[layer] = without_number(layer);
    if (names[layer] != layer) shorter.insert(names[layer]);
  }
  if (shorter.size() == layers.size() && without_number(model) != model) return names;
  for (auto& [layer, name] : names) name = layer;
  return names;
}

void merge(const Layer& step, LayerRow& row) {
  Layer& layer = row.layer;
  layer.type = step.type;
  layer.shape = step.shape;
  layer.parameters += step.parameters;
  layer.bytes += step.bytes;
  if (__builtin_add_overflow(layer.flops, step.flops, &layer.flops)) layer.flops = INT64_MAX;
  row.operators.push_back(step.op);
}

/// "MatMul + Add + Relu"; of many the first and the last.
std::string joined(const std::vector<std::string>& operators) {
  constexpr std::size_t most = 3;
  if (operators.size() > most)
    return fmt::format("{} ... {}, {} steps", operators.front(), operators.back(), operators.size());
  return fmt::format("{}", fmt::join(operators, " + "));
}

}  // namespace

std::vector<std::string> layer_names(const graph::Graph& graph) {
  std::map<std::string, std::set<std::string>> layers;  // by model
  std::vector<Scope> scopes;
  for (const graph::Node& node : graph.nodes) {
    scopes.push_back(scope_of(node.name));
    if (!scopes.back().layer.empty()) layers[scopes.back().model].insert(scopes.back().layer);
  }
  std::map<std::string, std::map<std::string, std::string>> names;
  for (const auto& [model, own] : layers) names[model] = keras_names(model, own);
  std::vector<std::string> result;
  for (const Scope& scope : scopes) result.push_back(scope.layer.empty() ? "" : names[scope.model][scope.layer]);
  return result;
}

std::vector<LayerRow> by_layer(const std::vector<Layer>& steps, const std::vector<std::string>& names) {
  std::vector<LayerRow> rows;
  std::map<std::string, std::size_t> row_of;
  std::string before;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::string name = names[i];
    if (name.empty() && !before.empty()) {
      const auto next = std::find_if(names.begin() + static_cast<std::ptrdiff_t>(i), names.end(),
                                     [](const std::string& each) { return !each.empty(); });
      if (next != names.end() && *next == before) name = before;
    }
    before = name.empty() ? before : name;
    if (name.empty()) {
      rows.push_back({steps[i], {steps[i].op}});
      continue;
    }
    const auto [found, is_new] = row_of.emplace(name, rows.size());
    if (is_new) {
      rows.emplace_back();
      rows.back().layer.name = name;
    }
    merge(steps[i], rows[found->second]);
  }
  for (LayerRow& row : rows) row.layer.op = joined(row.operators);
  return rows;
}

}  // namespace ranvier::tools
