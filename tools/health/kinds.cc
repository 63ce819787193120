#include "tools/health/kinds.h"

#include <algorithm>
#include <vector>

#include "operators/activation/activation.h"
#include "operators/activation/epilogue.h"
#include "runtime/core/data_type.h"
#include "tools/formats/convert.h"

namespace ranvier::health {
namespace {

using Parameters = std::span<const double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

// Within one per cent of a bound that is never reached.
constexpr double almost = 0.99;

Steep in_unit_interval(Parameters) { return {1 - almost, almost}; }
Steep around_zero(Parameters) { return {-almost, almost}; }
Steep above_minus_alpha(Parameters p) { return {-almost * p[0], infinity}; }
Steep above_selu_bound(Parameters p) { return {-almost * p[0] * p[1], infinity}; }
Steep zero_to_one(Parameters) { return {0, 1}; }
Steep minus_one_to_one(Parameters) { return {-1, 1}; }
Steep up_to_six(Parameters) { return {-infinity, 6}; }
Steep up_to_maximum(Parameters p) { return {-infinity, p[0]}; }
Steep between_bounds(Parameters p) { return {p[0], p[1]}; }

constexpr std::string_view at_either_end = "at 0 or 1";
constexpr std::string_view near_bound = "within 1 % of the lower bound";
constexpr std::string_view near_bounds = "beyond 0.99 or -0.99";

// clang-format off
constexpr Kind table[] = {
    // name              on              classes                 flat outside of    in words
    {"celu",             Gate::positive, Classes::none,          above_minus_alpha, near_bound},
    {"clip",             Gate::none,     Classes::none,          between_bounds,    "at a bound"},
    {"elu",              Gate::positive, Classes::none,          above_minus_alpha, near_bound},
    {"erf",              Gate::none,     Classes::none,          around_zero,       near_bounds},
    {"exponential",      Gate::none,     Classes::none},
    {"gelu",             Gate::positive, Classes::none},
    {"gelu_tanh",        Gate::positive, Classes::none},
    {"hard_shrink",      Gate::nonzero,  Classes::none},
    {"hard_sigmoid",     Gate::none,     Classes::none,          zero_to_one,       at_either_end},
    {"hard_swish",       Gate::positive, Classes::none},
    {"hard_tanh",        Gate::none,     Classes::none,          minus_one_to_one,  "at -1 or 1"},
    {"keras_relu",       Gate::positive, Classes::none,          up_to_maximum,     "at max_value"},
    {"leaky_relu",       Gate::positive, Classes::none},
    {"linear",           Gate::none,     Classes::none},
    {"log_sigmoid",      Gate::none,     Classes::none},
    {"mish",             Gate::positive, Classes::none},
    {"relu",             Gate::positive, Classes::none},
    {"relu6",            Gate::positive, Classes::none,          up_to_six,         "at 6"},
    {"selu",             Gate::positive, Classes::none,          above_selu_bound,  near_bound},
    {"shrink",           Gate::nonzero,  Classes::none},
    {"sigmoid",          Gate::none,     Classes::none,          in_unit_interval,  "outside 0.01..0.99"},
    {"soft_shrink",      Gate::nonzero,  Classes::none},
    {"softplus",         Gate::none,     Classes::none},
    {"softsign",         Gate::none,     Classes::none,          around_zero,       near_bounds},
    {"sparse_plus",      Gate::positive, Classes::none},
    {"sparse_sigmoid",   Gate::none,     Classes::none,          zero_to_one,       at_either_end},
    {"square_plus",      Gate::none,     Classes::none},
    {"swish",            Gate::positive, Classes::none},
    {"tanh",             Gate::none,     Classes::none,          around_zero,       near_bounds},
    {"tanh_shrink",      Gate::none,     Classes::none},
    {"threshold",        Gate::nonzero,  Classes::none},
    {"thresholded_relu", Gate::positive, Classes::none},
    {"glu",              Gate::none,     Classes::none},
    {"hardmax",          Gate::none,     Classes::none},
    {"log_softmax",      Gate::none,     Classes::logarithms},
    {"prelu",            Gate::positive, Classes::none},
    {"softmax",          Gate::none,     Classes::probabilities},
    {"sparsemax",        Gate::none,     Classes::probabilities},
};
// clang-format on

const Kind* kind_named(std::string_view name) {
  return std::find_if(std::begin(table), std::end(table), [&](const Kind& kind) { return kind.name == name; });
}

/// The row of activations.def that a node applies; null where none.
const operators::ActivationRow* row_of(const graph::Node& node, std::string_view op) {
  const bool by_tanh = op == "Gelu" && node.get<std::string>("approximate", "none") == "tanh";
  for (const operators::ActivationRow& row : operators::activations())
    if (row.onnx == op && (op != "Gelu" || (row.activation == operators::Activation::gelu_tanh) == by_tanh))
      return &row;
  return nullptr;
}

/// The bounds that Clip has as inputs since opset 11. One that only a run tells counts as none.
std::vector<double> clip_bounds(const graph::Graph& graph, const graph::Node& node) {
  std::vector<double> bounds = {-infinity, infinity};
  for (std::size_t i = 0; i < 2 && i + 1 < node.inputs.size(); ++i) {
    const Tensor* bound = graph.constant(node.inputs[i + 1]);
    if (bound == nullptr || bound->elements() != 1 || !NumericTypes::set.contains(bound->type())) continue;
    bounds[i] = std::visit([](auto number) { return static_cast<double>(number); }, formats::element(*bound, 0));
  }
  return bounds;
}

std::vector<double> parameters_of(const graph::Graph& graph, const graph::Node& node,
                                  const operators::ActivationRow& row) {
  if (row.activation == operators::Activation::clip && node.version >= 11) return clip_bounds(graph, node);
  std::vector<double> parameters;
  for (const operators::Parameter& parameter : row.parameters) {
    const float* given = node.find<float>(parameter.name);
    parameters.push_back(given != nullptr ? double{*given} : parameter.otherwise);
  }
  return parameters;
}

}  // namespace

std::span<const Kind> kinds() { return table; }

Application application(const graph::Graph& graph, const graph::Node& node) {
  const std::string op = node.domain.empty() ? node.op_type : node.domain + "." + node.op_type;
  for (const operators::JointActivation& joint : operators::joint_activations())
    if (op == joint.onnx) return {kind_named(joint.name), std::string(joint.name), {}};
  const operators::ActivationRow* row = row_of(node, op);
  std::vector<double> parameters;
  if (node.domain == "ranvier" && node.has("activation")) {
    const operators::Epilogue epilogue = operators::epilogue_in(node);
    const auto* activation = std::get_if<operators::Activation>(&epilogue.activation);
    if (activation == nullptr) return {kind_named(name(epilogue)), std::string(name(epilogue)), {}};
    row = &describe(*activation);
    parameters.assign(epilogue.parameters.begin(), epilogue.parameters.end());
  } else if (row != nullptr) {
    parameters = parameters_of(graph, node, *row);
  } else {
    return {};
  }
  if (row->activation == operators::Activation::clip && parameters[0] == 0) {  // how exporters write relus with an end
    row = &describe(parameters[1] == 6 ? operators::Activation::relu6 : operators::Activation::keras_relu);
    parameters = {parameters[1]};
  }
  const Kind* kind = kind_named(row->name);
  return {kind, std::string(row->keras.empty() ? row->name : row->keras),
          kind->steep == nullptr ? Steep{} : kind->steep(parameters)};
}

}  // namespace ranvier::health
