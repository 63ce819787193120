#include "runtime/writer/graph_proto.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "runtime/core/error.h"
#include "runtime/loader/tensors.h"

namespace ranvier::writer {
namespace {

using graph::Graph;
using graph::Subgraph;
using graph::ValueId;

template <class T, class Field>
void copy(const std::vector<T>& list, Field* to) {
  for (const T& each : list) *to->Add() = each;
}

/// Sets the value of an attribute, but for one that is a graph.
struct ValueWriter {
  onnx::AttributeProto& to;

  void operator()(float value) const {
    to.set_type(onnx::AttributeProto::FLOAT);
    to.set_f(value);
  }
  void operator()(std::int64_t value) const {
    to.set_type(onnx::AttributeProto::INT);
    to.set_i(value);
  }
  void operator()(const std::string& value) const {
    to.set_type(onnx::AttributeProto::STRING);
    to.set_s(value);
  }
  void operator()(const Tensor& value) const {
    to.set_type(onnx::AttributeProto::TENSOR);
    loader::store(value, *to.mutable_t());
  }
  void operator()(const Subgraph&) const { fail(ErrorCode::internal, "a graph is not written as a plain attribute"); }
  void operator()(const std::vector<float>& values) const {
    to.set_type(onnx::AttributeProto::FLOATS);
    copy(values, to.mutable_floats());
  }
  void operator()(const std::vector<std::int64_t>& values) const {
    to.set_type(onnx::AttributeProto::INTS);
    copy(values, to.mutable_ints());
  }
  void operator()(const std::vector<std::string>& values) const {
    to.set_type(onnx::AttributeProto::STRINGS);
    copy(values, to.mutable_strings());
  }
  void operator()(const std::vector<Tensor>& values) const {
    to.set_type(onnx::AttributeProto::TENSORS);
    for (const Tensor& each : values) loader::store(each, *to.add_tensors());
  }
};

/// Elements that lie in memory at one place are one constant, in however many graphs it stands.
using Storage = std::tuple<const void*, DataType, std::vector<std::int64_t>>;

std::optional<Storage> storage(const Tensor& tensor) {
  if (tensor.elements() == 0) return std::nullopt;
  return Storage{tensor.data(), tensor.type(), {tensor.shape().begin(), tensor.shape().end()}};
}

/// Calls `visit` with each subgraph of the graph's nodes.
template <class Visit>
void for_each_subgraph(const Graph& graph, const Visit& visit) {
  for (const graph::Node& node : graph.nodes)
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* subgraph = std::get_if<Subgraph>(&attribute)) visit(*subgraph);
}

/// How a value is declared. What is not known is left out.
void write_info(const graph::Value& value, const std::string& name, onnx::ValueInfoProto& to) {
  to.set_name(name);
  if (value.type == DataType::undefined) return;
  onnx::TypeProto::Tensor& type = *to.mutable_type()->mutable_tensor_type();
  type.set_elem_type(static_cast<std::int32_t>(value.type));
  if (!value.shape) return;
  type.mutable_shape();
  for (const graph::Dimension& dim : *value.shape) {
    onnx::TensorShapeProto::Dimension& added = *type.mutable_shape()->add_dim();
    if (dim.known()) {
      added.set_dim_value(dim.size);
    } else if (!dim.symbol.empty()) {
      added.set_dim_param(dim.symbol);
    }
  }
}

/// The names of one graph's values, none of which a graph around it has.
class Names {
 public:
  Names(const Graph& graph, const Names* outer) : outer_(outer), names_(graph.values.size()) {}

  /// Gives a value its own name, or one like it that is free.
  void give(ValueId id, const Graph& graph) {
    if (names_[id].empty()) names_[id] = free_name(graph.values[id].name);
  }
  /// Lets a value be what has that name already.
  void set(ValueId id, const std::string& name) { names_[id] = name; }
  std::string free_name(const std::string& wanted) {
    std::string name = wanted.empty() ? "value" : wanted;
    for (std::size_t n = 1; has(name); ++n) name = fmt::format("{}_{}", wanted.empty() ? "value" : wanted, n);
    taken_.insert(name);
    return name;
  }
  bool outermost() const { return outer_ == nullptr; }
  /// "" for an absent value, or one without a name.
  std::string of(ValueId id) const { return id == graph::none ? "" : names_[id]; }

 private:
  bool has(const std::string& name) const { return taken_.contains(name) || (outer_ != nullptr && outer_->has(name)); }

  const Names* outer_;
  std::unordered_set<std::string> taken_;
  std::vector<std::string> names_;
};

class GraphWriter {
 public:
  explicit GraphWriter(ExternalFile& external) : external_(external) {}

  void write_model(const Graph& graph, const Graph& declared, onnx::GraphProto& to) {
    Names names(graph, nullptr);
    declare(graph.inputs, declared, declared.inputs, "input", names, *to.mutable_input());
    declare(graph.outputs, declared, declared.outputs, "output", names, *to.mutable_output());
    const std::vector<bool> written = name_values(graph, names);
    std::map<Storage, std::size_t> counts;
    for_each_subgraph(graph, [&](const Subgraph& subgraph) { share_repeated(*subgraph.graph, counts, names, to); });
    write_contents(graph, names, written, to);
  }

 private:
  /// Writes each constant that the subgraphs have a second time, so that all of them refer to it.
  void share_repeated(const Graph& graph, std::map<Storage, std::size_t>& counts, Names& names, onnx::GraphProto& to) {
    for (ValueId id = 0; id < graph.values.size(); ++id) {
      const graph::Value& value = graph.values[id];
      const auto key = value.constant ? storage(*value.constant) : std::nullopt;
      if (!key || std::ranges::count(graph.outputs, id) > 0 || shared_.contains(*key) || ++counts[*key] < 2) continue;
      const std::string name = names.free_name(value.name);
      write_initializer(*value.constant, name, to);
      shared_.emplace(*key, name);
    }
    for_each_subgraph(graph, [&](const Subgraph& inner) { share_repeated(*inner.graph, counts, names, to); });
  }

  /// Names all values that have no name yet. Returns which are constants that the model's own graph has once already.
  std::vector<bool> name_values(const Graph& graph, Names& names) {
    std::vector<bool> written(graph.values.size(), false);
    for (ValueId id = 0; id < graph.values.size(); ++id) {
      const Tensor* constant = names.of(id).empty() ? graph.constant(id) : nullptr;
      const auto key = constant == nullptr ? std::nullopt : storage(*constant);
      if (const auto found = key ? shared_.find(*key) : shared_.end(); found != shared_.end()) {
        names.set(id, found->second);
        written[id] = true;
        continue;
      }
      names.give(id, graph);
      if (key && names.outermost()) shared_.emplace(*key, names.of(id));
    }
    return written;
  }

  /// Inputs or outputs of the model, under the names that they have in the file.
  static void declare(const std::vector<ValueId>& ids, const Graph& declared, const std::vector<ValueId>& as,
                      std::string_view role, Names& names,
                      google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>& to) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const graph::Value& value = declared.values[as[i]];
      if (value.kind != graph::ValueKind::tensor)
        fail(ErrorCode::unsupported, "{} '{}' is of kind {}: only tensors are written", role, value.name,
             name(value.kind));
      if (names.of(ids[i]).empty()) names.set(ids[i], names.free_name(value.name));
      write_info(value, names.of(ids[i]), *to.Add());
    }
  }

  void write_subgraph(const Subgraph& subgraph, const Names& outer, onnx::GraphProto& to) {
    const Graph& graph = *subgraph.graph;
    Names names(graph, &outer);
    for (const auto& [from, inner] : subgraph.captures) names.set(inner, outer.of(from));
    for (const ValueId id : graph.inputs) names.give(id, graph);
    for (const ValueId id : graph.outputs) names.give(id, graph);
    for (const ValueId id : graph.inputs) write_info(graph.values[id], names.of(id), *to.add_input());
    for (const ValueId id : graph.outputs) write_info(graph.values[id], names.of(id), *to.add_output());
    write_contents(graph, names, name_values(graph, names), to);
  }

  /// Initializers but for those that are written already, nodes, and what is known of the values between them.
  void write_contents(const Graph& graph, const Names& names, const std::vector<bool>& written, onnx::GraphProto& to) {
    to.set_name(graph.name.empty() ? "graph" : graph.name);
    for (ValueId id = 0; id < graph.values.size(); ++id)
      if (graph.values[id].constant && !written[id]) write_initializer(*graph.values[id].constant, names.of(id), to);
    for (const graph::Node& node : graph.nodes) {
      write_node(node, names, *to.add_node());
      for (const ValueId id : node.outputs) {
        if (id == graph::none || graph.values[id].type == DataType::undefined) continue;
        if (std::ranges::count(graph.outputs, id) > 0) continue;
        write_info(graph.values[id], names.of(id), *to.add_value_info());
      }
    }
  }

  void write_node(const graph::Node& node, const Names& names, onnx::NodeProto& to) {
    to.set_name(node.name);
    if (!node.domain.empty()) to.set_domain(node.domain);
    to.set_op_type(node.op_type);
    for (const ValueId id : node.inputs) to.add_input(names.of(id));
    for (const ValueId id : node.outputs) to.add_output(names.of(id));
    for (const auto& [name, attribute] : node.attributes) {
      onnx::AttributeProto& added = *to.add_attribute();
      if (const auto* subgraph = std::get_if<Subgraph>(&attribute)) {
        added.set_name(name);
        added.set_type(onnx::AttributeProto::GRAPH);
        write_subgraph(*subgraph, names, *added.mutable_g());
      } else {
        write(name, attribute, added);
      }
    }
  }

  void write_initializer(const Tensor& tensor, const std::string& name, onnx::GraphProto& to) {
    constexpr std::size_t small = 1024;  // bytes that stay with the model, as shapes and other numbers for reading it
    onnx::TensorProto& proto = *to.add_initializer();
    if (external_.name.empty() || tensor.type() == DataType::string || tensor.bytes() < small) {
      loader::store(tensor, proto);
      proto.set_name(name);
      return;
    }
    constexpr std::size_t page = 4096;
    external_.size = (external_.size + page - 1) / page * page;
    proto.set_name(name);
    proto.set_data_type(static_cast<std::int32_t>(tensor.type()));
    for (const std::int64_t dim : tensor.shape()) proto.add_dims(dim);
    proto.set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] : {std::pair("location", external_.name),
                                     {"offset", std::to_string(external_.size)},
                                     {"length", std::to_string(tensor.bytes())}}) {
      onnx::StringStringEntryProto& entry = *proto.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
    external_.pieces.push_back({external_.size, tensor});
    external_.size += tensor.bytes();
  }

  ExternalFile& external_;
  std::map<Storage, std::string> shared_;  // the names of constants of the model's own graph
};

}  // namespace

void write(const std::string& name, const graph::Attribute& attribute, onnx::AttributeProto& to) {
  to.set_name(name);
  std::visit(ValueWriter{to}, attribute);
}

void write(const Graph& graph, const Graph& declared, ExternalFile& external, onnx::GraphProto& to) {
  GraphWriter(external).write_model(graph, declared, to);
}

}  // namespace ranvier::writer
