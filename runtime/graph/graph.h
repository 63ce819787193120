// The graph that the loader builds, the optimizer rewrites and the planner specialises.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ranvier/tensor.h"
#include "runtime/core/error.h"

namespace ranvier {
struct CustomOperator;
}

namespace ranvier::graph {

class Graph;

/// The index of a value in its graph.
using ValueId = std::uint32_t;
/// The index of a node in its graph.
using NodeId = std::uint32_t;

/// In a node's inputs or outputs: this optional one is absent. As a value's producer: it has none.
inline constexpr std::uint32_t none = ~0u;

/// One dimension of a declared shape: a number, a named unknown ("batch"), or an unknown without a name.
struct Dimension {
  std::int64_t size = -1;  ///< -1: unknown.
  std::string symbol;      ///< Empty: no name.

  bool known() const { return size >= 0; }
  friend bool operator==(const Dimension&, const Dimension&) = default;
};

/// A declared shape; no value where even the rank is unknown.
using DeclaredShape = std::optional<std::vector<Dimension>>;

/// "[batch, 16]", with "?" for the unnamed; "unknown rank" without a value.
std::string to_string(const DeclaredShape& shape);

/// What a value is. Only tensors can be computed with; the others are kept so that whoever meets one can say so.
enum class ValueKind : std::uint8_t { tensor, sequence, map, optional, sparse_tensor };

/// "tensor", "sequence", ...
std::string_view name(ValueKind kind);

/// What flows between nodes.
struct Value {
  std::string name = {};
  DataType type = DataType::undefined;  ///< As declared; undefined where the file does not say, or for no tensor.
  DeclaredShape shape = {};
  /// The contents, where the file gives them: an initializer.
  std::optional<Tensor> constant = {};
  /// A graph input whose `constant` is only its default: the caller may give another.
  bool overridable = false;
  /// As declared; a tensor where the file does not say.
  ValueKind kind = ValueKind::tensor;
  std::uint32_t tag = none;  ///< Whatever somebody marks it with, to know it again in the graphs that patches make.
};

/// A value of the graph around that a subgraph uses.
struct Capture {
  ValueId outer = none;  ///< In the graph around.
  ValueId inner = none;  ///< In the subgraph.
};

/// The body of If, Loop, Scan and their like.
struct Subgraph {
  std::shared_ptr<const Graph> graph;
  std::vector<Capture> captures;
};

/// The value of a node's attribute. Sparse tensors are dense ones by now.
using Attribute = std::variant<float, std::int64_t, std::string, Tensor, Subgraph, std::vector<float>,
                               std::vector<std::int64_t>, std::vector<std::string>, std::vector<Tensor>>;

/// The kind of an attribute in words: "float", "int", "string", "tensor", "graph", "floats", ...
std::string_view kind(const Attribute& attribute);

/// An attribute in short: 0.5, "none", [1, -1], float[3, 2], graph of 7 nodes.
std::string to_text(const Attribute& attribute);

/// One application of an operator.
struct Node {
  std::string name = {};    ///< From the file; may be empty.
  std::string domain = {};  ///< "" is ONNX' own.
  std::string op_type = {};
  std::int64_t version = 0;  ///< Of the domain's operator set, as the model (or function) imports it.
  std::vector<ValueId> inputs = {};
  std::vector<ValueId> outputs = {};
  std::map<std::string, Attribute, std::less<>> attributes = {};
  std::uint32_t tag = none;  ///< As Value::tag.
  /// What it applies, where that is an operator of the user's own: it is in no table then.
  std::shared_ptr<const CustomOperator> custom = {};

  /// "node 'dense/MatMul' (MatMul, opset 17)"; without a name by what it makes: "node '-> y' (MatMul, opset 17)".
  std::string describe(const Graph& graph) const;
  /// The same by its name alone, where no graph is at hand.
  std::string describe() const;

  bool has(std::string_view attribute) const { return attributes.find(attribute) != attributes.end(); }

  /// The attribute as a T. @throws Error invalid_model where it is missing or of another kind.
  template <class T>
  const T& required(std::string_view attribute) const {
    const T* found = find<T>(attribute);
    if (found == nullptr) fail(ErrorCode::invalid_model, "attribute '{}' is missing", attribute);
    return *found;
  }

  /// The attribute as a T, or `otherwise`. @throws Error invalid_model where it is of another kind.
  template <class T>
  T get(std::string_view attribute, T otherwise) const {
    const T* found = find<T>(attribute);
    return found == nullptr ? otherwise : *found;
  }

  /// The attribute as a T; null where it is missing. @throws Error invalid_model where it is of another kind.
  template <class T>
  const T* find(std::string_view attribute) const {
    const auto found = attributes.find(attribute);
    if (found == attributes.end()) return nullptr;
    const T* value = std::get_if<T>(&found->second);
    if (value == nullptr) wrong_kind(attribute, found->second, Attribute(T{}));
    return value;
  }

 private:
  [[noreturn]] static void wrong_kind(std::string_view name, const Attribute& got, const Attribute& expected);
};

/// Values and the nodes between them, in topological order. A plain value: the optimizer makes new ones.
class Graph {
 public:
  std::string name;
  std::vector<Value> values;
  std::vector<Node> nodes;
  std::vector<ValueId> inputs;   ///< In the file's order, without initializers that are not overridable.
  std::vector<ValueId> outputs;  ///< In the file's order; a value may stand here twice.

  ValueId add_value(Value value) {
    values.push_back(std::move(value));
    return static_cast<ValueId>(values.size() - 1);
  }

  /// The contents of a value that is the same in every run; null where it is not.
  const Tensor* constant(ValueId id) const {
    return id != none && values[id].constant && !values[id].overridable ? &*values[id].constant : nullptr;
  }
};

/// The values that a node reads: its inputs and what its subgraphs capture, without the absent ones.
std::vector<ValueId> values_read(const Node& node);

/// For each value, the node that makes it, or `none`.
std::vector<NodeId> producers(const Graph& graph);

/// For each value, how many nodes read it (once for each place), plus one for each time it is a graph output.
std::vector<std::uint32_t> use_counts(const Graph& graph);

/// Puts the nodes into topological order, keeping the given order where it is one.
/// @throws Error invalid_model that names the nodes of a cycle.
void sort_topologically(Graph& graph);

/// Checks what every stage relies on: ids in range, each value made once, no constant or input made by a node, nodes
/// in topological order, outputs reachable. @throws Error `code` that says what is wrong and where.
void verify(const Graph& graph, ErrorCode code = ErrorCode::internal);

/// The graph as text, one node a line.
std::string to_text(const Graph& graph);

}  // namespace ranvier::graph
