// A graph under construction. Each value is computed as it is added, so that whoever adds the next node sees shapes and
// numbers, and nothing is added that cannot run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/graph/graph.h"
#include "tests/random_graphs/random.h"

namespace ranvier::random_graphs {

using graph::ValueId;
using Attributes = std::map<std::string, graph::Attribute, std::less<>>;

/// How somebody writes graphs. The numbers say how often: 0 never, 1 always.
struct Habits {
  std::int64_t opset = 17;
  DataType type = DataType::float32;  ///< Of the inputs and weights.
  double no_ops = 0;                  ///< An operand goes through a node that does nothing, or nearly so.
  double slips = 0;                   ///< A node is not quite what was meant.
  double old_nodes = 0;               ///< A node is of an older operator set.
  double leaks = 0;                   ///< A value in between is read elsewhere as well.
  double odd_shapes = 0;              ///< A number is no scalar.
  double constant_nodes = 0;          ///< A constant is a node, not an initializer.
  double defaults = 0;                ///< A constant is an input that need not be given.
  bool declares = false;              ///< The shapes of values in between are in the file.
};

/// Where what was asked for cannot be done (shapes that do not fit, an operator that the opset lacks, numbers out of
/// range), the functions throw Error, as evaluating a node does; the graph may then have nodes that nobody reads.
class Growth {
 public:
  Growth(Random& the_random, const Habits& the_habits) : random(the_random), habits(the_habits) {}

  Random& random;
  const Habits habits;

  ValueId input(std::string name, const graph::DeclaredShape& declared, const Tensor& contents);
  ValueId constant(const Tensor& tensor);
  ValueId integers(const std::vector<std::int64_t>& elements);
  /// A number for something that has the type and shape of `with`.
  ValueId number(double value, ValueId with);
  /// Numbers between two, of the type of `with`.
  ValueId numbers(const Shape& shape, double low, double high, ValueId with);
  /// A number for each column of `with`.
  ValueId row(ValueId with, double low, double high);

  /// The opset that the next node is of, which has the operator.
  std::int64_t version_of(const std::string& op_type);
  /// The outputs of a node; of version_of(op_type), where none is given.
  std::vector<ValueId> nodes(const std::string& op_type, std::vector<ValueId> inputs, std::size_t outputs,
                             Attributes attributes = {}, std::int64_t version = 0);
  ValueId node(const std::string& op_type, std::vector<ValueId> inputs, Attributes attributes = {},
               std::int64_t version = 0) {
    return nodes(op_type, std::move(inputs), 1, std::move(attributes), version)[0];
  }

  const Tensor& contents(ValueId id) const { return contents_[id]; }
  const Shape& shape(ValueId id) const { return contents_[id].shape(); }
  std::int64_t rank(ValueId id) const { return static_cast<std::int64_t>(shape(id).rank()); }
  DataType type(ValueId id) const { return contents_[id].type(); }
  /// Whether it is the same in every run: a constant, or the result of a node Constant.
  bool fixed(ValueId id) const { return fixed_[id]; }

  /// The values that nodes have made, and the inputs; of the type and shape of one of them.
  std::vector<ValueId> made() const;
  std::vector<ValueId> made_like(ValueId id) const;
  std::vector<ValueId> constants_of(DataType type, const Shape& shape) const;
  ValueId any_value() const { return random.pick(made()); }

  /// Values in between that are to be read elsewhere.
  const std::vector<ValueId>& leaks() const { return leaks_; }
  graph::Graph finish(const std::vector<ValueId>& outputs);
  const graph::Graph& graph() const { return graph_; }

  /// Takes back what was added since the graph had that many nodes.
  void shrink(std::size_t nodes);

  /// A constant as it is, an initializer.
  ValueId initializer(const Tensor& tensor);

 private:
  ValueId add_value(const std::string& prefix, const Tensor& contents, bool fixed);
  std::vector<ValueId> add(graph::Node node, std::size_t outputs);
  ValueId through_no_op(ValueId id);

  graph::Graph graph_;
  std::vector<Tensor> contents_;  // by value
  std::vector<bool> fixed_;
  std::vector<ValueId> leaks_;
};

/// A tensor of real numbers. @throws Error unsupported for another type.
Tensor real_tensor(DataType type, const Shape& shape, const std::vector<double>& elements);
/// The elements as doubles, whatever their type.
std::vector<double> doubles(const Tensor& tensor);
bool is_real(DataType type);
/// Another number, most often one close by.
double nearly(Random& random, double value);
/// With its sizes, or only as many dimensions.
graph::DeclaredShape as_declared(const Shape& shape, bool known = true);

/// The node with something about it that is not what was meant: operands the other way round, another operator, another
/// number or axis. It may not be a valid one.
graph::Node slipped(Growth& growth, graph::Node node);

}  // namespace ranvier::random_graphs
