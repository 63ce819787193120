#include "tools/layers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string_view>

#include "operators/matmul/einsum_equation.h"
#include "runtime/core/data_type.h"
#include "runtime/executor/machine.h"

namespace ranvier::tools {
namespace {

using graph::DeclaredShape;
using graph::Graph;
using graph::Node;
using graph::ValueId;

constexpr std::array<std::string_view, 36> movers = {"Cast",           "CastLike",
                                                     "Compress",       "Concat",
                                                     "Constant",       "ConstantOfShape",
                                                     "DepthToSpace",   "DequantizeLinear",
                                                     "Dropout",        "Expand",
                                                     "Flatten",        "Gather",
                                                     "GatherElements", "GatherND",
                                                     "Identity",       "NonZero",
                                                     "OneHot",         "Pad",
                                                     "Range",          "Reshape",
                                                     "Reverse",        "ReverseSequence",
                                                     "Scatter",        "ScatterElements",
                                                     "ScatterND",      "Shape",
                                                     "Size",           "Slice",
                                                     "SpaceToDepth",   "Split",
                                                     "Squeeze",        "Tile",
                                                     "Transpose",      "Trilu",
                                                     "Unsqueeze",      "Where"};

/// A size for counting: the number, the factor of "16*batch", else 1.
std::int64_t size_of(const graph::Dimension& dim) {
  if (dim.known()) return dim.size;
  std::int64_t factor = 1;
  const char* const end = dim.symbol.data() + dim.symbol.size();
  const auto [after, error] = std::from_chars(dim.symbol.data(), end, factor);
  return error == std::errc() && after != end && *after == '*' ? factor : 1;
}

/// The sizes of a shape from dimension `first` on, multiplied; saturates, for nobody reads more digits.
std::int64_t product(const DeclaredShape& shape, std::size_t first = 0) {
  std::int64_t result = shape ? 1 : 0;
  for (std::size_t i = first; shape && i < shape->size(); ++i)
    if (__builtin_mul_overflow(result, size_of((*shape)[i]), &result)) return INT64_MAX;
  return result;
}

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? INT64_MAX : result;
}

class Counter {
 public:
  Counter(const Graph& graph, const std::vector<DeclaredShape>& shapes, const std::optional<Sources>& sources)
      : graph_(graph), shapes_(shapes), sources_(sources) {}

  Layer layer(std::size_t n) {
    const Node& node = graph_.nodes[n];
    Layer layer;
    layer.op = operator_text(node);
    layer.name = node.name;
    if (!node.outputs.empty() && node.outputs[0] != graph::none) {
      const graph::Value& output = graph_.values[node.outputs[0]];
      if (layer.name.empty()) layer.name = output.name;
      layer.type = output.type;
      layer.shape = shape(node.outputs[0]);
    }
    const Weights own = weights(graph_, node, counted_);
    layer.parameters = own.elements;
    layer.bytes = own.bytes;
    if (sources_ && own.elements > 0) layer.parameters = parameters_in_file(sources_->origins[n]);
    layer.flops = flops(node);
    return layer;
  }

 private:
  DeclaredShape shape(ValueId id) const {
    if (id == graph::none) return std::nullopt;
    if (id < shapes_.size() && shapes_[id]) return shapes_[id];
    const graph::Value& value = graph_.values[id];
    if (!value.constant) return value.shape;
    std::vector<graph::Dimension> dims;
    for (const std::int64_t dim : value.constant->shape()) dims.push_back({dim, ""});
    return dims;
  }

  DeclaredShape input(const Node& node, std::size_t i) const {
    return i < node.inputs.size() ? shape(node.inputs[i]) : std::nullopt;
  }

  struct Weights {
    std::int64_t elements = 0;
    std::int64_t bytes = 0;
  };

  using Counted = std::set<const void*>;  ///< Weights by the address of their elements.

  /// Adds the weights of a node that are not counted yet, subgraphs included.
  static void add(const Graph& graph, const Node& node, Counted& counted, Weights& to) {
    const bool moves = moves_only(node.op_type) && node.op_type != "DequantizeLinear";
    for (const ValueId id : node.inputs) {
      if (id == graph::none || !graph.values[id].constant || node.op_type == "Shape") continue;
      const Tensor& tensor = *graph.values[id].constant;
      const DataType type = tensor.type();
      const bool helper = type == DataType::int64 || type == DataType::boolean || type == DataType::string;
      if (helper || (moves && !FloatTypes::set.contains(type)) || tensor.shape().empty()) continue;
      if (!counted.insert(tensor.data()).second) continue;
      to.elements += tensor.elements();
      to.bytes += static_cast<std::int64_t>(tensor.bytes());
    }
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* body = std::get_if<graph::Subgraph>(&attribute))
        for (const Node& inner : body->graph->nodes) add(*body->graph, inner, counted, to);
  }

  static Weights weights(const Graph& graph, const Node& node, Counted& counted) {
    Weights result;
    add(graph, node, counted, result);
    return result;
  }

  std::int64_t parameters_in_file(const optimizer::Origin& origin) {
    Weights result;
    for (const auto* nodes : {&origin.nodes, &origin.folded})
      for (const graph::NodeId n : *nodes) add(sources_->file, sources_->file.nodes[n], counted_in_file_, result);
    return result.elements;
  }

  /// Wherever the indices go, a multiplication for each input but the first, and an addition where one is summed over.
  std::optional<std::int64_t> einsum_flops(const Node& node) const {
    try {
      std::vector<Shape> shapes;
      for (const ValueId id : node.inputs) {
        const DeclaredShape declared = shape(id);
        if (!declared) return std::nullopt;
        shapes.emplace_back();
        for (const graph::Dimension& dim : *declared) shapes.back().push_back(size_of(dim));
      }
      const operators::Einsum einsum = operators::parse_einsum(node.get<std::string>("equation", ""), shapes);
      std::int64_t result = std::ssize(shapes) - 1;
      if (einsum.output.size() < einsum.sizes.size()) ++result;
      for (const std::int64_t size : einsum.sizes) result = times(result, size);
      return result;
    } catch (const Error&) {  // `check` says what is wrong
      return std::nullopt;
    }
  }

  std::int64_t flops(const Node& node) const {
    const std::string& op = node.op_type;
    const std::int64_t outputs = node.outputs.empty() ? 0 : product(shape(node.outputs[0]));
    const DeclaredShape a = input(node, 0);
    const DeclaredShape b = input(node, 1);
    if (moves_only(op)) return 0;
    if (op == "MatMul" || op == "Gemm" || op == "MatMulInteger" || op == "Dense") {
      const auto* transposed = op == "Gemm" ? node.find<std::int64_t>("transA") : nullptr;
      if (!a || a->empty()) return 0;
      const std::size_t axis = transposed != nullptr && *transposed != 0 ? 0 : a->size() - 1;
      return times(times(2, outputs), size_of((*a)[axis]));
    }
    if (op == "Einsum") return einsum_flops(node).value_or(outputs);
    if (op == "Conv" || op == "ConvInteger") return times(times(2, outputs), product(b, 1));
    if (op == "ConvTranspose") return times(times(2, product(a)), product(b, 1));
    if (op == "LSTM" || op == "GRU" || op == "RNN") {
      const std::int64_t steps = a && a->size() == 3 ? times(size_of((*a)[0]), size_of((*a)[1])) : 0;
      return times(times(2, steps), product(b) + product(input(node, 2)));
    }
    if (op.starts_with("Reduce") || op.starts_with("Global")) return product(a);
    return outputs;
  }

  const Graph& graph_;
  const std::vector<DeclaredShape>& shapes_;
  const std::optional<Sources>& sources_;
  Counted counted_;
  Counted counted_in_file_;
};

}  // namespace

std::string operator_text(const Node& node) {
  const std::string op = node.domain.empty() ? node.op_type : node.domain + "." + node.op_type;
  const auto found = node.attributes.find(fused_attribute);
  const auto* activation = found == node.attributes.end() ? nullptr : std::get_if<std::string>(&found->second);
  return activation == nullptr ? op : op + " + " + *activation;
}

std::vector<Layer> layers(const Graph& graph, const std::vector<DeclaredShape>& shapes,
                          const std::optional<Sources>& sources) {
  Counter counter(graph, shapes, sources);
  std::vector<Layer> result;
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) result.push_back(counter.layer(n));
  return result;
}

bool moves_only(std::string_view op_type) { return std::find(movers.begin(), movers.end(), op_type) != movers.end(); }

std::vector<planner::SymbolicValue> symbolic_values(const Graph& graph) {
  try {
    return planner::symbolic_shapes(graph, {.threads = 1, .memory_limit = executor::available_memory()});
  } catch (const Error&) {  // `check` says what is wrong; what is declared serves here
    return {};
  }
}

nlohmann::ordered_json shape_json(const DeclaredShape& shape) {
  if (!shape) return nullptr;
  using Json = nlohmann::ordered_json;
  Json dims = Json::array();
  for (const graph::Dimension& dim : *shape) {
    if (dim.known()) {
      dims.push_back(dim.size);
    } else {
      dims.push_back(dim.symbol.empty() ? Json() : Json(dim.symbol));
    }
  }
  return dims;
}

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, ",");
  return text;
}

}  // namespace ranvier::tools
