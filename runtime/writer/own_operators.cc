#include "runtime/writer/own_operators.h"

#include <algorithm>
#include <span>
#include <variant>

#include "operators/activation/epilogue.h"
#include "operators/table.h"
#include "runtime/optimizer/facts.h"
#include "runtime/writer/rewriting.h"

namespace ranvier::writer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;
using optimizer::Fact;

/// An attribute of ONNX' operator: a number, or what an attribute of ours is.
struct AttributeOf {
  std::string_view name;
  std::variant<float, std::string_view> value;
};

/// What ONNX calls an operator of ours.
struct Synonym {
  std::string_view own;
  std::string_view onnx;
  std::int64_t version = 1;
  std::vector<AttributeOf> attributes = {};
};

const Synonym synonyms[] = {
    {"HardShrink", "Shrink", 9, {{"lambd", "lambd"}, {"bias", 0.0f}}},
    {"HardTanh", "Clip", 6, {{"min", -1.0f}, {"max", 1.0f}}},
    {"Linear", "Identity", 1},
    {"Relu6", "Clip", 6, {{"min", 0.0f}, {"max", 6.0f}}},
    {"SoftShrink", "Shrink", 9, {{"lambd", "lambd"}, {"bias", "lambd"}}},
    {"SparseSigmoid", "HardSigmoid", 6, {{"alpha", 0.5f}, {"beta", 0.5f}}},
};

/// The number that an activation's attribute is, or its default.
float number(const Node& node, std::string_view name) {
  for (const operators::ActivationRow& row : operators::activations())
    if (row.onnx == "ranvier." + node.op_type)
      for (const operators::Parameter& parameter : row.parameters)
        if (parameter.name == name) return node.get<float>(name, static_cast<float>(parameter.otherwise));
  return node.required<float>(name);
}

Node by_onnx_name(Node node) {
  if (node.domain != "ranvier") return node;
  const auto synonym = std::ranges::find(synonyms, node.op_type, &Synonym::own);
  if (synonym == std::end(synonyms)) return node;
  std::map<std::string, graph::Attribute, std::less<>> attributes;
  for (const auto& [name, value] : synonym->attributes) {
    const auto* own = std::get_if<std::string_view>(&value);
    attributes.emplace(name, own != nullptr ? number(node, *own) : std::get<float>(value));
  }
  node.domain = "";
  node.op_type = synonym->onnx;
  node.version = synonym->version;
  node.attributes = std::move(attributes);
  return node;
}

/// Sets operator and version of a node, which has its attributes: the oldest version of the row's that means it.
void set_operator(Node& node, const operators::ActivationRow& activation) {
  const std::string_view onnx = activation.onnx;
  const std::size_t dot = onnx.find('.');
  node.domain = dot == onnx.npos ? "" : onnx.substr(0, dot);
  node.op_type = dot == onnx.npos ? onnx : onnx.substr(dot + 1);
  for (const operators::Row& row : operators::table()) {
    if (row.domain != node.domain || row.name != node.op_type) continue;
    node.version = row.since;
    const auto meant = operators::epilogue_of(node);
    if (meant && name(*meant) == activation.name) return;
  }
  fail(ErrorCode::internal, "no version of {} is the activation {}", onnx, activation.name);
}

/// A name for a part of what had the name; none where that had none.
std::string part_name(const std::string& name, std::string_view part) {
  return name.empty() ? "" : fmt::format("{}/{}", name, part);
}

/// Whether what a node makes may be followed by an activation, which its attributes name.
bool has_epilogue(const Node& node) {
  const std::string& op = node.op_type;
  return node.domain == "ranvier" &&
         (op == "Dense" || op == "Conv" || op == "LayerNormalization" || op == "RMSNormalization");
}

/// That activation as a node of its own, whose input is not set; nothing where there is none.
std::optional<Node> activation_of(const Node& of) {
  const operators::Epilogue epilogue = operators::epilogue_in(of);
  Node node{.name = part_name(of.name, name(epilogue)), .inputs = {graph::none}, .outputs = {of.outputs[0]}};
  if (const auto* of_rows = std::get_if<operators::RowActivation>(&epilogue.activation)) {
    node.op_type = *of_rows == operators::RowActivation::softmax ? "Softmax" : "LogSoftmax";
    node.version = 13;
    node.attributes["axis"] = std::int64_t{-1};
    return node;
  }
  const operators::ActivationRow& row = operators::describe(std::get<operators::Activation>(epilogue.activation));
  if (row.activation == operators::Activation::linear) return std::nullopt;
  for (std::size_t i = 0; i < row.parameters.size(); ++i) {
    const bool given = i < epilogue.parameters.size();
    node.attributes[std::string(row.parameters[i].name)] =
        given ? epilogue.parameters[i] : static_cast<float>(row.parameters[i].otherwise);
  }
  if (row.activation == operators::Activation::gelu_tanh) node.attributes["approximate"] = std::string("tanh");
  set_operator(node, row);
  return node;
}

/// A matrix with rows and columns exchanged.
Tensor transposed(const Tensor& matrix) {
  const Node transpose{.op_type = "Transpose", .version = 1, .inputs = {0}, .outputs = {0}};
  const Tensor* inputs[] = {&matrix};
  return operators::evaluate(*operators::find_operator("", "Transpose", 1), transpose, inputs)[0];
}

class Lowering {
 public:
  explicit Lowering(const Graph& graph) : graph_(graph), facts_(optimizer::facts_of(graph)), result_(graph) {}

  Graph lowered() && {
    for (const Node& node : graph_.nodes) {
      try {
        add(node);
      } catch (const Error& error) {
        throw error.within(node.describe(graph_));
      }
    }
    return std::move(result_).finish();
  }

 private:
  void add(const Node& node) {
    if (has_epilogue(node)) return add_with_activation(node);
    Node same = by_onnx_name(node);
    rewrite_subgraphs(same, [](const graph::Subgraph& body) { return without_own_operators(*body.graph); });
    result_.add(std::move(same));
  }

  static bool is_there(const std::vector<ValueId>& ids, std::size_t i) {
    return i < ids.size() && ids[i] != graph::none;
  }

  void add_with_activation(const Node& node) {
    if (!is_there(node.inputs, 0) || !is_there(node.inputs, 1) || !is_there(node.outputs, 0))
      fail(ErrorCode::invalid_model, "it needs two inputs and an output");
    Node before = node;
    std::optional<Node> activation = activation_of(node);
    if (activation)
      activation->inputs[0] = before.outputs[0] = result_.value(graph_.values[node.outputs[0]].name + "/before");
    before.attributes.erase("activation");
    before.attributes.erase("activation_parameters");
    node.op_type == "Dense" ? add_dense(before) : add_of_onnx(std::move(before));
    if (activation) result_.add(by_onnx_name(*std::move(activation)));
  }

  void add_of_onnx(Node node) {
    node.domain = "";
    node.version = node.op_type == "Conv" ? 1 : node.op_type == "LayerNormalization" ? 17 : 23;
    result_.add(std::move(node));
  }

  void add_dense(const Node& dense) {
    const ValueId sum = dense.outputs[0];
    const Fact& x = facts_[dense.inputs[0]];
    const bool has_bias = is_there(dense.inputs, 2);
    if (has_bias && x.whole && x.last.size() == 2) return add_gemm(dense, sum);
    add_product(dense, has_bias ? result_.value(part_name(dense.name, "product")) : sum, sum);
  }

  void add_gemm(const Node& dense, ValueId sum) {
    Node gemm{.name = dense.name, .op_type = "Gemm", .version = 11, .inputs = dense.inputs, .outputs = {sum}};
    if (dense.get<std::int64_t>("transB", 0) != 0) gemm.attributes["transB"] = std::int64_t{1};
    result_.add(std::move(gemm));
  }

  void add_product(const Node& dense, ValueId product, ValueId sum) {
    ValueId weights = dense.inputs[1];
    if (dense.get<std::int64_t>("transB", 0) != 0) {
      const Tensor* matrix = graph_.constant(weights);
      if (matrix == nullptr) fail(ErrorCode::unsupported, "its weights are transposed, and not constant");
      weights = result_.constant(graph_.values[weights].name + "/transposed", transposed(*matrix));
    }
    result_.add({.name = dense.name,
                 .op_type = "MatMul",
                 .version = 1,
                 .inputs = {dense.inputs[0], weights},
                 .outputs = {product}});
    if (product == sum) return;
    result_.add({.name = part_name(dense.name, "bias"),
                 .op_type = "Add",
                 .version = 7,
                 .inputs = {product, dense.inputs[2]},
                 .outputs = {sum}});
  }

  const Graph& graph_;
  const std::vector<Fact> facts_;
  Rewriting result_;
};

}  // namespace

Graph without_own_operators(const Graph& graph) { return Lowering(graph).lowered(); }

}  // namespace ranvier::writer
