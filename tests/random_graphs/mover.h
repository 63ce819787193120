// Computing a graph with numbers that are a little off.
#pragma once

#include <cstdint>
#include <vector>

#include "operators/operator.h"
#include "tests/random_graphs/random.h"

namespace ranvier::random_graphs {

/// How far each element may be moved; not at all where it is not finite, or no real number.
std::vector<double> reaches_of(const Tensor& tensor);

/// Moves the result of every node that rounds, and every number that goes into a sum, at random, by half its reach or
/// more: less, and two moves could cancel.
class Mover {
 public:
  /// Two of one seed, one of them not `up`, move each number in opposite directions. With `terms`, the terms of Add and
  /// Sub go into sums, too: what cancels leaves more than nothing.
  Mover(std::uint64_t seed, bool up, bool terms) : random_(seed), direction_(up ? 1 : -1), terms_(terms) {}

  /// The node's results. @throws Error as evaluating does.
  std::vector<Tensor> operator()(const operators::Operator& op, const graph::Node& node,
                                 const std::vector<const Tensor*>& operands);

 private:
  std::vector<Tensor> sums(const operators::Operator& op, const graph::Node& node,
                           const std::vector<const Tensor*>& operands);
  Tensor moved_operand(const Tensor& tensor);
  Tensor moved_result(const Tensor& tensor, const graph::Node& node, const std::vector<const Tensor*>& operands);
  Tensor overflown(const Tensor& tensor, const Tensor& bounds);
  template <class Condition>
  Tensor moved(const Tensor& tensor, const Condition& moves);

  Random random_;
  const double direction_;
  const bool terms_;
};

}  // namespace ranvier::random_graphs
