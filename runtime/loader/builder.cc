#include "runtime/loader/builder.h"

#include "operators/table.h"
#include "runtime/core/error.h"
#include "runtime/loader/declared.h"

namespace ranvier::loader {
namespace {

using google::protobuf::RepeatedPtrField;
using graph::ValueId;

/// `wanted`, or with a number behind it where that name is taken already.
std::string unique_name(std::unordered_map<std::string, std::size_t>& taken, const std::string& wanted) {
  const auto [entry, is_new] = taken.try_emplace(wanted, 0);
  if (is_new) return wanted;
  std::size_t& asked = entry->second;
  while (true) {
    const std::string candidate = fmt::format("{}_{}", wanted, ++asked);
    if (taken.try_emplace(candidate, 0).second) return candidate;
  }
}

/// Runs `function`; the message of what it throws gets the node before it.
template <class Function>
void within_node(const onnx::NodeProto& proto, const Opsets& opsets, const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    throw error.within(describe(proto, opsets));
  }
}

}  // namespace

std::string describe(const onnx::NodeProto& proto, const Opsets& opsets) {
  const std::string domain = normalized_domain(proto.domain());
  std::string name = proto.name();
  if (name.empty() && proto.output_size() > 0) name = "-> " + proto.output(0);
  const std::optional<std::int64_t> version = opsets.version(domain);
  return fmt::format("node '{}' ({}{}{}{})", name, domain, domain.empty() ? "" : "::", proto.op_type(),
                     version ? fmt::format(", opset {}", *version) : "");
}

Builder::Builder(const onnx::ModelProto& model, TensorReader& tensors, const Options& options)
    : tensors_(tensors),
      options_(options),
      opsets_(model),
      functions_(model, opsets_),
      ir_version_(model.ir_version()) {}

Builder::Level::Level(Builder& builder) : builder_(builder) {
  if (builder_.levels_ == most_levels)
    fail(ErrorCode::unsupported, "subgraphs and functions nest deeper than {} levels", most_levels);
  ++builder_.levels_;
}

void Builder::charge(std::size_t bytes) {
  copied_bytes_ += bytes;
  if (copied_bytes_ > most_copied_bytes)
    fail(ErrorCode::unsupported, "the model's functions and subgraphs repeat more than {} bytes", most_copied_bytes);
}

graph::Graph Builder::build(onnx::GraphProto& proto) {
  Home home;
  Scope scope{home, nullptr, opsets_};
  fill(scope, proto, &proto);
  if (home.graph.outputs.empty()) fail(ErrorCode::invalid_model, "the graph has no outputs");
  return std::move(home.graph);
}

void Builder::fill(Scope& scope, const onnx::GraphProto& proto, onnx::GraphProto* emptied) {
  graph::Graph& graph = scope.home.graph;
  graph.name = proto.name();
  add_inputs(scope, proto);
  add_initializers(scope, proto, emptied);
  define_outputs(scope, proto.node());
  for (const auto& info : proto.value_info()) add_declared(scope, info);
  for (const auto& info : proto.output()) add_declared(scope, info);
  for (const auto& node : proto.node()) add_node(scope, node);
  for (const auto& output : proto.output()) {
    const std::optional<ValueId> id = resolve(scope, output.name());
    if (!id || *id == graph::none)
      fail(ErrorCode::invalid_model, "the graph output '{}' is made by nothing", output.name());
    graph.outputs.push_back(*id);
  }
  sort_topologically(graph);
}

void Builder::add_inputs(Scope& scope, const onnx::GraphProto& proto) {
  graph::Graph& graph = scope.home.graph;
  for (const auto& input : proto.input()) {
    try {
      const ValueId id = define(scope, input.name());
      declare(graph.values[id], input.type());
      graph.inputs.push_back(id);
    } catch (const Error& error) {
      throw error.within(fmt::format("input '{}'", input.name()));
    }
  }
}

void Builder::add_initializers(Scope& scope, const onnx::GraphProto& proto, onnx::GraphProto* emptied) {
  for (int i = 0; i < proto.initializer_size(); ++i)
    add_initializer(scope, proto.initializer(i).name(),
                    emptied == nullptr ? tensor(proto.initializer(i)) : taken(*emptied->mutable_initializer(i)));
  for (const auto& sparse : proto.sparse_initializer()) add_initializer(scope, sparse.values().name(), tensor(sparse));
  if (ir_version_ >= 4) return;
  // Before IR version 4 all initializers had to be listed as inputs; they are constants all the same.
  graph::Graph& graph = scope.home.graph;
  std::erase_if(graph.inputs, [&](ValueId id) { return graph.values[id].constant.has_value(); });
}

void Builder::add_initializer(Scope& scope, const std::string& name, Tensor tensor) {
  graph::Graph& graph = scope.home.graph;
  try {
    const auto found = scope.names.find(name);
    const bool is_input = found != scope.names.end() && !graph.values[found->second].constant;
    graph::Value& value = graph.values[is_input ? found->second : define(scope, name)];
    if (value.type != DataType::undefined && value.type != tensor.type())
      fail(ErrorCode::invalid_model, "it has type {}, the input of that name has {}", ranvier::name(tensor.type()),
           ranvier::name(value.type));
    value.type = tensor.type();
    value.overridable = is_input && ir_version_ >= 4;
    // What may be given instead of a default follows the declared shape.
    if (!value.overridable || !value.shape) {
      value.shape.emplace();
      for (const std::int64_t dim : tensor.shape()) value.shape->push_back({dim, ""});
    }
    value.constant = std::move(tensor);
  } catch (const Error& error) {
    throw error.within(fmt::format("initializer '{}'", name));
  }
}

void Builder::add_declared(Scope& scope, const onnx::ValueInfoProto& info) {
  const auto found = scope.names.find(info.name());
  if (found == scope.names.end()) return;
  graph::Value& value = scope.home.graph.values[found->second];
  if (value.constant || value.type != DataType::undefined || value.shape) return;
  try {
    declare(value, info.type());
  } catch (const Error& error) {
    throw error.within(fmt::format("value '{}'", info.name()));
  }
}

void Builder::define_outputs(Scope& scope, const RepeatedPtrField<onnx::NodeProto>& nodes) {
  for (const auto& node : nodes) {
    within_node(node, scope.opsets, [&] {
      for (const std::string& output : node.output())
        if (!output.empty()) define(scope, output);
    });
  }
}

void Builder::add_node(Scope& scope, const onnx::NodeProto& proto) {
  if (++nodes_ > options_.node_limit)
    fail(ErrorCode::unsupported, "the model has more than {} nodes, those of its functions included",
         options_.node_limit);
  within_node(proto, scope.opsets, [&] {
    if (!calls_.empty())
      charge(proto.ByteSizeLong() + scope.prefix.size() * (static_cast<std::size_t>(proto.output_size()) + 2));
    graph::Node node;
    node.custom = custom_operator_of(proto, scope.opsets);
    const Function* function = node.custom == nullptr ? functions_.find(proto) : nullptr;
    std::optional<OperatorId> op = function == nullptr ? operator_of(proto, scope.opsets) : function->spelled_out();
    if (!op) return call(scope, proto, *function);
    node.name = scope.prefix + proto.name();
    node.domain = std::move(op->domain);
    node.op_type = std::move(op->op_type);
    node.version = op->version;
    node.inputs = read_inputs(scope, proto);
    for (const std::string& output : proto.output())
      node.outputs.push_back(output.empty() ? graph::none : scope.names.at(output));
    node.attributes = attributes(scope, proto, node.custom != nullptr || operators::known(node.domain, node.op_type));
    scope.home.graph.nodes.push_back(std::move(node));
  });
}

std::shared_ptr<const CustomOperator> Builder::custom_operator_of(const onnx::NodeProto& proto,
                                                                  const Opsets& opsets) const {
  const std::string domain = normalized_domain(proto.domain());
  const std::optional<std::int64_t> version = opsets.version(domain);
  return version ? options_.operators.find(domain, proto.op_type(), *version) : nullptr;
}

std::vector<ValueId> Builder::read_inputs(Scope& scope, const onnx::NodeProto& proto) {
  std::vector<ValueId> ids;
  for (const std::string& input : proto.input()) {
    const std::optional<ValueId> id = input.empty() ? graph::none : resolve(scope, input);
    if (!id) fail(ErrorCode::invalid_model, "input {}, '{}', is made by nothing", ids.size(), input);
    ids.push_back(*id);
  }
  return ids;
}

ValueId Builder::define(Scope& scope, const std::string& name) {
  if (name.empty()) fail(ErrorCode::invalid_model, "the name is missing");
  if (scope.names.contains(name)) fail(ErrorCode::invalid_model, "a value '{}' exists already", name);
  const auto promise = scope.promised.find(name);
  ValueId id = graph::none;
  if (promise != scope.promised.end()) {
    id = promise->second;
  } else {
    graph::Value value;
    value.name = unique_name(scope.home.taken, scope.prefix + name);
    id = scope.home.graph.add_value(std::move(value));
  }
  scope.names.emplace(name, id);
  return id;
}

std::optional<ValueId> Builder::resolve(Scope& scope, const std::string& name) {
  const auto found = scope.names.find(name);
  if (found != scope.names.end()) return found->second;
  if (scope.outer == nullptr) return std::nullopt;
  const std::optional<ValueId> outer = resolve(*scope.outer, name);
  if (!outer) return std::nullopt;
  const ValueId id = *outer == graph::none ? graph::none : import(scope, name, *outer);
  scope.names.emplace(name, id);
  return id;
}

ValueId Builder::import(Scope& scope, const std::string& name, ValueId outer) {
  const graph::Graph& around = scope.outer->home.graph;
  const graph::Value& source = around.values[outer];
  graph::Value value;
  value.name = unique_name(scope.home.taken, name);
  value.type = source.type;
  value.kind = source.kind;
  value.shape = source.shape;
  if (value.shape)
    for (const graph::Dimension& dim : *value.shape) charge(sizeof(dim) + dim.symbol.size());
  const bool is_constant = around.constant(outer) != nullptr;
  if (is_constant) value.constant = source.constant;
  const ValueId inner = scope.home.graph.add_value(std::move(value));
  if (!is_constant) scope.home.captures.push_back({outer, inner});
  return inner;
}

}  // namespace ranvier::loader
