// Graphs as ONNX files.
#include <functional>

#include "runtime/loader/messages.h"
#include "tests/random_graphs/example.h"

namespace ranvier::random_graphs {
namespace {

using graph::Node;
using graph::Value;
using graph::ValueId;

constexpr char old_domain[] = "old";

void write(onnx::TensorProto* to, const std::string& name, const Tensor& tensor) {
  to->set_name(name);
  to->set_data_type(static_cast<int>(tensor.type()));
  for (const std::int64_t size : tensor.shape()) to->add_dims(size);
  to->set_raw_data(tensor.data(), tensor.bytes());
}

void write(onnx::AttributeProto* to, const std::string& name, const graph::Attribute& attribute) {
  to->set_name(name);
  if (const auto* number = std::get_if<float>(&attribute)) {
    to->set_type(onnx::AttributeProto::FLOAT);
    to->set_f(*number);
  } else if (const auto* integer = std::get_if<std::int64_t>(&attribute)) {
    to->set_type(onnx::AttributeProto::INT);
    to->set_i(*integer);
  } else if (const auto* word = std::get_if<std::string>(&attribute)) {
    to->set_type(onnx::AttributeProto::STRING);
    to->set_s(*word);
  } else if (const auto* list = std::get_if<std::vector<std::int64_t>>(&attribute)) {
    to->set_type(onnx::AttributeProto::INTS);
    for (const std::int64_t each : *list) to->add_ints(each);
  } else {
    to->set_type(onnx::AttributeProto::TENSOR);
    write(to->mutable_t(), "", std::get<Tensor>(attribute));
  }
}

void write(onnx::ValueInfoProto* to, const Value& value) {
  to->set_name(value.name);
  auto* tensor = to->mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(static_cast<int>(value.type));
  if (!value.shape) return;
  tensor->mutable_shape();  // that of a scalar has no dimensions
  for (const graph::Dimension& dimension : *value.shape) {
    auto* to_dimension = tensor->mutable_shape()->add_dim();
    if (dimension.known()) to_dimension->set_dim_value(dimension.size);
    if (!dimension.known() && !dimension.symbol.empty()) to_dimension->set_dim_param(dimension.symbol);
  }
}

using Name = std::function<std::string(const std::vector<ValueId>& ids, std::size_t i)>;

void write(onnx::NodeProto* to, const Node& node, const Name& name) {
  to->set_name(node.name);
  to->set_op_type(node.op_type);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) to->add_input(name(node.inputs, i));
  for (std::size_t i = 0; i < node.outputs.size(); ++i) to->add_output(name(node.outputs, i));
  for (const auto& [attribute, contents] : node.attributes) write(to->add_attribute(), attribute, contents);
}

/// A function that is the node, and imports its opset.
void write_function(onnx::ModelProto* model, onnx::NodeProto* call, const Node& node) {
  onnx::FunctionProto* function = model->add_functions();
  function->set_domain(old_domain);
  function->set_name(node.op_type + "_" + std::to_string(model->functions_size()));
  function->add_opset_import()->set_version(node.version);
  const auto parameter = [&](const std::vector<ValueId>& ids, std::size_t i) -> std::string {
    return ids[i] == graph::none ? "" : (&ids == &node.inputs ? "in" : "out") + std::to_string(i);
  };
  write(function->add_node(), node, parameter);
  function->mutable_node(0)->clear_name();
  for (std::size_t i = 0; i < node.inputs.size(); ++i) function->add_input("in" + std::to_string(i));
  for (std::size_t i = 0; i < node.outputs.size(); ++i) function->add_output("out" + std::to_string(i));
  call->set_domain(old_domain);
  call->set_op_type(function->name());
  call->clear_attribute();
}

}  // namespace

std::string model_bytes(const Example& example) {
  const graph::Graph& graph = example.graph;
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(example.opset);
  onnx::GraphProto* to = model.mutable_graph();
  to->set_name("random");
  for (const ValueId id : graph.inputs) write(to->add_input(), graph.values[id]);
  for (const ValueId id : graph.outputs) write(to->add_output(), graph.values[id]);
  for (const Value& value : graph.values)
    if (value.constant) write(to->add_initializer(), value.name, *value.constant);
  for (const Value& value : graph.values)  // inputs and outputs may be there twice
    if (value.shape && !value.constant) write(to->add_value_info(), value);
  const auto name = [&](const std::vector<ValueId>& ids, std::size_t i) {
    return ids[i] == graph::none ? "" : graph.values[ids[i]].name;
  };
  for (const Node& node : graph.nodes) {
    onnx::NodeProto* to_node = to->add_node();
    write(to_node, node, name);
    if (node.version != example.opset) write_function(&model, to_node, node);
  }
  if (model.functions_size() > 0) {
    auto* import = model.add_opset_import();
    import->set_domain(old_domain);
    import->set_version(1);
  }
  return loader::serialize(model);
}

}  // namespace ranvier::random_graphs
