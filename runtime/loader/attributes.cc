#include <type_traits>

#include "runtime/core/error.h"
#include "runtime/loader/builder.h"

namespace ranvier::loader {
namespace {

using onnx::AttributeProto;

/// By number of AttributeProto.AttributeType; as graph::kind says it for those that a graph::Attribute can hold.
constexpr std::string_view names[] = {"undefined",      "float", "int",     "string",  "tensor", "graph",
                                      "floats",         "ints",  "strings", "tensors", "graphs", "sparse tensor",
                                      "sparse tensors", "type",  "types"};

std::string_view type_name(int type) { return names[type]; }

bool holds(const AttributeProto& proto, int type) {
  switch (type) {
    case AttributeProto::FLOAT: return proto.has_f();
    case AttributeProto::INT: return proto.has_i();
    case AttributeProto::STRING: return proto.has_s();
    case AttributeProto::TENSOR: return proto.has_t();
    case AttributeProto::GRAPH: return proto.has_g();
    case AttributeProto::SPARSE_TENSOR: return proto.has_sparse_tensor();
    case AttributeProto::TYPE_PROTO: return proto.has_tp();
    case AttributeProto::FLOATS: return proto.floats_size() > 0;
    case AttributeProto::INTS: return proto.ints_size() > 0;
    case AttributeProto::STRINGS: return proto.strings_size() > 0;
    case AttributeProto::TENSORS: return proto.tensors_size() > 0;
    case AttributeProto::GRAPHS: return proto.graphs_size() > 0;
    case AttributeProto::SPARSE_TENSORS: return proto.sparse_tensors_size() > 0;
    case AttributeProto::TYPE_PROTOS: return proto.type_protos_size() > 0;
    default: return false;
  }
}

/// The declared type, checked against the content; without one (older files) the type of the content. Numbers, strings
/// and lists that are declared but not there are 0 or empty: some writers leave those out.
int type_of(const AttributeProto& proto) {
  int found = AttributeProto::UNDEFINED;
  for (int type = AttributeProto::FLOAT; type <= AttributeProto::TYPE_PROTOS; ++type) {
    if (!holds(proto, type)) continue;
    if (proto.type() == type) return type;
    found = type;
  }
  const bool needs_content = proto.type() == AttributeProto::TENSOR || proto.type() == AttributeProto::GRAPH ||
                             proto.type() == AttributeProto::SPARSE_TENSOR;
  if (found == AttributeProto::UNDEFINED) {
    if (proto.type() == AttributeProto::UNDEFINED) fail(ErrorCode::invalid_model, "it has no type and no content");
    if (needs_content) fail(ErrorCode::invalid_model, "its {} is missing", type_name(proto.type()));
    return proto.type();
  }
  if (proto.type() != AttributeProto::UNDEFINED)
    fail(ErrorCode::invalid_model, "it is declared as {}, but holds {}", type_name(proto.type()), type_name(found));
  return found;
}

bool can_be_held(int type) {
  return type != AttributeProto::GRAPHS && type != AttributeProto::SPARSE_TENSORS &&
         type != AttributeProto::TYPE_PROTO && type != AttributeProto::TYPE_PROTOS;
}

template <class T, class Field>
std::vector<T> list(const Field& field) {
  return {field.begin(), field.end()};
}

/// What a copy of the attribute takes, tensors and graphs aside, which copies share.
std::size_t bytes(const graph::Attribute& attribute) {
  return std::visit(
      [](const auto& value) -> std::size_t {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string>) {
          return value.size();
        } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
          std::size_t sum = 0;
          for (const std::string& each : value) sum += sizeof(each) + each.size();
          return sum;
        } else if constexpr (std::is_same_v<T, graph::Subgraph>) {
          return value.captures.size() * sizeof(graph::Capture);
        } else if constexpr (requires { value.begin(); }) {
          return value.size() * sizeof(value[0]);
        } else {
          return sizeof(value);
        }
      },
      attribute);
}

}  // namespace

Builder::Arguments Builder::attributes(Scope& scope, const onnx::NodeProto& proto, bool known_operator) {
  const bool is_constant = proto.op_type() == "Constant" && normalized_domain(proto.domain()).empty();
  Arguments result;
  for (const AttributeProto& each : proto.attribute()) {
    try {
      if (each.ref_attr_name().empty() && !can_be_held(type_of(each))) {
        attributes_not_held_.push_back(
            {fmt::format("{}: attribute '{}': attributes of kind {} are not supported", describe(proto, scope.opsets),
                         each.name(), type_name(type_of(each))),
             known_operator});
        continue;
      }
      std::optional<graph::Attribute> value = attribute(scope, each);
      if (!value) continue;
      // A sparse constant is a dense one by now.
      const std::string name = is_constant && each.name() == "sparse_value" ? "value" : each.name();
      if (!result.emplace(name, *std::move(value)).second) fail(ErrorCode::invalid_model, "the node has it twice");
    } catch (const Error& error) {
      throw error.within(fmt::format("attribute '{}'", each.name()));
    }
  }
  return result;
}

std::optional<graph::Attribute> Builder::attribute(Scope& scope, const AttributeProto& proto) {
  if (!proto.ref_attr_name().empty()) return argument(scope, proto);
  switch (const int type = type_of(proto)) {
    case AttributeProto::FLOAT: return proto.f();
    case AttributeProto::INT: return std::int64_t{proto.i()};
    case AttributeProto::STRING: return proto.s();
    case AttributeProto::TENSOR: return tensor(proto.t());
    case AttributeProto::SPARSE_TENSOR: return tensor(proto.sparse_tensor());
    case AttributeProto::GRAPH: return subgraph(scope, proto.g());
    case AttributeProto::FLOATS: return list<float>(proto.floats());
    case AttributeProto::INTS: return list<std::int64_t>(proto.ints());
    case AttributeProto::STRINGS: return list<std::string>(proto.strings());
    case AttributeProto::TENSORS: {
      std::vector<Tensor> tensors;
      for (const auto& each : proto.tensors()) tensors.push_back(tensor(each));
      return tensors;
    }
    default: fail(ErrorCode::unsupported, "attributes of kind {} are not supported", type_name(type));
  }
}

std::optional<graph::Attribute> Builder::argument(Scope& scope, const AttributeProto& proto) {
  const std::string& name = proto.ref_attr_name();
  if (scope.arguments == nullptr)
    fail(ErrorCode::invalid_model, "it refers to attribute '{}' of a function, but the node is in none", name);
  const auto found = scope.arguments->find(name);
  if (found == scope.arguments->end()) return std::nullopt;
  const graph::Attribute& value = found->second;
  const bool was_sparse = proto.type() == AttributeProto::SPARSE_TENSOR && kind(value) == "tensor";
  if (proto.type() != AttributeProto::UNDEFINED && kind(value) != type_name(proto.type()) && !was_sparse)
    fail(ErrorCode::invalid_model, "it is of kind {}, but the call gives '{}' as {}", type_name(proto.type()), name,
         kind(value));
  if (std::holds_alternative<graph::Subgraph>(value) && !scope.arguments_here)
    fail(ErrorCode::unsupported, "the graph that the call gives as '{}' is used inside another graph", name);
  charge(bytes(value));
  return value;
}

graph::Subgraph Builder::subgraph(Scope& scope, const onnx::GraphProto& proto) {
  const Level level(*this);
  Home home;
  Scope inner{home, &scope, scope.opsets, scope.arguments, false, scope.prefix};
  fill(inner, proto, nullptr);
  return {std::make_shared<const graph::Graph>(std::move(home.graph)), std::move(home.captures)};
}

Tensor Builder::tensor(const onnx::TensorProto& proto) {
  return shared(&proto, [&] { return tensors_.dense(proto); });
}

Tensor Builder::taken(onnx::TensorProto& proto) {
  return shared(&proto, [&] { return tensors_.take(proto); });
}

Tensor Builder::tensor(const onnx::SparseTensorProto& proto) {
  return shared(&proto, [&] { return tensors_.sparse(proto); });
}

}  // namespace ranvier::loader
