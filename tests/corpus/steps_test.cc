// Every layer of Keras ends as the step that it is, whichever exporter took it apart: the steps of an optimized graph
// are those that `keras_layers` in expect.json promises.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "operators/activation/activation.h"
#include "operators/activation/epilogue.h"
#include "ranvier/ranvier.h"
#include "runtime/executor/model_parts.h"
#include "tools/golden/golden.h"

namespace ranvier {
namespace {

namespace fs = std::filesystem;

using Steps = std::vector<std::string>;

const fs::path source = RANVIER_SOURCE_DIR;

/// Any one activation: that of a function which the layer does not name, or that depends on its arguments.
const std::string any = "any activation";

/// What a layer, or the activation in its brackets, becomes.
struct Meaning {
  std::string_view layer;
  Steps steps;
};

/// Layers that are no activations.
const Meaning layer_meanings[] = {
    {"InputLayer", {}},
    {"Dropout", {}},
    {"AlphaDropout", {}},
    {"GaussianNoise", {}},
    {"BatchNormalization", {}},  // goes into the weights of the layer before, or of the Dense after
    {"Normalization", {}},       // as well
    {"Rescaling", {}},
    {"Dense", {"Dense"}},
    {"Conv1D", {"Conv"}},
    {"Conv2D", {"Conv"}},
    {"DepthwiseConv2D", {"Conv"}},
    {"SeparableConv2D", {"Conv", "Conv"}},
    {"LayerNormalization", {"LayerNormalization"}},
    {"RMSNormalization", {"RMSNormalization"}},
    {"Add", {"Add"}},
    {"Multiply", {"Mul"}},
    {"Subtract", {"Sub"}},
    {"Maximum", {"Max"}},
    {"Minimum", {"Min"}},
    {"Concatenate", {"Concat"}},
};

/// Activations whose name is another one's, or whose arguments decide.
const Meaning activation_meanings[] = {
    {"linear", {}},
    {"<lambda>", {any}},
    {"gelu", {any}},  // exact, or of tanh
    {"gelu_erf", {"gelu"}},
    {"log_softmax_v2", {"log_softmax"}},
    {"relu6", {any}},  // Clip, or an operator of its own
    {"softmax_v2", {"softmax"}},
    {"swish", {"silu"}},
    {"ReLU", {any}},
    {"PReLU", {any}},  // of one slope is LeakyRelu
    {"ELU", {"elu"}},
    {"LeakyReLU", {"leaky_relu"}},
    {"Softmax", {"softmax"}},
};

/// Models of which expect.json does not name every step, by the beginning of their names, and the others.
const Meaning unnamed_steps[] = {
    {"dense_glu", {"glu"}},                               // a function, not a layer
    {"shared_tower_cosine", {"Dense", "relu", "Dense"}},  // its layers run twice
};

/// Models, by the beginning of their names, with a layer that no pass gives back: this one normalizes whole images,
/// half of it spelled out on images whose channels come first, half on those where they come last.
const std::string_view unrestored[] = {"norms_2d"};

template <std::size_t n>
const Steps* meaning(const Meaning (&meanings)[n], std::string_view name) {
  const auto found = std::ranges::find(meanings, name, &Meaning::layer);
  return found == std::end(meanings) ? nullptr : &found->steps;
}

/// Keras' name for an activation, or that of its row.
template <class Row>
std::string keras_name(const Row& row) {
  return std::string(row.keras.empty() ? row.name : row.keras);
}

/// All of them.
std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const operators::ActivationRow& row : operators::activations()) names.push_back(keras_name(row));
  for (const operators::JointActivation& row : operators::joint_activations()) names.push_back(keras_name(row));
  return names;
}

bool is_activation(const std::string& name) {
  static const std::vector<std::string> names = activation_names();
  return std::ranges::find(names, name) != names.end();
}

/// The steps of "Dense(relu)", "Activation(softmax)", "Add", ...; nothing for a layer that may become anything.
std::optional<Steps> steps_of_layer(std::string_view layer) {
  const std::size_t bracket = layer.find('(');
  const std::string_view name = layer.substr(0, bracket);
  const std::string_view function =
      bracket == std::string_view::npos ? "" : layer.substr(bracket + 1, layer.size() - bracket - 2);
  const auto activation = [](std::string_view of) -> std::optional<Steps> {
    if (const Steps* known = meaning(activation_meanings, of)) return *known;
    return is_activation(std::string(of)) ? std::optional(Steps{std::string(of)}) : std::nullopt;
  };
  if (name == "Activation") return activation(function);
  const Steps* known = meaning(layer_meanings, name);
  if (known == nullptr) return activation(name);
  Steps steps = *known;
  if (function.empty()) return steps;
  const std::optional<Steps> after = activation(function);
  if (!after) return std::nullopt;
  steps.insert(steps.end(), after->begin(), after->end());
  return steps;
}

/// What a node of an optimized graph is: a layer with its activation counts as two.
Steps steps_of_node(const graph::Node& node) {
  if (node.domain == "ranvier" && node.op_type == "Dense" && !node.has("activation")) return {"Dense"};
  if (node.domain == "ranvier" && node.has("activation")) {
    const operators::Epilogue epilogue = operators::epilogue_in(node);
    if (const auto* single = std::get_if<operators::Activation>(&epilogue.activation))
      return {node.op_type, keras_name(operators::describe(*single))};
    return {node.op_type, std::string(name(epilogue))};
  }
  const std::string op = node.domain.empty() ? node.op_type : node.domain + "." + node.op_type;
  for (const operators::JointActivation& row : operators::joint_activations())
    if (row.onnx == op) return {keras_name(row)};
  if (const auto epilogue = operators::epilogue_of(node))
    return {keras_name(operators::describe(std::get<operators::Activation>(epilogue->activation)))};
  return {op};
}

struct Expected {
  Steps steps;
  bool complete = true;  ///< No layer may become anything else.
};

Expected expected_steps(const fs::path& folder) {
  Expected expected;
  std::ifstream file(folder / "expect.json");
  const nlohmann::json described = nlohmann::json::parse(file);
  for (const std::string layer : described.at("keras_layers")) {
    const std::optional<Steps> steps = steps_of_layer(layer);
    expected.complete = expected.complete && steps;
    if (steps) expected.steps.insert(expected.steps.end(), steps->begin(), steps->end());
  }
  for (const Meaning& unnamed : unnamed_steps)
    if (folder.filename().string().starts_with(unnamed.layer))
      expected.steps.insert(expected.steps.end(), unnamed.steps.begin(), unnamed.steps.end());
  return expected;
}

/// What is wrong with the steps; branches may stand in any order. Nothing where they are as expected.
std::optional<std::string> difference(const Expected& expected, const Steps& steps) {
  Steps left = steps;
  Steps missing;
  std::size_t open = 0;
  for (const std::string& step : expected.steps) {
    const auto found = std::ranges::find(left, step);
    if (step == any) {
      ++open;
    } else if (found == left.end()) {
      missing.push_back(step);
    } else {
      left.erase(found);
    }
  }
  for (; open > 0; --open) {
    const auto found = std::ranges::find_if(left, is_activation);
    if (found == left.end()) {
      missing.push_back(any);
    } else {
      left.erase(found);
    }
  }
  const auto is_layer = [](const std::string& step) {
    return step == "Dense" || step == "Conv" || step == "BatchNormalization";
  };
  const bool more = expected.complete ? !left.empty() : std::ranges::any_of(left, is_layer);
  if (missing.empty() && !more) return std::nullopt;
  return fmt::format("missing {}, left over {}, of {}", missing, left, steps);
}

/// The first activation of single elements that stands behind a layer which could have taken it in.
std::optional<std::string> left_apart(const graph::Graph& graph) {
  const std::vector<graph::NodeId> made_by = graph::producers(graph);
  const std::vector<std::uint32_t> uses = graph::use_counts(graph);
  for (const graph::Node& node : graph.nodes) {
    const auto epilogue = operators::epilogue_of(node);
    if (!epilogue || operators::refusal(*epilogue) != nullptr) continue;
    const graph::ValueId x = node.inputs[0];
    if (made_by[x] == graph::none || uses[x] != 1) continue;
    const graph::Node& before = graph.nodes[made_by[x]];
    const bool is_layer = before.op_type == "Dense" || before.op_type == "Conv";
    if (is_layer && !before.has("activation")) return node.describe();
  }
  return std::nullopt;
}

/// The first arithmetic with a constant for each channel or column: all of it belongs into some layer's weights.
/// ConvTranspose takes in nothing.
std::optional<std::string> unfolded(const graph::Graph& graph) {
  constexpr std::string_view arithmetic[] = {"Add", "Sub", "Mul", "Div", "BatchNormalization"};
  const auto is_transposed = [](const graph::Node& node) { return node.op_type == "ConvTranspose"; };
  if (std::ranges::any_of(graph.nodes, is_transposed)) return std::nullopt;
  for (const graph::Node& node : graph.nodes) {
    if (std::ranges::find(arithmetic, node.op_type) == std::end(arithmetic)) continue;
    for (const graph::ValueId id : node.inputs)
      if (const Tensor* constant = graph.constant(id);
          constant != nullptr && constant->type() == DataType::float32 && constant->elements() > 1)
        return node.describe();
  }
  return std::nullopt;
}

/// The model; nothing where an operator is not supported.
std::optional<Model> supported(const fs::path& file) {
  try {
    return Model::load(file);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported) throw;
    return std::nullopt;
  }
}

/// Of the models whose group is one of the letters, and that have a node of an operator whose name ends so.
void expect_layers(const fs::path& folder, std::string_view groups, std::string_view op_type, std::size_t at_least) {
  std::size_t models = 0;
  for (const golden::Golden& model : golden::find(folder)) {
    if (model.group.empty() || groups.find(model.group) == std::string_view::npos) continue;
    const std::string name = model.folder.filename().string();
    if (std::ranges::any_of(unrestored, [&](std::string_view start) { return name.starts_with(start); })) continue;
    const std::optional<Model> loaded = supported(model.model());
    if (!loaded) continue;
    const graph::Graph& graph = loaded->parts().graph;
    if (std::ranges::none_of(graph.nodes, [&](const auto& node) { return node.op_type.ends_with(op_type); })) continue;
    ++models;
    Steps steps;
    for (const graph::Node& node : graph.nodes) {
      const Steps own = steps_of_node(node);
      steps.insert(steps.end(), own.begin(), own.end());
    }
    if (const auto wrong = difference(expected_steps(model.folder), steps)) ADD_FAILURE() << name << ": " << *wrong;
    if (groups == "D")
      if (const auto left = unfolded(graph)) ADD_FAILURE() << name << ": " << *left << " is not in the weights";
    if (const auto apart = left_apart(graph)) ADD_FAILURE() << name << ": " << *apart << " is no part of its layer";
  }
  EXPECT_GE(models, at_least) << folder;
}

TEST(Steps, AreTheLayersOfTheSelection) {
  expect_layers(source / "tests/corpus", "ABC", "", 180);
  expect_layers(source / "tests/corpus", "D", "Conv", 14);
}

TEST(Steps, AreTheLayersOfTheWholeCorpus) {
  const char* set = std::getenv("RANVIER_CORPUS");
  const fs::path corpus = set != nullptr ? fs::path(set) : source / "../shared/corpus";
  if (!fs::is_directory(corpus)) GTEST_SKIP() << "there is no folder " << corpus << "; set RANVIER_CORPUS";
  expect_layers(corpus, "ABC", "", 368);
  expect_layers(corpus, "D", "Conv", 25);
}

TEST(Steps, OfATutorialModelAreTheSameFromAllExportersAndInAllSpellings) {
  for (const std::string prefix : {"tutorial_2d_", "tutorial_3d_"}) {
    std::map<Steps, std::string> seen;
    for (const char* folder : {"models", "tests/corpus"})
      for (const golden::Golden& model : golden::find(source / folder)) {
        const std::string name = model.folder.filename().string();
        if (!name.starts_with(prefix)) continue;
        Steps steps;
        const Model loaded = Model::load(model.model());
        for (const graph::Node& node : loaded.parts().graph.nodes)
          steps.push_back(node.op_type + fmt::format("{}", steps_of_node(node)));
        seen.emplace(steps, name);
      }
    EXPECT_EQ(seen.size(), 1u) << prefix << ": " << fmt::format("{}", seen);
  }
}

}  // namespace
}  // namespace ranvier
