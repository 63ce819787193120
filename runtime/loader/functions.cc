#include "runtime/loader/functions.h"

#include <algorithm>

#include "operators/table.h"
#include "runtime/core/error.h"
#include "runtime/loader/builder.h"

namespace ranvier::loader {
namespace {

std::string key(const std::string& domain, const std::string& name, const std::string& overload) {
  std::string text = normalized_domain(domain);
  for (const std::string* part : {&name, &overload}) text.append(1, '\0').append(*part);
  return text;
}

}  // namespace

std::string normalized_domain(const std::string& domain) { return domain == "ai.onnx" ? "" : domain; }

Opsets::Opsets(const onnx::ModelProto& model) {
  add(model.opset_import());
  if (model.ir_version() < 3) versions_.try_emplace("", 1);
}

Opsets::Opsets(const onnx::FunctionProto& function, const Opsets& model) {
  add(function.opset_import());
  versions_.insert(model.versions_.begin(), model.versions_.end());
}

void Opsets::add(const google::protobuf::RepeatedPtrField<onnx::OperatorSetIdProto>& imports) {
  for (const auto& import : imports) {
    std::int64_t& version = versions_.try_emplace(normalized_domain(import.domain()), import.version()).first->second;
    version = std::max<std::int64_t>(version, import.version());
  }
}

std::optional<std::int64_t> Opsets::version(const std::string& domain) const {
  const auto found = versions_.find(domain);
  return found == versions_.end() ? std::nullopt : std::optional(found->second);
}

OperatorId operator_of(const onnx::NodeProto& node, const Opsets& opsets) {
  const std::string domain = normalized_domain(node.domain());
  const std::optional<std::int64_t> version = opsets.version(domain);
  if (!version)
    fail(ErrorCode::invalid_model, "the model does not import the operator set of domain '{}'",
         domain.empty() ? "ai.onnx" : domain);
  return {domain, node.op_type(), *version};
}

std::string Function::name() const { return normalized_domain(proto.domain()) + "::" + proto.name(); }

std::optional<OperatorId> Function::spelled_out() const {
  if (proto.domain() != "ranvier") return std::nullopt;
  const std::string op_type = proto.name().substr(0, proto.name().find('_'));
  std::optional<OperatorId> oldest;
  for (const operators::Row& row : operators::table()) {
    if (row.name != op_type) continue;
    if (row.domain == proto.domain()) return OperatorId{proto.domain(), op_type, row.since};
    if (!oldest || row.since < oldest->version) oldest = OperatorId{"", op_type, row.since};
  }
  return oldest;
}

Functions::Functions(const onnx::ModelProto& model, const Opsets& opsets) {
  for (const auto& proto : model.functions()) {
    const Function function{proto, Opsets(proto, opsets), default_attributes(proto)};
    const std::string id = key(proto.domain(), proto.name(), overload(proto));
    if (!functions_.emplace(id, function).second)
      fail(ErrorCode::invalid_model, "the function '{}' is defined twice", function.name());
  }
}

const Function* Functions::find(const onnx::NodeProto& node) const {
  if (functions_.empty()) return nullptr;
  const auto found = functions_.find(key(node.domain(), node.op_type(), overload(node)));
  return found == functions_.end() ? nullptr : &found->second;
}

void Builder::call(Scope& scope, const onnx::NodeProto& proto, const Function& function) {
  const onnx::FunctionProto& body = function.proto;
  const Level level(*this);
  if (std::find(calls_.begin(), calls_.end(), &function) != calls_.end())
    fail(ErrorCode::invalid_model, "the function '{}' calls itself", function.name());
  if (proto.input_size() > body.input_size() || proto.output_size() > body.output_size())
    fail(ErrorCode::invalid_model, "it has {} inputs and {} outputs, the function takes {} and gives {}",
         proto.input_size(), proto.output_size(), body.input_size(), body.output_size());

  std::vector<graph::ValueId> inputs = read_inputs(scope, proto);
  inputs.resize(static_cast<std::size_t>(body.input_size()), graph::none);
  Arguments arguments = attributes(scope, proto, true);
  Scope inner{scope.home, nullptr, function.opsets, &arguments};
  inner.prefix = scope.prefix + (proto.name().empty() ? proto.op_type() : proto.name()) + "/";
  for (int i = 0; i < body.input_size(); ++i)
    if (!inner.names.emplace(body.input(i), inputs[static_cast<std::size_t>(i)]).second)
      fail(ErrorCode::invalid_model, "the function '{}' has its input '{}' twice", function.name(), body.input(i));
  for (int i = 0; i < proto.output_size(); ++i)
    if (!proto.output(i).empty()) inner.promised.emplace(body.output(i), scope.names.at(proto.output(i)));

  calls_.push_back(&function);
  for (const auto& missing : function.defaults) {
    if (arguments.contains(missing.name())) continue;
    if (auto value = attribute(inner, missing)) arguments.emplace(missing.name(), *std::move(value));
  }
  define_outputs(inner, body.node());
  for (const auto& node : body.node()) add_node(inner, node);
  for (int i = 0; i < proto.output_size(); ++i)
    if (!proto.output(i).empty()) pass_through(inner, body.output(i), scope.names.at(proto.output(i)));
  calls_.pop_back();
}

void Builder::pass_through(Scope& body, const std::string& output, graph::ValueId made) {
  const std::optional<graph::ValueId> source = resolve(body, output);
  if (!source || *source == graph::none)
    fail(ErrorCode::invalid_model, "the output '{}' of the function is made by nothing", output);
  if (*source == made) return;
  graph::Node node;
  node.name = body.prefix + output;
  node.op_type = "Identity";
  node.version = body.opsets.version("").value_or(1);
  node.inputs = {*source};
  node.outputs = {made};
  body.home.graph.nodes.push_back(std::move(node));
}

}  // namespace ranvier::loader
