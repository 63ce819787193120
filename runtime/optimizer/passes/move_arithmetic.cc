// What is done to each element goes before what only moves elements, to the layer that made them: the bias that
// attention adds to each head, say, is that of the product whose columns were split into heads.
#include <algorithm>

#include "operators/activation/epilogue.h"
#include "operators/table.h"
#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/sizes.h"
#include "runtime/optimizer/view.h"

namespace ranvier::optimizer {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

constexpr std::string_view movements[] = {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"};

/// A run of dimensions, before a view of the same elements and after it, that hold the same part of the indices.
struct Group {
  std::size_t first_before, last_before, first_after, last_after;  ///< The last ones do not belong to it.
};

/// The finest such groups that can be told, from the last dimensions to the first.
std::vector<Group> groups_of(const std::vector<Size>& before, const std::vector<Size>& after) {
  std::vector<Group> groups;
  std::size_t i = before.size(), j = after.size();
  while (i > 0 || j > 0) {
    Group group{0, i, 0, j};
    std::optional<Size> a = Size{1}, b = Size{1};
    if (i > 0) a = before[--i];
    if (j > 0) b = after[--j];
    while (a && b && *a != *b) {
      const bool told = a->known() && b->known();
      if (told && a->factor < b->factor && i > 0) {
        a = product(*a, before[--i]);
      } else if (told && a->factor > b->factor && j > 0) {
        b = product(*b, after[--j]);
      } else {  // there are equally many elements in all: what is left is one group
        i = j = 0;
        break;
      }
    }
    group.first_before = i;
    group.first_after = j;
    groups.push_back(group);
  }
  return groups;
}

class Search {
 public:
  explicit Search(const Graph& graph) : graph_(graph), view_(graph), sizes_(graph, view_.facts()) {}

  /// The graph in which the node comes before the movements between a layer and it; nothing where there are none, and
  /// `refusal` says why where it almost does.
  std::optional<graph::Patch> moved(const Node& node, std::string& refusal) const try {
    const std::optional<std::size_t> operand = moving_operand(node);
    if (!operand) return std::nullopt;
    std::vector<const Node*> chain;  // from the node back to the layer
    ValueId made = node.inputs[*operand];
    for (const Node* movement = maker_that_moves(made); movement != nullptr; movement = maker_that_moves(made)) {
      chain.push_back(movement);
      made = movement->inputs[0];
    }
    const Node* layer = view_.maker(made, "ranvier", "Dense");
    if (chain.empty() || layer == nullptr || layer->has("activation")) return std::nullopt;
    std::optional<Tensor> constant;
    std::string reason;
    if (const ValueId read = read_elsewhere(made, chain); read != graph::none) {
      reason = view_.needed_elsewhere(read);
    } else if (node.inputs.size() == 2) {
      constant = before_all(*view_.constant(node.inputs[1 - *operand]), chain, columns_of(graph_, *layer));
      if (!constant)
        reason = fmt::format("'{}' is neither one number nor one for each column there",
                             graph_.values[node.inputs[1 - *operand]].name);
    }
    if (reason.empty()) return patch(node, *operand, *layer, node.inputs[*operand], std::move(constant));
    refusal = fmt::format("{} does not go before {} to {}: {}", node.describe(), chain.back()->describe(),
                          layer->describe(), reason);
    return std::nullopt;
  } catch (const Error&) {  // an attribute of the wrong kind, which planning reports
    return std::nullopt;
  }

 private:
  /// The operand of whose elements the node makes new ones, each for itself: arithmetic with a constant, activations.
  std::optional<std::size_t> moving_operand(const Node& node) const {
    constexpr std::string_view arithmetic[] = {"Add", "Sub", "Mul", "Div"};
    if (node.domain.empty() && std::ranges::find(arithmetic, node.op_type) != std::end(arithmetic)) {
      if (node.version < 7 || node.inputs.size() != 2 || node.outputs.size() != 1) return std::nullopt;
      if (view_.constant(node.inputs[1]) != nullptr) return 0;
      if (view_.constant(node.inputs[0]) != nullptr) return 1;
      return std::nullopt;
    }
    const auto epilogue = operators::epilogue_of(node);
    if (!epilogue || !std::holds_alternative<operators::Activation>(epilogue->activation)) return std::nullopt;
    return 0;
  }

  const Node* maker_that_moves(ValueId id) const {
    for (const std::string_view movement : movements)
      if (const Node* maker = view_.maker(id, "", movement); maker != nullptr && maker->inputs[0] != graph::none)
        return maker;
    return nullptr;
  }

  /// The value between the layer and the node that others read, too; none where there is none.
  ValueId read_elsewhere(ValueId made, const std::vector<const Node*>& chain) const {
    if (!view_.is_for_one(made)) return made;
    for (const Node* movement : chain)
      if (!view_.is_for_one(movement->outputs[0])) return movement->outputs[0];
    return graph::none;
  }

  /// The constant as what the node would read before the movements: one number for each of the last dimension's
  /// `columns`; nothing where it is no such thing.
  std::optional<Tensor> before_all(const Tensor& constant, const std::vector<const Node*>& chain,
                                   std::int64_t columns) const {
    std::optional<Tensor> result = constant;
    for (auto movement = chain.begin(); result && movement != chain.end(); ++movement)
      if (result->elements() != 1) result = before(*result, **movement);
    if (!result) return std::nullopt;
    if (result->elements() == 1) return expanded(result->reshaped({1}), {columns});
    const Shape& shape = result->shape();
    if (shape.back() != columns || result->elements() != columns) return std::nullopt;
    return result->reshaped({columns});
  }

  /// The constant, whose dimensions are 1 or those of what the movement makes, as it was before the movement.
  std::optional<Tensor> before(const Tensor& constant, const Node& movement) const {
    const std::vector<Size>*from = sizes_.shape(movement.inputs[0]), *to = sizes_.shape(movement.outputs[0]);
    const std::size_t rank = constant.shape().rank();
    if (from == nullptr || to == nullptr || rank > to->size()) return std::nullopt;
    Shape shape;  // of as many dimensions as there are
    for (std::size_t i = 0; i < to->size(); ++i) {
      const bool has = i + rank >= to->size();
      shape.push_back(has ? constant.shape()[i + rank - to->size()] : 1);
      if (shape.back() != 1 && (*to)[i] != Size{shape.back()}) return std::nullopt;  // it stretches the other operand
    }
    const Tensor whole = constant.reshaped(shape);
    return movement.op_type == "Transpose" ? before_transpose(whole, movement) : before_view(whole, *from, *to);
  }

  static std::optional<Tensor> before_transpose(const Tensor& constant, const Node& movement) {
    const std::size_t rank = constant.shape().rank();
    std::vector<std::int64_t> back(rank);
    const auto* order = movement.find<std::vector<std::int64_t>>("perm");
    if (order != nullptr && order->size() != rank) return std::nullopt;
    for (std::size_t i = 0; i < rank; ++i) {
      const std::size_t from = order == nullptr ? rank - 1 - i : static_cast<std::size_t>((*order)[i]);
      if (from >= rank) return std::nullopt;
      back[from] = static_cast<std::int64_t>(i);
    }
    return evaluated({.op_type = "Transpose", .version = 13, .outputs = {0}, .attributes = {{"perm", back}}},
                     {&constant});
  }

  /// A group of dimensions over which the constant stays the same has size 1 before as well; another one is written
  /// out, and split up as it was before.
  static std::optional<Tensor> before_view(const Tensor& constant, const std::vector<Size>& from,
                                           const std::vector<Size>& to) {
    Shape written = constant.shape(), result = Shape(std::vector<std::int64_t>(from.size(), 1));
    for (const Group& group : groups_of(from, to)) {
      const auto first = constant.shape().begin() + group.first_after,
                 last = constant.shape().begin() + group.last_after;
      if (std::all_of(first, last, [](std::int64_t size) { return size == 1; })) continue;
      for (std::size_t i = group.first_after; i < group.last_after; ++i) {
        if (!to[i].known()) return std::nullopt;
        written[i] = to[i].factor;
      }
      for (std::size_t i = group.first_before; i < group.last_before; ++i) {
        if (!from[i].known()) return std::nullopt;
        result[i] = from[i].factor;
      }
    }
    if (result.elements() != written.elements()) return std::nullopt;
    return expanded(constant, written).reshaped(result);
  }

  static Tensor expanded(const Tensor& constant, const Shape& shape) {
    const Tensor sizes = Tensor::of<std::int64_t>({static_cast<std::int64_t>(shape.rank())}, shape);
    return evaluated({.op_type = "Expand", .version = 13, .outputs = {0}}, {&constant, &sizes});
  }

  static Tensor evaluated(const Node& node, const std::vector<const Tensor*>& inputs) {
    return operators::evaluate(*operators::find_operator("", node.op_type, node.version), node, inputs)[0];
  }

  /// The layer and the node behind it take the layer's place, and what was moved last the node's.
  graph::Patch patch(const Node& node, std::size_t operand, const Node& layer, ValueId last,
                     std::optional<Tensor> constant) const {
    graph::Patch patch;
    const auto add = [&](graph::Value value) {
      patch.values.push_back(std::move(value));
      return static_cast<ValueId>(graph_.values.size() + patch.values.size() - 1);
    };
    graph::Value apart = graph_.values[layer.outputs[0]];
    apart.name += "/before " + node.op_type;
    Node first = layer, second = node;
    first.outputs = {add(std::move(apart))};
    second.outputs = {add(graph_.values[layer.outputs[0]])};
    second.inputs[operand] = first.outputs[0];
    if (constant) {
      const std::string& name = graph_.values[node.inputs[1 - operand]].name;
      const DataType type = constant->type();
      second.inputs[1 - operand] = add({.name = name, .type = type, .constant = std::move(*constant)});
    }
    patch.replacements = {{layer.outputs[0], second.outputs[0]}, {node.outputs[0], last}};
    patch.nodes = {std::move(first), std::move(second)};
    patch.reason = fmt::format("{} goes before what moves the elements of {}", node.describe(), layer.describe());
    return patch;
  }

  const Graph& graph_;
  const View view_;
  const Sizes sizes_;
};

}  // namespace

std::vector<graph::Patch> move_arithmetic(const Graph& graph, const Options&) {
  return each_node(graph, [search = Search(graph)](const Node& node) {
    std::string refusal;
    return search.moved(node, refusal);
  });
}

std::vector<std::string> refused_to_move(const Graph& graph, const Options&) {
  return each_refusal(
      graph, [search = Search(graph)](const Node& node, std::string& refusal) { search.moved(node, refusal); });
}

}  // namespace ranvier::optimizer
